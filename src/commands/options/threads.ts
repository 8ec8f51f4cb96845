/** How many threads move data. */
export const threadOptions = {
  threads: {
    type: 'integer',
    short: 't',
    aliases: ['threadct'],
    value: 'N',
    min: 1,
    max: 256,
    summary: 'threads that move data',
    details:
      'The default comes from the configuration, else it is one for each processor, at most 16, which saturate memory.',
  },
} as const;
