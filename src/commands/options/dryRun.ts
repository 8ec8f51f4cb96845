/** The option of every command that changes something. */
export const dryRunOption = {
  dryRun: {
    type: 'boolean',
    short: 'n',
    aliases: ['dryrun'],
    summary: 'do all checks and say what would be done, but change nothing',
  },
} as const;
