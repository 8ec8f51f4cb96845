import { type Break, breaksOf } from '../break.js';

/** famfs mount: the command, and what its server does in TypeScript. */
export const mountingBreaks: readonly Break[] = [
  ...breaksOf('src/fs/serve/attributes.ts', [
    {
      from: 'if (name !== STRIPES_ATTRIBUTE || node.kind !==',
      to: 'if (node.kind !==',
      why: 'setting the map of a directory sets its stripes',
      killer: 'fs/serve/refusals',
    },
    {
      from: 'return stripes === undefined ? this.#options.layout : { ...this.#options.layout, stripes };',
      to: 'return this.#options.layout;',
      why: 'the stripes that are set on a directory have no effect',
      killer: 'fs/serve/staging',
      title: 'files of a directory are striped',
    },
  ]),
  ...breaksOf('src/fs/serve/claims.ts', [
    {
      from: 'return { path: decodePath(path), size,',
      to: 'return { path: decodePath(path), size: 0,',
      why: 'a close succeeds, and there is no room for the file',
      killer: 'fs/serve/staging',
      title: 'no room',
    },
    {
      from: '    this.requireSlot();\n    const space',
      to: '    const space',
      why: 'a close succeeds although the log has no slot for the file',
      killer: 'fs/serve/staging',
      title: 'no slot',
    },
  ]),
  ...breaksOf('src/fs/serve/serveOptions.ts', [
    {
      from: "['auto', 'v2', 'd', 'none']",
      to: "['auto', 'v2', 'd']",
      why: 'mount --maps none is refused',
      killer: 'meta/commands',
      title: 'every command has a man',
    },
  ]),
  ...breaksOf('src/fs/serve/space.ts', [
    {
      from: 'if (count > log.capacity - replay.next)',
      to: 'if (count > log.capacity)',
      why: 'a close succeeds although the log has no slot for the file',
      killer: 'fs/serve/staging',
      title: 'no slot',
    },
    {
      from: 'this.#free = Math.max(this.#free - bytes, 0);',
      to: '',
      why: 'df of a mount shows the free space that there was when it was mounted',
      killer: 'fs/serve/live',
      title: 'statfs is that of df',
    },
  ]),
  ...breaksOf('src/commands/mounting/mountLog.ts', [
    {
      from: "if (state === 'new') throw error;",
      to: 'throw error;',
      why: 'a mount ends because its log is full',
      killer: 'commands/mount',
      title: 'a log that cannot be written',
    },
  ]),
  ...breaksOf('src/commands/mounting/list.ts', [
    {
      from: 'isDead(mountPoint) ?',
      to: '!isDead(mountPoint) ?',
      why: 'mount --list takes the dead for alive, and the living for dead',
      killer: 'commands/mount',
      title: 'a dead mount of ours',
    },
  ]),
  ...breaksOf('src/commands/mounting/serve.ts', [
    {
      from: 'files: volume.replay.namespace.fileCount,',
      to: 'files: volume.replay.namespace.fileCount + 1,',
      why: 'mount counts a file too many',
      killer: 'commands/mount',
      title: 'mount: files are listed',
    },
  ]),
  ...breaksOf('src/commands/mounting/settings.ts', [
    {
      from: 'given.allowBytes ?? flags.allowBytes',
      to: 'given.allowBytes || flags.allowBytes',
      why: '--no-allow-bytes does not go before the allow_bytes of -o',
      killer: 'commands/mount',
      title: 'an option goes',
    },
  ]),
  ...breaksOf('src/commands/umount.ts', [
    {
      from: 'context.uid, lazy || dead)',
      to: 'context.uid, dead)',
      why: 'umount --lazy waits for open files',
      killer: 'commands/umount',
      title: 'umount while a file',
    },
  ]),
];
