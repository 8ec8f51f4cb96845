/** A number in decimal; Infinity is what a field above 2^53-1 reads as. */
export function decimal(value: number): string {
  return Number.isFinite(value) ? String(value) : 'over 2^53-1';
}
