/** Text in any direction, isolated so that it does not move its surroundings. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}
