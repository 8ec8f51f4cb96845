/** The rooms of src, lowest floor first: a room may use those on the floors below it. docs/architecture.md draws them. */
export const FLOORS: readonly (readonly string[])[] = [
  ['format', 'native', 'ui'],
  ['format/kernel', 'fs'],
  ['fs/host', 'fs/finding'],
  ['fs/media'],
  ['fs/log'],
  ['fs/pool'],
  ['fs/allocate'],
  ['fs/mkfs', 'fs/fsck', 'fs/transfer', 'fs/shadow'],
  ['commands/options'],
  ['commands/output', 'commands/transfer'],
  ['commands'],
];

/** What never knows what, whatever the floors: the format does no I/O, the addon and the user interface know no famfs. */
export const STRANGERS: readonly (readonly [from: string, to: string])[] = [
  ['commands', 'native'],
  ['fs', 'ui'],
  ['format', 'native'],
  ['format', 'ui'],
];
