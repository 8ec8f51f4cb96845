/**
 * The rooms of src, lowest floor first, and what is in each. A room may import from the floors below its own, and from no other.
 * docs/architecture.md shows them (`npm run docs`).
 */
export const FLOORS: readonly Readonly<Record<string, string>>[] = [
  {
    format: 'what famfs is: bytes to records and back. No I/O, no state',
    native: 'the addon (C++) and its typed interface: mapping, copying, filling, comparing, flushing. Knows no famfs',
    ui: 'the command line: yargs, help, completion; tables, JSON, errors, progress. Knows no famfs',
  },
  {
    picture: 'what pictures of a pool show: colours, lanes, directories, and the data of the page. No I/O',
    'format/entries': 'log entry types, one file a type: how each is written, read, judged and printed',
  },
  {
    page: 'the program of the page that famfs map writes; it runs in browsers, and the build puts it in dist/page.html',
    'format/kernel':
      'the forms in which kernels and servers exchange maps, and the rules by which a kernel judges them',
    fs: 'the errors: one table of codes, one class',
  },
  {
    'fs/host': 'this host: configuration, system uuid, users, mount table, dax drivers, opening a device',
    'fs/finding': 'findings: their codes, values and places, and how repeated ones are joined',
  },
  { 'fs/media': 'superblock, default interleave and shared memory: read, judged, written' },
  { 'fs/log': 'the log: reading, appending, replay, and the names and extents that come of it' },
  { 'fs/pool': 'the file system as a whole: finding its daxdevs, opening it to read or to append, following its log' },
  { 'fs/allocate': 'where new files go: free space, placement policies, the plan of a creation' },
  {
    'fs/mkfs': 'making file systems and adding daxdevs',
    'fs/fsck': 'checks, repairs, and taking repairs back',
    'fs/transfer': "files' bytes: in, out, filled, verified, flushed",
    'fs/shadow': 'shadow trees for servers and mounts: played, compared',
    'fs/usage': 'how the space of a pool is used: ranges, cells for pictures, balance, simulation',
  },
  {
    'fs/rewrite': 'rewriting the log: names, owners and sizes edited, the new log planned, written and put in place',
    'fs/declared': 'a pool as a manifest declares it: compared with what exists, and made',
    'fs/image': 'metadata images: what they save, names scrambled, written, read, put back',
    'fs/inspect': 'records as they lie on media, sound or not: their bytes, fields and checksums',
    'fs/serve': 'serving a mount through FUSE: the tree, new files, maps for the kernel, mounting and unmounting',
  },
  { 'fs/clone': 'a whole file system copied into a new one' },
  {
    library: 'famfs as a library: what programs import, with types that stay. Prints nothing and knows no command line',
    'commands/options': 'options that several commands share, and opening what they name',
  },
  {
    'commands/output': 'one shape per concept (extent, piece, log entry, finding, member, file), as table and as JSON',
    'commands/transfer': 'what the commands that move bytes share: plans, progress, failures, summary',
  },
  {
    'commands/completing':
      'what words on a command line may become: paths in the file system, daxdevs, labels, mount points',
    'commands/manifest': 'manifests: read, checked, reported on, carried out',
    'commands/mounting': 'what mount needs of this process: its options, its log, the background',
    'commands/picture': 'pictures of a pool: in characters, as an image, as a page',
  },
  { commands: 'one file a command, and index.ts, which lists them' },
];

/** Pairs that never meet, whatever their floors. */
export const STRANGERS: readonly (readonly [from: string, to: string])[] = [
  ['commands', 'native'],
  ['fs', 'ui'],
  ['library', 'ui'],
  ['format', 'native'],
  ['format', 'ui'],
];
