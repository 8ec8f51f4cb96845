/** The option that selects the file system. */
export const deviceOptions = {
  dev: {
    type: 'string',
    value: 'DEV',
    completes: 'fileSystem',
    repeat: true,
    summary: 'daxdev or image of the file system',
    details:
      'Any daxdev of a pool leads to the others; give the option several times to name more of them. Without it, ' +
      'FAMFS_DEV (separated by colons) or the configuration names them, and without these, the only famfs among ' +
      '/dev/dax* is taken. In place of a path, UUID=x is the daxdev or the file system with a uuid that begins with x, and LABEL=x the ' +
      'file system with that label (mkfs --label); they are looked for among the daxdevs that are named, /dev/dax*, the images beside ' +
      'the named ones, those in the working directory, and those beside the images that FAMFS_DEV or the configuration names. A file of such a name is ./UUID=x.',
  },
} as const;

/** The same as an argument, for commands that have no other. */
export const deviceArgument = {
  name: 'DEV',
  completes: 'fileSystem',
  summary: 'daxdev or image of the file system, as with --dev',
  required: false,
  repeat: true,
} as const;
