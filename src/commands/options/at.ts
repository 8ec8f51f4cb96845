/** Options for an earlier state of the file system. */
export const atOption = {
  at: {
    type: 'integer',
    value: 'N',
    summary: 'use the state after the first N log entries',
    details:
      'The log is the history; famfs log list shows its entries. Bytes of files may have been overwritten since, entries have no time, ' +
      'and a rewrite of the log (rm, mv and the like) begins a new history.',
  },
} as const;
