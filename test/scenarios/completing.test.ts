import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { FAMFS, GUARD } from '../support/famfs.js';
import { pokePayload } from '../support/patch.js';
import { MIB, Sandbox } from '../support/sandbox.js';

const sandbox = new Sandbox();
let uuid = '';

/** A name that would do harm where a shell or terminal took it as it is. */
const HOSTILE = '`$(touch pwned)`;!&|"x';

before(async () => {
  sandbox.image('pool.img', 64 * MIB);
  sandbox.image('empty.img', 0);
  mkdirSync(join(sandbox.folder, 'images'));
  mkdirSync(join(sandbox.folder, 'sysroot'));
  sandbox.image('images/other.img', 64 * MIB);
  await sandbox.ok(['mkfs', '-q', 'images/other.img']);
  await sandbox.ok(['mkdir', '--dev', 'images/other.img', 'elsewhere']);
  const made = JSON.parse(await sandbox.ok(['mkfs', '--json', '--label', 'weights a', 'pool.img']));
  uuid = made.fsUuid;
  sandbox.env.FAMFS_DEV = 'pool.img';
  await sandbox.ok(['mkdir', 'data', 'my dir', 'only', 'worse', 'gone', '--', '-r']);
  await sandbox.ok([
    'creat',
    '-s',
    '2M',
    'my dir/a b',
    'data/x',
    'data/a:b=c',
    `worse/${HOSTILE}`,
    'only/$(touch pwned)',
  ]);
  const image = join(sandbox.folder, 'pool.img');
  const bytes = readFileSync(image);
  const path = Buffer.alloc(80);
  path.write('gone\x1b[2J\n');
  pokePayload(bytes, 4, 'mkdir', 'path', path);
  writeFileSync(image, bytes);
});

/** What the program offers for the last of the words, as a shell gets it: names follow an empty line. */
async function offered(words: readonly string[], env: Record<string, string> = {}): Promise<string[]> {
  const { exitCode, stdout, stderr } = await sandbox.run(['--get-yargs-completions', 'famfs', ...words], {
    env: { ...sandbox.env, ...env },
  });
  assert.deepEqual([exitCode, stderr], [0, ''], words.join(' '));
  const [first, ...names] = stdout.split('\n').slice(0, -1);
  assert.ok(first === undefined || first === '', `${words.join(' ')}: ${stdout}`);
  return names;
}

const ROOT = ['./-r/', 'data/', 'my dir/', 'only/', 'worse/'];
const FILES = ['empty.img', 'images/', 'pool.img', 'sysroot/', 'system_uuid'];

test('operands become paths in the file system', async () => {
  const rows: readonly [words: string[], expected: string[]][] = [
    [['cat', ''], ROOT],
    [['cat', 'd'], ['data/']],
    [
      ['ls', '-l', 'data/'],
      ['data/a:b=c', 'data/x'],
    ],
    [['stat', '/data/x'], ['/data/x']],
    [['showfmap', './data//x'], ['./data//x']],
    [['rm', '-r', 'my'], ['my dir/']],
    [['mv', 'data/x', 'o'], ['only/']],
    [['chmod', '644', 'my dir/'], ['my dir/a b']],
    [['chmod', ''], []],
    [['mkdir', '-p', '--', ''], ROOT],
    [['verify', '-f', 'da'], ['data/']],
    [['map', '--file=da'], ['--file=data/']],
    [['truncate', '-s', ''], []],
    [['cat', 'nowhere/'], []],
    [['cat', 'data/x/'], []],
    [['cat', '../'], []],
    [['resolve', 'data/x', ''], []],
  ];
  for (const [words, expected] of rows) assert.deepEqual(await offered(words), expected, words.join(' '));
});

test('what is copied in or out may be on either side', async () => {
  assert.deepEqual(await offered(['cp', '']), []); // any file: the shell offers those
  assert.deepEqual(await offered(['cp', 'pool.img', '']), [...ROOT, ...FILES]);
  assert.deepEqual(await offered(['get', '']), ROOT);
  assert.deepEqual(await offered(['get', 'data/x', 'i']), ['images/']);
});

test('daxdevs, images, labels, uuids and mount points', async () => {
  const sysroot = sandbox.env.FAMFS_SYSROOT as string;
  mkdirSync(join(sysroot, 'dev'), { recursive: true });
  mkdirSync(join(sysroot, 'proc'));
  const dax = join(sysroot, 'dev/dax0.0');
  symlinkSync(join(sandbox.folder, 'pool.img'), dax);
  writeFileSync(
    join(sysroot, 'proc/mounts'),
    'pool.img /mnt/my\\040pool fuse.famfs rw 0 0\npool.img /mnt/a\\012b fuse.famfs rw 0 0\n',
  );
  const tags = ['LABEL=weights a', `UUID=${uuid}`];
  assert.deepEqual(await offered(['--dev', '']), [...tags, dax, ...FILES]);
  assert.deepEqual(await offered(['ls', '--dev=LAB']), ['--dev=LABEL=weights a']);
  assert.deepEqual(await offered(['fsck', 'UUID=']), [`UUID=${uuid}`]);
  assert.deepEqual(await offered(['df', '--dev', 'pool.img', 'p']), ['pool.img']);
  assert.deepEqual(await offered(['mkfs', '']), [dax, ...FILES]);
  assert.deepEqual(await offered(['umount', '']), ['/mnt/my pool']);
});

test('the file system is the one that the line names', async () => {
  const env = { FAMFS_DEV: '' };
  assert.deepEqual(await offered(['--dev', 'LABEL=weights a', 'ls', 'o'], env), ['only/']);
  assert.deepEqual(await offered(['ls', '--dev=images/other.img', ''], env), ['elsewhere/']);
  assert.deepEqual(await offered(['ls', 'o'], { FAMFS_DEV: 'empty.img' }), []);
  assert.deepEqual(await offered(['ls', 'o'], { FAMFS_DEV: 'missing.img' }), []);
  assert.deepEqual(await offered(['ls', '--nothing', '-Q', 'o']), []);
});

const hasScript = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

test('bash inserts names so that commands get them as they are', { skip: !hasScript && 'needs script(1)' }, () => {
  const { folder, env } = sandbox;
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/famfs'), `#!/bin/sh\nexec '${process.execPath}' '${FAMFS}' "$@"\n`, { mode: 0o755 });
  const line =
    '. <(famfs completion bash); complete -o default -F _famfs show; show() { printf "got[%s]" "$@"; echo; }';
  const typed = [
    'show cat my\ta\t',
    'show cat "my\ta\t',
    'show cat data/a:\t',
    'show cat data/a:b=\t',
    'show --dev LABEL=we\tls',
    'show cat worse/\t',
    'show cat only/\\$\t',
  ];
  const { stdout } = spawnSync('script', ['-qec', 'bash --norc --noprofile -i', '/dev/null'], {
    ...GUARD,
    timeout: 120_000,
    cwd: folder,
    encoding: 'utf8',
    env: { ...env, FAMFS_DEV: 'pool.img', PATH: `${folder}/bin:${process.env.PATH}`, TERM: 'dumb', HISTFILE: '' },
    input: ['set +H', line, ...typed, 'exit', ''].join('\n'),
  });
  const got = [...stdout.matchAll(/^.*?(got\[(?!%).*)\r$/gm)].map(([, text]) => text);
  assert.deepEqual(got, [
    'got[cat]got[my dir/a b]',
    'got[cat]got[my dir/a b]',
    'got[cat]got[data/a:b=c]',
    'got[cat]got[data/a:b=c]',
    'got[--dev]got[LABEL=weights a]got[ls]',
    `got[cat]got[worse/${HOSTILE}]`,
    'got[cat]got[only/$(touch pwned)]',
  ]);
});
