/** The option that selects the file system. */
export const deviceOptions = {
  dev: {
    type: 'string',
    value: 'DEV',
    repeat: true,
    summary: 'daxdev or image of the file system',
    details:
      'Any daxdev of a pool leads to the others; it may be given several times, to say where they are. Without it, ' +
      'FAMFS_DEV (separated by colons) or the configuration names them, and without these, the only famfs among ' +
      '/dev/dax* is taken.',
  },
} as const;

/** The same as an argument, for commands that have no other. */
export const deviceArgument = {
  name: 'DEV',
  summary: 'daxdev or image of the file system, as with --dev',
  required: false,
  repeat: true,
} as const;
