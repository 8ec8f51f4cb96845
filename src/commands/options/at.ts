/** Options for an earlier state of the file system. */
export const atOption = {
  at: {
    type: 'integer',
    value: 'N',
    summary: 'as it was after the first N log entries',
    details:
      'The log is its own history; famfs log list numbers it. What the files hold may have been overwritten since, entries have no time, ' +
      'and a rewrite of the log (rm, mv and the like) begins a new history.',
  },
} as const;
