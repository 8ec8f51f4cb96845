/** Lists of files: what creat --from and --from0 take, and what ends them. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { listedFiles, readFileLines } from '../../src/commands/options/fileList.js';
import { makeRandom } from '../../src/fs/allocate/random.js';
import type { Context } from '../../src/ui/command.js';
import { ended, FAMFS, GUARD, shellIn } from '../support/famfs.js';
import { MIB, Sandbox, sandboxWithFs, stdinOf } from '../support/sandbox.js';

async function listOf(sandbox: Sandbox): Promise<[path: string, size: number, mode: string][]> {
  const { entries } = await sandbox.json<{ entries: { path: string; size: number; mode: string }[] }>(['ls']);
  return entries.map(({ path, size, mode }) => [path, size, mode]);
}

test('lines: quotes, escapes, comments, CRLF, tabs and JSON', async () => {
  const sandbox = await sandboxWithFs(128 * MIB);
  const list = [
    '# a comment',
    '',
    ' \t ',
    '  plain\t1k  600  ',
    '"with blanks" 2k',
    String.raw`"a \"b\" \\ c" 3k`,
    String.raw`"\x23 \xc3\xa4" 4k 640`,
    'in"side#{ 5k\r',
    '{"path": "{json} x", "size": "6k", "mode": "0611"}',
    '{"size": 7168, "path": "number"}\r',
    ' # another',
    'last 8k',
  ];
  await sandbox.ok(['creat', '--from', '-'], { stdin: stdinOf(list.join('\n')), umask: 0 });
  assert.deepEqual(await listOf(sandbox), [
    ['# ä', 4096, '0640'],
    ['a "b" \\ c', 3072, '0666'],
    ['in"side#{', 5120, '0666'],
    ['last', 8192, '0666'],
    ['number', 7168, '0666'],
    ['plain', 1024, '0600'],
    ['with blanks', 2048, '0666'],
    ['{json} x', 6144, '0611'],
  ]);
});

test('bytes that are not UTF-8, and blanks that are not ASCII, are kept', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  const list = Buffer.from('a\xff 1k\n\xe3\x80\x80x 2k\n"\\xfe" 3k\n\xc2\xa0 4k', 'latin1');
  await sandbox.ok(['creat', '--allow-bytes', '--from', '-'], {
    stdin: Readable.from([list.subarray(0, 2), list.subarray(2)]),
  });
  const paths = (await listOf(sandbox)).map(([path]) => path);
  assert.deepEqual(new Set(paths), new Set(['a\udcff', '\u3000x', '\udcfe', '\u00a0']));
});

test('--from0 takes any path that famfs takes', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  const fields = ['a b', '1k', '600', '"#', '2k', '', '{', '3k', '0644', ''];
  await sandbox.ok(['creat', '--from0', '-', '-m', '640'], { stdin: stdinOf(fields.join('\0')), umask: 0 });
  assert.deepEqual(await listOf(sandbox), [
    ['"#', 2048, '0640'],
    ['a b', 1024, '0600'],
    ['{', 3072, '0644'],
  ]);
});

/** A line in quotes, at which a list is no longer read as columns. */
const QUOTED = '"in quotes" 1k\n';

test('plain lines mean the same as they do among others', async () => {
  const seed = randomInt(2 ** 31);
  const random = makeRandom(seed);
  const oneOf = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const { signal } = new AbortController();
  const paths = [
    'a',
    'a/b',
    'B-1',
    '.c',
    'd/.e',
    'f.g',
    '/h',
    'i/',
    'j//k',
    'l"#{',
    '#m',
    '~',
    'n\u00e4',
    '',
    'x'.repeat(80),
  ];
  const sizes = [
    '1',
    '4096',
    '0',
    '2k',
    '3M',
    '1T',
    '2p',
    '8P',
    '9007199254740991',
    '9007199254740992',
    '1.5k',
    '0x10',
    '1kiB',
    '5x',
    '-1',
    '007',
    '',
  ];
  const modes = ['', '', '600', '0644', '07777', '10000', '777777', '8', 'x'];
  const blanks = [' ', '\t', '  '];
  const ends = ['\n', '\n', '\r\n', ' \n', '\t\r\n', '\r \n'];
  for (let round = 0; round < 600; round++) {
    const lines = Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
      const words = [oneOf(paths), oneOf(sizes), oneOf(modes)].filter((word) => word !== '');
      return oneOf(['', '', ' ', '\t']) + words.join(oneOf(blanks)) + oneOf(ends);
    });
    const text = lines.join('').slice(0, oneOf([undefined, undefined, -1]));
    const read = async (before: string) => {
      const context = { signal, stdin: stdinOf(before + text) as Readable } as Pick<Context, 'signal' | 'stdin'>;
      try {
        const files = await readFileLines(context as Context, '-');
        return Array.isArray(files) ? files : listedFiles(files);
      } catch (error) {
        return (error as Error).message.replace(
          /line (\d+)/,
          (_, line) => `line ${Number(line) - (before === '' ? 0 : 1)}`,
        );
      }
    };
    const careful = await read(QUOTED);
    const expected = Array.isArray(careful) ? careful.slice(1) : careful;
    assert.deepEqual(await read(''), expected, `seed ${seed}, round ${round}: ${JSON.stringify(text)}`);
  }
});

test('a list of plain lines makes what the same files one by one make', async () => {
  const documents = [];
  const lists = [];
  for (const quoted of [false, true]) {
    const sandbox = new Sandbox();
    const images = ['p0.img', 'p1.img', 'p2.img'].map((name) => sandbox.image(name, 256 * MIB));
    sandbox.env.FAMFS_DEV = images[0] as string;
    await sandbox.ok(['mkfs', '--alloc-unit', '4k', '--chunk', '1M', '--stripes', '2', ...images]);
    await sandbox.ok(['mkdir', 'd', 'd/e']);
    const lines = Array.from({ length: 60 }, (_, i) => {
      const path = `${['', 'd/', 'd/e/'][i % 3]}file${i}`;
      return `${quoted ? `"${path}"` : path} ${1 + i ** 4}${i % 4 === 0 ? ' 640' : ''}\n`;
    });
    const argv = ['creat', '--from', '-', '--alloc-seed', '7', '-u', '3', '-g', '4'];
    const { stdout } = await sandbox.run([...argv, '--json'], { stdin: stdinOf(lines.join('')) });
    documents.push(JSON.parse(stdout));
    const { operations } = await sandbox.json<{ operations: { slot: number }[] }>(['log', 'list']);
    // the daxdevs before have uuids of their own
    lists.push(operations.slice(2));
    assert.match(await sandbox.ok(['fsck']), /clean/);
  }
  assert.equal(documents[0].files.length, 60);
  assert.deepEqual(documents[0], documents[1]);
  assert.deepEqual(lists[0], lists[1]);
});

test('a list with one file that cannot be made makes none, whichever it is', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '1', 'old']);
  for (const [bad, code] of [
    ['old 1', 'EXISTS'],
    ['f3 1', 'EXISTS'],
    ['old/below 1', 'NO_PARENT'],
    ['none/below 1', 'NO_PARENT'],
    ['.meta/x 1', 'BAD_PATH'],
    ['empty 0', 'BAD_SIZE'],
    ['big 1T', 'NO_SPACE'],
  ] as const) {
    const lines = ['f1 1', 'f2 1', 'f3 1', bad, 'f5 1'];
    const error = await sandbox.error(['creat', '--from', '-'], { stdin: stdinOf(`${lines.join('\n')}\n`) });
    assert.equal(error.code, code, bad);
  }
  assert.deepEqual(await listOf(sandbox), [['old', 1, '0644']]);
});

for (const [name, option, list, message] of [
  [
    'an open quote',
    '--from',
    '"a 1k',
    /line 1: '"a 1k' is not 'path size \[mode\]'; write a path with blanks in double/,
  ],
  ['text after a quote', '--from', '"a"b 1k', /line 1/],
  ['an unknown escape', '--from', String.raw`"\n" 1k`, /line 1: '\\n' is not an escape/],
  ['broken JSON', '--from', '#\n{"path": 1', /line 2: .* is not JSON/],
  ['an unknown key', '--from', '{"path":"a","size":1,"uid":0}', /line 1: a file has no 'uid'/],
  ['a path that is a number', '--from', '{"path":1,"size":1}', /'path' is not a string/],
  ['half a byte', '--from', '{"path":"a","size":0.5}', /'size' is neither/],
  ['a mode that is a number', '--from', '{"path":"a","size":1,"mode":644}', /'mode' is not a string/],
  ['a byte-order mark', '--from', '\ufeffa 1k', /line 1 begins with a byte-order mark/],
  ['a NUL', '--from', 'a\0b 1k', /path .* has control characters/],
  ['a field too few', '--from0', 'a\x001k\0', /has 2 fields/],
  ['a list that is cut short', '--from0', 'a\x001k\x0064', /does not end with NUL/],
  ['a bad size in a field', '--from0', 'a\x001z\0\0', /file 1: .*1z/],
] as const)
  test(`${name} in a list is an error, and nothing is made`, async () => {
    const sandbox = await sandboxWithFs(64 * MIB);
    const { exitCode, stderr } = await sandbox.run(['creat', option, '-'], { stdin: stdinOf(list) });
    assert.ok(exitCode === 1 || exitCode === 2);
    assert.match(stderr, message);
    assert.deepEqual(await listOf(sandbox), []);
  });

test('a line without an end is one short error, before it fills the memory', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  for (const option of ['--from', '--from0']) {
    const script = `(echo 'a 1k'; tr '\\0' x < /dev/zero) | $FAMFS creat ${option} -`;
    const { exitCode, stderr } = await shellIn(sandbox, `ulimit -v 4000000; ${script}`);
    assert.notEqual(exitCode, 0);
    assert.match(stderr, option === '--from' ? /line 2 has more than 65536 bytes/ : /field 1 has more than/);
    assert.ok(stderr.length < 200, stderr);
  }
  const endless = await shellIn(sandbox, '$FAMFS creat --from /dev/zero');
  assert.match(endless.stderr, /line 1 has more than 65536 bytes/);
  assert.deepEqual(await listOf(sandbox), []);
});

test('a list comes from a FIFO or a process substitution, slowly', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  spawnSync('mkfifo', [join(sandbox.folder, 'fifo')]);
  const slow = '(echo "a 1k"; sleep 0.3; echo "b 1k")';
  const fifo = await shellIn(sandbox, `${slow} > fifo & $FAMFS creat --from fifo`);
  assert.deepEqual([fifo.exitCode, fifo.stderr], [0, '']);
  const substituted = await shellIn(sandbox, '$FAMFS creat --from <(echo "c 1k"; sleep 0.3; echo "d 1k")');
  assert.deepEqual([substituted.exitCode, substituted.stderr], [0, '']);
  const over = await shellIn(sandbox, 'exec 5< <(echo "e 1k"); sleep 0.3; $FAMFS creat --from /dev/fd/5');
  assert.deepEqual([over.exitCode, over.stderr], [0, '']);
  writeFileSync(join(sandbox.folder, 'list'), 'f 1k\n');
  await sandbox.ok(['creat', '--from', 'list']);
  assert.deepEqual(
    (await listOf(sandbox)).map(([path]) => path),
    ['a', 'b', 'c', 'd', 'e', 'f'],
  );
  assert.equal((await sandbox.error(['creat', '--from', '.'])).code, 'LIST_UNREADABLE');
  assert.equal((await sandbox.error(['creat', '--from', 'missing'])).code, 'LIST_UNREADABLE');
});

async function waitUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

/** Whether a process has a file open. */
function hasOpen(pid: number, path: string): boolean {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((fd) => readlinkSync(join(folder, fd)) === path);
  } catch {
    return false; // it has not started, or closed one meanwhile
  }
}

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} ends the wait for a list or a message that nobody writes, and nothing is made`, async () => {
    const sandbox = await sandboxWithFs(64 * MIB);
    spawnSync('mkfifo', [join(sandbox.folder, 'fifo')]);
    for (const argv of [
      ['creat', '--from', 'fifo'],
      ['fmap', 'decode', 'fifo'],
    ]) {
      const env = { ...process.env, ...sandbox.env };
      const child = spawn(FAMFS, argv, { cwd: sandbox.folder, env, stdio: ['ignore', 'pipe', 'pipe'], ...GUARD });
      await waitUntil(() => hasOpen(child.pid as number, join(sandbox.folder, 'fifo')));
      child.kill(signal);
      const end = await ended(child);
      assert.ok(end.signal === signal || end.exitCode === exitCode, `${argv[0]}: ${end.signal} ${end.exitCode}`);
      // a process that is ended by force after a second says nothing
      assert.match(end.stderr, new RegExp(`interrupted by ${signal}`));
    }
    assert.deepEqual(await listOf(sandbox), []);
  });

  test(`a list that ${signal} cut off is not carried out`, async () => {
    const sandbox = await sandboxWithFs(64 * MIB);
    const env = { ...process.env, ...sandbox.env, FAMFS };
    // more than a pipe holds: once it is written, famfs is reading it. A shell in the background ignores SIGINT; this writer waits
    // for nothing but itself, and so dies of it at once
    const writer = 'mkfifo hold; seq -f "f%g 1" 40000; : > written; read x < hold';
    const script = `env --default-signal=INT sh -c '${writer}' | exec $FAMFS creat --from -`;
    // a process group of its own, as a terminal signals it
    const options = { cwd: sandbox.folder, env, detached: true, ...GUARD };
    const child = spawn('bash', ['-c', script], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    await waitUntil(() => existsSync(join(sandbox.folder, 'written')));
    process.kill(-(child.pid as number), signal);
    const { stderr } = await ended(child);
    assert.match(stderr, new RegExp(`interrupted by ${signal}`));
    assert.deepEqual(await listOf(sandbox), []);
  });
}
