/** How evenly numbers are spread. */
export interface Spread {
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  /** standard deviation of all the numbers */
  readonly deviation: number;
}

/** The spread of one number or more. */
export function spreadOf(numbers: readonly number[]): Spread {
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const variance = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0) / numbers.length;
  const least = numbers.reduce((a, b) => Math.min(a, b));
  const most = numbers.reduce((a, b) => Math.max(a, b));
  return { least, most, mean, deviation: Math.sqrt(variance) };
}
