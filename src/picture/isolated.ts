/** Text of any direction that leaves what stands beside it where it is. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}
