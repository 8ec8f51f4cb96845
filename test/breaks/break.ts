/** One deliberate mistake in the code, and the test that must notice it. */
export interface Break {
  /** path of the file, from the root */
  readonly file: string;
  /** occurs exactly once in the file */
  readonly from: string;
  readonly to: string;
  /** what the mistake would do to users */
  readonly why: string;
  /** the test file that must fail: 'commands/cp' is test/commands/cp.test.ts */
  readonly killer: string;
  /** start of the titles of tests in that file that suffice; all of them unless given */
  readonly title?: string;
  /** why nothing can notice the change: it changes no behaviour */
  readonly equivalent?: string;
}

/** The breaks of one file. */
export function breaksOf(file: string, rows: readonly Omit<Break, 'file'>[]): Break[] {
  return rows.map((row) => ({ file, ...row }));
}
