/** A number in decimal; a field above 2^53-1 reads as Infinity. */
export function decimal(value: number): string {
  return Number.isFinite(value) ? String(value) : 'over 2^53-1';
}
