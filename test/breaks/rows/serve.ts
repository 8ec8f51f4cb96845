import { type Break, breaksOf } from '../break.js';

/** Breaks of src/fs/serve, and of what it stands on. */
export const serveBreaks: readonly Break[] = [
  ...breaksOf('src/fs/serve/errnos.ts', [
    {
      from: '  NO_SPACE: ERRNO.ENOSPC,\n',
      to: '',
      why: 'programs see an I/O error where there is no space',
      killer: 'fs/serve/staging',
      title: 'no room',
    },
  ]),
  ...breaksOf('src/fs/serve/mountOptions.ts', [
    {
      from: 'noexec: (flags) => (flags.exec = false),',
      to: 'noexec: () => {},',
      why: 'programs on a mount with noexec can be run',
      killer: 'commands/mount',
      title: 'mount -o:',
    },
  ]),
  ...breaksOf('src/fs/serve/mounting.ts', [
    {
      from: '(readOnly ? MS_RDONLY : 0)',
      to: '(readOnly ? 0 : 0)',
      why: 'mount -o ro can be written to as far as the kernel is concerned',
      killer: 'commands/mount',
      title: 'mount -o:',
    },
  ]),
  ...breaksOf('src/fs/serve/nodeIds.ts', [
    {
      from: 'return FIRST_OF_LOG + slot;',
      to: 'return FIRST_OF_LOG - 12 + slot;',
      why: 'the first files of the log have the inode number of .meta/.log',
      killer: 'fs/serve/live',
      title: 'a Client shows',
    },
  ]),
  ...breaksOf('src/fs/serve/requests.ts', [
    {
      from: '    if (!found.empty) throw new Refusal(ERRNO.ENOTEMPTY);\n',
      to: '',
      why: 'rmdir removes a directory that has files in it',
      killer: 'fs/serve/staging',
      title: 'a directory can be changed',
    },
  ]),
  ...breaksOf('src/fs/serve/famfsServer.ts', [
    {
      from: '      this.#staging.dropReplaced();\n',
      to: '',
      why: 'a new file keeps a name that another writer has taken, and is never committed',
      killer: 'fs/serve/staging',
      title: 'a name that another writer takes is gone',
    },
  ]),
  ...breaksOf('src/native/cpp/fuse_staged.cc', [
    {
      from: 'constexpr rlim_t kReserved = 16;',
      to: 'constexpr rlim_t kReserved = 0;',
      why: 'a server whose new files take all descriptors can neither commit nor say so, and ends',
      killer: 'commands/mount',
      title: 'files that wait for their commit',
    },
  ]),
  ...breaksOf('src/native/cpp/fuse_table.cc', [
    {
      from: '(taken != kNone && nodes_[taken].kind != Kind::kStaged)',
      to: 'taken != kNone',
      why: 'a file of another writer cannot be shown where a new file of the mount has its name',
      killer: 'native/fuse',
      title: 'a node that takes the name',
    },
  ]),
  ...breaksOf('src/commands/mounting/serverProcess.ts', [
    {
      from: 'NODE_EXTRA_CA_CERTS: undefined, ',
      to: '',
      why: 'the server of a mount reads all certificates before it serves',
      killer: 'commands/mount',
      title: 'mount: files are listed',
    },
  ]),
  ...breaksOf('src/fs/serve/tableFeed.ts', [
    {
      from: 'decoded.size, chunk, sealed ? SEALED : 0);',
      to: 'decoded.size, chunk, 0);',
      why: 'files that no host may write, and that came after the mount, can be written through it',
      killer: 'fs/serve/live',
      title: 'a file that no host may write',
    },
    {
      from: '(numbers[at + EXTENTS] as number) > 0 && isSealed(numbers[at + FLAGS] as number, this.role);',
      to: 'false;',
      why: 'files that no host may write can be written through a mount',
      killer: 'fs/serve/live',
      title: 'a file that no host may write',
    },
    {
      from: '  if ((flags & FILE_FLAG_READ_ONLY) !== 0) return true;\n',
      to: '',
      why: 'the Master writes to files that no host may write',
      killer: 'fs/serve/live',
      title: 'a file that no host may write',
    },
  ]),
  ...breaksOf('src/fs/serve/mountTree.ts', [
    {
      from: "return (error as NodeJS.ErrnoException).code === 'ENOTCONN';",
      to: 'return false;',
      why: 'a mount whose server is gone is taken for alive, and never replaced',
      killer: 'commands/mount',
      title: 'a dead mount of ours',
    },
  ]),
  ...breaksOf('src/fs/serve/systemLog.ts', [
    {
      from: 'sendDatagram(NOTIFY_SOCKET, state)',
      to: "sendDatagram(NOTIFY_SOCKET, 'READY=1')",
      why: 'systemd hears that a mount is ready when it is stopping',
      killer: 'scenarios/contrib',
      title: 'the unit of a mount',
    },
  ]),
];
