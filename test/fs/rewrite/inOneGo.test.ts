/**
 * Each command that replaces a log, on one copy of a file system. On another copy, commands that only append make the same in one go.
 * Both logs must be the same, byte for byte, and keep the rules of the reference.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { overwrite, PoolSandbox } from '../../support/pool.js';
import { assertRules } from '../../support/rules/rules.js';
import { firstBytes, MIB } from '../../support/sandbox.js';

const LOG = 2 * MIB;
const LOG_END = 10 * MIB;
const ENTRY = 544;
const CLIENTS = '--clients-unmounted';
/** the options of a file on the primary, on the second daxdev, and on both */
const FIRST = ['--daxdevs', '0'];
const SECOND = ['--daxdevs', '1'];
const STRIPED = ['--stripes', '2', '--chunk', '2M', '--policy', 'fill'];
const BOTH = ['--daxdevs', '0,1', ...STRIPED];

const IMAGES = ['pool', 'second', 'third'];

type Command = readonly string[];

/** A copy of the images, in a folder of its own. */
class Copy {
  constructor(
    readonly sandbox: PoolSandbox,
    readonly folder: string,
  ) {}

  path(name: string): string {
    return join(this.folder, name);
  }

  async run(...commands: readonly Command[]): Promise<void> {
    const env = { ...this.sandbox.env, FAMFS_DEV: this.path('pool') };
    for (const command of commands) await this.sandbox.ok([...command, '--quiet'], { env, cwd: this.folder });
  }

  /** The log of an image, header and unused slots too. */
  log(image = 'pool'): Buffer {
    return firstBytes(this.path(image), LOG_END).subarray(LOG);
  }

  judge(image = 'pool'): void {
    assertRules(
      this.path(image),
      IMAGES.map((name) => this.path(name)),
    );
  }
}

interface Row {
  /** the command to prove */
  readonly name: string;
  /** number of daxdevs at first; 2 unless given */
  readonly daxdevs?: 1 | 2;
  readonly made: readonly Command[];
  readonly rewrite: (copy: Copy) => Promise<void>;
  /** the image whose log is compared; the pool unless given */
  readonly image?: string;
  /** commands, on as many daxdevs as given, or changes of the log before the rewrite */
  readonly inOneGo: { daxdevs?: 1 | 2; commands: readonly Command[] } | ((log: Buffer, copy: Copy) => void);
}

function creat(path: string, size: string, ...options: string[]): Command {
  return ['creat', '-s', size, '--seed', '5', ...options, path];
}

/** All commands with this option are one rewrite each. */
function rewrites(...commands: readonly Command[]): Row['rewrite'] {
  return (copy) => copy.run(...commands.map((command) => [...command, CLIENTS]));
}

/** Changes the payload of an entry and makes its crc right. */
function patchPayload(log: Buffer, slot: number, at: number, bytes: Uint8Array): void {
  const entry = log.subarray(48 + slot * ENTRY, 48 + (slot + 1) * ENTRY);
  entry.set(bytes, 16 + at);
  entry.writeBigUInt64LE(BigInt(crc32(entry.subarray(0, 536))), 536);
}

const D = ['mkdir', 'd'];
const A = creat('a', '3M', ...FIRST);
const S = creat('s', '9M', ...BOTH);
const DB = creat('d/b', '3M', ...SECOND);
const Y = creat('y', '3M', ...FIRST);
const TREE = [D, A, S, DB, Y];

const ROWS: readonly Row[] = [
  {
    name: 'rm',
    made: [...TREE, creat('z', '1M')],
    rewrite: rewrites(['rm', 'd/b', 'z']),
    inOneGo: { commands: [D, A, S, Y] },
  },
  { name: 'rm --wipe', made: TREE, rewrite: rewrites(['rm', '--wipe', 'y']), inOneGo: { commands: [D, A, S, DB] } },
  {
    name: 'rm -r',
    made: [...TREE, ['mkdir', 'd/e']],
    rewrite: rewrites(['rm', '-r', 'd']),
    inOneGo: { commands: [A, S, Y] },
  },
  {
    name: 'mv of files',
    made: TREE,
    rewrite: rewrites(['mv', 'a', 's', 'd'], ['mv', 'y', 'x']),
    inOneGo: {
      commands: [D, creat('d/a', '3M', ...FIRST), creat('d/s', '9M', ...BOTH), DB, creat('x', '3M', ...FIRST)],
    },
  },
  {
    name: 'mv of a directory into a later one',
    made: [...TREE, ['mkdir', 'e']],
    rewrite: rewrites(['mv', 'd', 'e']),
    inOneGo: { commands: [['mkdir', 'e'], ['mkdir', 'e/d'], A, S, creat('e/d/b', '3M', ...SECOND), Y] },
  },
  {
    name: 'chmod',
    made: TREE,
    rewrite: rewrites(['chmod', '-R', '700', 'd'], ['chmod', '4751', 'a', 's']),
    inOneGo: {
      commands: [[...D, '-m', '700'], [...A, '-m', '4751'], [...S, '-m', '4751'], [...DB, '-m', '700'], Y],
    },
  },
  {
    name: 'chown',
    made: TREE,
    rewrite: rewrites(['chown', '-R', '7:8', 'd'], ['chown', '70000', 'a'], ['chown', ':9', 's']),
    inOneGo: {
      commands: [
        [...D, '-u', '7', '-g', '8'],
        [...A, '-u', '70000'],
        [...S, '-g', '9'],
        [...DB, '-u', '7', '-g', '8'],
        Y,
      ],
    },
  },
  {
    name: 'truncate',
    made: [A, S],
    rewrite: rewrites(['truncate', '-s', '5M', 's'], ['truncate', '-s', '2097153', 'a']),
    inOneGo: { commands: [creat('a', '2097153', ...FIRST), creat('s', '5M', ...BOTH)] },
  },
  {
    name: 'truncate of an interleaved file below its chunk',
    made: [creat('s', '9M', ...BOTH)],
    rewrite: rewrites(['truncate', '-s', '7', 's']),
    // its first unit was that of the first strip
    inOneGo: { commands: [creat('s', '7', ...FIRST)] },
  },
  {
    name: 'log compact',
    made: TREE,
    rewrite: async (copy) => {
      // the path in the entry of d/b, which its crc no longer fits
      const slot = 1 + TREE.indexOf(DB);
      overwrite(copy.path('pool'), LOG + 48 + slot * ENTRY + 40, Buffer.from('damaged'));
      await copy.run(['log', 'compact', '--drop-skipped', CLIENTS]);
    },
    inOneGo: { commands: [D, A, S, Y] },
  },
  {
    name: 'daxdev remove',
    made: [D, A, DB],
    rewrite: rewrites(['daxdev', 'remove', '1', '--journal', 'journal']),
    // a journal on the primary would take the space at which the moved file would be in one go
    inOneGo: { daxdevs: 1, commands: [D, A, creat('d/b', '3M')] },
  },
  {
    name: 'daxdev replace',
    made: TREE,
    rewrite: rewrites(['daxdev', 'replace', '1', 'third']),
    inOneGo: (log, copy) => {
      const superblock = firstBytes(copy.path('third'), 200);
      patchPayload(log, 0, 0, superblock.subarray(112, 120));
      patchPayload(log, 0, 8, superblock.subarray(64, 80));
    },
  },
  {
    name: 'daxdev resize',
    made: TREE,
    rewrite: async (copy) => {
      truncateSync(copy.path('second'), 30 * MIB);
      await copy.run(['daxdev', 'resize', '1', CLIENTS]);
    },
    inOneGo: (log) => patchPayload(log, 0, 0, new Uint8Array(new BigUint64Array([BigInt(30 * MIB)]).buffer)),
  },
  {
    name: 'clone',
    made: TREE,
    // with more threads, the entries of files that are copied side by side come in any order
    rewrite: (copy) => copy.run(['clone', '--to', 'third', '--loglen', '8M', '--threads', '1']),
    image: 'third',
    inOneGo: {
      daxdevs: 1,
      commands: [D, creat('a', '3M'), creat('s', '9M', ...STRIPED), creat('d/b', '3M'), creat('y', '3M')],
    },
  },
  {
    name: 'restore --onto',
    made: TREE,
    rewrite: (copy) =>
      copy.run(['dump', '-o', 'saved.fmd'], ['mv', 'd', 'e', CLIENTS], creat('z', '1M'), [
        'restore',
        '--onto',
        '--force',
        '--no-undo',
        'saved.fmd',
        '--dev',
        'pool',
        '--dev',
        'second',
      ]),
    inOneGo: { commands: TREE },
  },
];

const sandbox = new PoolSandbox();

/** The folders 1 and 2: file systems of one and two daxdevs, and images for others. */
async function makeBases(): Promise<void> {
  const base = new Copy(sandbox, sandbox.path('1'));
  mkdirSync(base.folder);
  for (const name of IMAGES) sandbox.image(join('1', name), (name === 'second' ? 24 : 48) * MIB);
  await sandbox.ok(['mkfs', '--quiet', base.path('pool')]);
  await copyImages('1', '2').run(['daxdev', 'add', 'second']);
}

function copyImages(from: string, to: string): Copy {
  execFileSync('cp', ['-r', '--sparse=always', sandbox.path(from), sandbox.path(to)]);
  return new Copy(sandbox, sandbox.path(to));
}

await makeBases();
for (const [i, { name, daxdevs = 2, made, rewrite, image, inOneGo }] of ROWS.entries()) {
  test(`${name} leaves a log as if it was written in one go`, async () => {
    const copy = copyImages(`${daxdevs}`, `rewritten-${i}`);
    await copy.run(...made);
    copy.judge();
    const old = copy.log();
    await rewrite(copy);
    copy.judge(image);
    const log = copy.log(image);
    assert.ok(image !== undefined || name === 'restore --onto' || !log.equals(old), 'it changes the log');
    let expected = old;
    if (typeof inOneGo === 'function') inOneGo(expected, copy);
    else {
      const other = copyImages(`${inOneGo.daxdevs ?? 2}`, `in-one-go-${i}`);
      await other.run(...inOneGo.commands);
      expected = other.log();
    }
    const at = log.equals(expected) ? -1 : log.findIndex((byte, place) => byte !== expected[place]);
    assert.equal(at, -1, `they differ in slot ${Math.floor((at - 48) / ENTRY)}, byte ${(at - 48) % ENTRY}`);
    await sandbox.ok(['fsck', '-n', copy.path(image ?? 'pool')]);
  });
}
