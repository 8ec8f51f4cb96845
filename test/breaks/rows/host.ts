import { type Break, breaksOf } from '../break.js';

/** Files and names of this host. */
export const hostBreaks: readonly Break[] = [
  ...breaksOf('src/fs/host/configFile.ts', [
    {
      from: 'if (section === undefined) refuse(',
      to: "if (section === '') refuse(",
      why: 'a line before the first section is taken for a setting',
      killer: 'fs/host/config',
      title: 'quotes, escapes and comments',
    },
  ]),
  ...breaksOf('src/fs/host/configPlaces.ts', [
    {
      from: 'XDG_CONFIG_HOME !== undefined && isAbsolute(XDG_CONFIG_HOME)',
      to: 'XDG_CONFIG_HOME !== undefined',
      why: 'the configuration depends on the working directory',
      killer: 'fs/host/config',
    },
  ]),
  ...breaksOf('src/fs/host/configSimple.ts', [
    {
      from: 'if (key === undefined || seen.has(key)) return undefined;',
      to: 'if (key === undefined) return undefined;',
      why: 'of a key that is set twice, one value is ignored without a word',
      killer: 'fs/host/configYaml',
    },
  ]),
  ...breaksOf('src/fs/host/hostPath.ts', [
    {
      from: "if (!named.split('/').includes('..')) return resolve(cwd, named);",
      to: 'return resolve(cwd, named);',
      why: '.. after a symbolic link leads to another file than the kernel would open',
      killer: 'fs/host/hostPath',
    },
  ]),
  ...breaksOf('src/fs/host/makeFolders.ts', [
    {
      from: 'statSync(path).isDirectory()',
      to: 'statSync(path)',
      why: 'a file in place of a folder is called made',
      killer: 'fs/host/makeFolders',
    },
  ]),
  ...breaksOf('src/fs/host/userFiles.ts', [
    {
      from: '!/^[^#+-]/.test(name) || ',
      to: '',
      why: 'a comment in /etc/passwd is taken for a user',
      killer: 'fs/host/users',
    },
  ]),
  ...breaksOf('src/fs/host/openDevice.ts', [
    {
      from: "if (code === 'EMPTY') return",
      to: "if (code === 'empty') return",
      why: 'nobody says what to do about a dax device without memory',
      killer: 'fs/host/openDevice',
    },
  ]),
  ...breaksOf('src/fs/allocate/holeIndex.ts', [
    {
      from: 'if (touching?.end === start) {',
      to: 'if (touching === null) {',
      why: 'space that is given back stays cut into pieces',
      killer: 'fs/allocate/freeSpace',
    },
    {
      from: 'if (next !== undefined && next.start === end) {',
      to: 'if (next === null) {',
      why: 'space that is given back before a hole is not joined with it',
      killer: 'fs/allocate/freeSpace',
    },
  ]),
  ...breaksOf('src/fs/allocate/differences.ts', [
    {
      from: 'if (gid !== undefined && gid !== existing.gid)',
      to: 'if (gid === null)',
      why: 'creat --exist-ok accepts a file of another group',
      killer: 'commands/creat',
      title: '--exist-ok accepts an existing file of the same size',
    },
  ]),
  ...breaksOf('src/fs/allocate/creationPlan.ts', [
    {
      from: "path.lastIndexOf('/') === last.length && path.startsWith(last)",
      to: 'path.startsWith(last)',
      why: 'what lies in a directory whose name begins with that of a new one is appended a second time',
      killer: 'commands/mkdir',
      title: 'what exists in a directory',
    },
  ]),
  ...breaksOf('src/fs/transfer/sourceTree.ts', [
    {
      from: 'above.some((folder) => folder.dev === dev && folder.ino === ino)',
      to: 'above.length > 1000',
      why: 'a loop of links is copied until its paths are too long',
      killer: 'commands/cp',
      title: 'a directory needs -r',
    },
    {
      from: 'if (errno !== 0) throw',
      to: 'if (errno < 0) throw',
      why: 'a link that leads nowhere is called an empty folder',
      killer: 'commands/cp',
      title: 'a folder whose name begins with that of a new one',
    },
  ]),
  ...breaksOf('src/fs/transfer/pseudoFiles.ts', [
    {
      from: 'return size > 0 && (blocks > 0 || size > LARGEST_PAGE);',
      to: 'return size > 0;',
      why: 'files of sysfs are copied with the bytes of a page that they do not have',
      killer: 'fs/transfer/pseudoFiles',
    },
  ]),
  ...breaksOf('src/fs/transfer/transferFile.ts', [
    {
      from: "side === 'file' || operation.keepGoing !== true",
      to: "side === 'file' || operation.keepGoing === true",
      why: 'cp --out --skip-bad stops at the first bad page',
      killer: 'fs/transfer/copyOut',
    },
  ]),
  ...breaksOf('src/fs/pool/finder.ts', [
    {
      from: '!this.#identities.has(identity) && this.#identities.add(identity)',
      to: 'this.#identities.add(identity)',
      why: 'a daxdev that is found by two names is two daxdevs',
      killer: 'fs/pool/tags',
    },
  ]),
  ...breaksOf('src/fs/usage/slack.ts', [
    {
      from: 'return sums.filter(({ files }) => files > 0);',
      to: 'return sums;',
      why: 'df --slack lists sizes that no file has',
      killer: 'commands/df',
    },
  ]),
  ...breaksOf('src/fs/usage/nodeUse.ts', [
    {
      from: '{ allocated: 0, size: 0, files: 0, directories: 1 }',
      to: '{ allocated: 0, size: 0, files: 0, directories: 0 }',
      why: 'du counts no directories',
      killer: 'commands/du',
    },
  ]),
  ...breaksOf('src/fs/usage/spread.ts', [
    {
      from: 'Math.sqrt(variance)',
      to: 'variance',
      why: 'balance shows the square of the deviation',
      killer: 'commands/balance',
      title: 'balance counts what is on',
    },
  ]),
  ...breaksOf('src/fs/mkfs/logFit.ts', [
    {
      from: 'if (unit === SMALL_PAGE && capacity',
      to: 'if (capacity',
      why: 'mkfs warns of a short log although files take 2 MiB each',
      killer: 'commands/mkfs',
    },
  ]),
];
