/** What a mount refuses, and with which errno: rows of docs/fuse.md, each of which refusals.test.ts tries. */

import {
  createIn,
  fallocateIn,
  getxattrIn,
  mkdirIn,
  OP,
  openIn,
  rename2In,
  SET,
  setxattrIn,
} from '../../support/fuseWire.js';
import type { TestKernel } from '../../support/testKernel.js';
import { cString, pack } from '../../support/testKernel.js';

/** The nodes that the rows are about. */
export interface Nodes {
  /** of the log, 3,000,000 bytes */
  readonly file: number;
  readonly directory: number;
  /** a file `staged` in the root that is not in the log yet, with 10 bytes */
  readonly staged: number;
  readonly meta: number;
  readonly log: number;
}

export interface Refusal {
  readonly call: string;
  readonly on: string;
  /** on the Master, of a mount for writing */
  readonly errno: string;
  /** on a Client; the same where it is left out */
  readonly client?: string;
  ask(kernel: TestKernel, nodes: Nodes): Promise<number>;
}

const O_WRONLY = 1;

const named = (head: Buffer, ...names: string[]) => Buffer.concat([head, ...names.map(cString)]);
const EMPTY = Buffer.alloc(0);

async function errorOf(reply: Promise<{ error: number }>): Promise<number> {
  return (await reply).error;
}

function setxattr(kernel: TestKernel, node: number, name: string, value: string): Promise<number> {
  const head = pack(setxattrIn, { size: value.length });
  return errorOf(kernel.ask(OP.SETXATTR, node, Buffer.concat([head, cString(name), Buffer.from(value)])));
}

export const REFUSALS: readonly Refusal[] = [
  {
    call: 'truncate to another size',
    on: 'a file of the log',
    errno: 'EPERM',
    ask: (kernel, { file }) => errorOf(kernel.setattr(file, { valid: SET.SIZE, size: 10 })),
  },
  {
    call: 'write at or after the end, append',
    on: 'a file of the log',
    errno: 'EPERM',
    ask: async (kernel, { file }) => -(await kernel.write(file, 3_000_000, Buffer.alloc(5))),
  },
  {
    call: 'fallocate beyond the end',
    on: 'a file of the log',
    errno: 'EPERM',
    ask: (kernel, { file }) =>
      errorOf(kernel.ask(OP.FALLOCATE, file, pack(fallocateIn, { offset: 0, length: 4_000_000 }))),
  },
  {
    call: 'fallocate that punches holes, or moves bytes',
    on: 'any file',
    errno: 'EOPNOTSUPP',
    ask: (kernel, { file }) =>
      errorOf(kernel.ask(OP.FALLOCATE, file, pack(fallocateIn, { offset: 0, length: 4096, mode: 3 }))),
  },
  {
    call: 'chmod to another mode',
    on: 'a file or directory of the log',
    errno: 'EPERM',
    ask: (kernel, { directory }) => errorOf(kernel.setattr(directory, { valid: SET.MODE, mode: 0o700 })),
  },
  {
    call: 'chown to another owner',
    on: 'a file or directory of the log',
    errno: 'EPERM',
    ask: (kernel, { file }) => errorOf(kernel.setattr(file, { valid: SET.UID, uid: 77 })),
  },
  {
    call: 'truncate',
    on: 'a directory',
    errno: 'EISDIR',
    ask: (kernel, { directory }) => errorOf(kernel.setattr(directory, { valid: SET.SIZE, size: 0 })),
  },
  {
    call: 'unlink',
    on: 'a file of the log',
    errno: 'EPERM',
    client: 'EROFS',
    ask: (kernel, { directory }) => errorOf(kernel.ask(OP.UNLINK, directory, cString('file'))),
  },
  {
    call: 'rmdir',
    on: 'a directory of the log',
    errno: 'EPERM',
    client: 'EROFS',
    ask: (kernel) => errorOf(kernel.ask(OP.RMDIR, 1, cString('d'))),
  },
  {
    call: 'rmdir',
    on: 'a file',
    errno: 'ENOTDIR',
    client: 'EROFS',
    ask: (kernel, { directory }) => errorOf(kernel.ask(OP.RMDIR, directory, cString('file'))),
  },
  {
    call: 'unlink, rename',
    on: 'a name that does not exist',
    errno: 'ENOENT',
    client: 'EROFS',
    ask: (kernel) => errorOf(kernel.ask(OP.UNLINK, 1, cString('nothing'))),
  },
  {
    call: 'rename',
    on: 'a file or directory of the log',
    errno: 'EPERM',
    client: 'EROFS',
    ask: (kernel, { directory }) =>
      errorOf(kernel.ask(OP.RENAME2, directory, named(pack(rename2In, { newParent: 1 }), 'file', 'other'))),
  },
  {
    call: 'rename over a file of the log',
    on: 'a new file',
    errno: 'EPERM',
    client: 'EROFS',
    ask: (kernel, { directory }) =>
      errorOf(kernel.ask(OP.RENAME2, 1, named(pack(rename2In, { newParent: directory }), 'staged', 'file'))),
  },
  {
    call: 'rename that exchanges two names',
    on: 'a new file',
    errno: 'EINVAL',
    client: 'EROFS',
    ask: (kernel) =>
      errorOf(kernel.ask(OP.RENAME2, 1, named(pack(rename2In, { newParent: 1, flags: 2 }), 'staged', 'd'))),
  },
  {
    call: 'link',
    on: 'any file',
    errno: 'EPERM',
    client: 'EROFS',
    ask: (kernel) => errorOf(kernel.ask(OP.LINK, 1, named(Buffer.alloc(8), 'link'))),
  },
  {
    call: 'symlink',
    on: '',
    errno: 'EPERM',
    client: 'EROFS',
    ask: (kernel) => errorOf(kernel.ask(OP.SYMLINK, 1, named(EMPTY, 'link', 'target'))),
  },
  {
    call: 'readlink',
    on: 'anything',
    errno: 'EINVAL',
    ask: (kernel, { file }) => errorOf(kernel.ask(OP.READLINK, file)),
  },
  {
    call: 'mknod of a device, fifo or socket',
    on: '',
    errno: 'EPERM',
    client: 'EROFS',
    ask: (kernel) => errorOf(kernel.ask(OP.MKNOD, 1, named(pack(createIn, { flags: 0o010644 }), 'fifo'))),
  },
  {
    call: 'mkdir, creat',
    on: 'a name that exists',
    errno: 'EEXIST',
    client: 'EROFS',
    ask: (kernel) => errorOf(kernel.ask(OP.MKDIR, 1, named(pack(mkdirIn, { mode: 0o755 }), 'd'))),
  },
  {
    call: 'mkdir, creat, rename',
    on: 'a path of more than 79 bytes',
    errno: 'ENAMETOOLONG',
    client: 'EROFS',
    ask: (kernel, { directory }) =>
      errorOf(kernel.ask(OP.CREATE, directory, named(pack(createIn, { mode: 0o100644 }), 'x'.repeat(78)))),
  },
  {
    call: 'mkdir, creat, rename',
    on: 'a name with control characters',
    errno: 'EINVAL',
    client: 'EROFS',
    ask: (kernel) => errorOf(kernel.ask(OP.CREATE, 1, named(pack(createIn, { mode: 0o100644 }), 'a\nb'))),
  },
  {
    call: 'mkdir, creat, rename',
    on: 'a name that is not UTF-8',
    errno: 'EILSEQ',
    client: 'EROFS',
    ask: async (kernel, { staged }) => {
      const name = Buffer.from('a\xff\0', 'latin1');
      const errors = [
        await errorOf(kernel.ask(OP.CREATE, 1, Buffer.concat([pack(createIn, { mode: 0o100644 }), name]))),
        await errorOf(kernel.ask(OP.MKDIR, 1, Buffer.concat([pack(mkdirIn, { mode: 0o755 }), name]))),
      ];
      const rename = [pack(rename2In, { newParent: 1 }), cString('staged'), name];
      if (staged !== 0) errors.push(await errorOf(kernel.ask(OP.RENAME2, 1, Buffer.concat(rename))));
      return errors.every((error) => error === errors[0]) ? (errors[0] as number) : 0;
    },
  },
  {
    call: 'mkdir, creat, rename',
    on: 'below .meta',
    errno: 'EPERM',
    client: 'EROFS',
    ask: (kernel, { meta }) => errorOf(kernel.ask(OP.CREATE, meta, named(pack(createIn, { mode: 0o100644 }), 'x'))),
  },
  {
    call: 'open for writing',
    on: 'a file below .meta, or one that no host may write',
    errno: 'EROFS',
    ask: (kernel, { log }) => errorOf(kernel.ask(OP.OPEN, log, pack(openIn, { flags: O_WRONLY }))),
  },
  {
    call: 'setxattr, removexattr',
    on: 'any other attribute than user.famfs.stripes',
    errno: 'EOPNOTSUPP',
    ask: (kernel, { file }) => setxattr(kernel, file, 'user.x', '2'),
  },
  {
    call: 'setxattr of user.famfs.stripes',
    on: 'a file',
    errno: 'EPERM',
    client: 'EROFS',
    ask: (kernel, { file }) => setxattr(kernel, file, 'user.famfs.stripes', '2'),
  },
  {
    call: 'setxattr of user.famfs.map',
    on: 'a file or a directory',
    errno: 'EPERM',
    client: 'EROFS',
    ask: (kernel, { directory }) => setxattr(kernel, directory, 'user.famfs.map', '2'),
  },
  {
    call: 'setxattr of user.famfs.stripes',
    on: 'a directory, to what is not 0 to 16',
    errno: 'EINVAL',
    client: 'EROFS',
    ask: (kernel, { directory }) => setxattr(kernel, directory, 'user.famfs.stripes', '17'),
  },
  {
    call: 'getxattr',
    on: 'a user attribute that is not there',
    errno: 'ENODATA',
    ask: (kernel, { file }) =>
      errorOf(kernel.ask(OP.GETXATTR, file, named(pack(getxattrIn, { size: 100 }), 'user.other'))),
  },
  {
    call: 'getxattr',
    on: 'any attribute that is no user attribute: ACLs, labels, capabilities',
    errno: 'EOPNOTSUPP',
    ask: (kernel, { file }) =>
      errorOf(kernel.ask(OP.GETXATTR, file, named(pack(getxattrIn, { size: 100 }), 'security.capability'))),
  },
  {
    call: 'read',
    on: 'a directory',
    errno: 'EISDIR',
    ask: async (kernel, { directory }) => (await kernel.read(directory, 0, 10)).error,
  },
  ...['GETLK', 'ACCESS', 'BMAP', 'IOCTL', 'POLL', 'COPY_FILE_RANGE', 'SETUPMAPPING', 'TMPFILE', 'STATX'].map(
    (name): Refusal => ({
      call: name,
      on: '',
      errno: 'ENOSYS',
      ask: (kernel, { file }) => errorOf(kernel.ask(OP[name as keyof typeof OP], file, Buffer.alloc(64))),
    }),
  ),
];

/** The table for docs/fuse.md. */
export function refusalTable(): string {
  const rows = REFUSALS.filter(({ errno }) => errno !== 'ENOSYS').map(
    ({ call, on, errno, client = errno }) => `| ${call} | ${on} | ${errno} | ${client} |`,
  );
  return ['| call | on | Master | Client |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
