/** Shadow trees: played, played again, compared, and full of traps. */
import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { LsDocument } from '../../src/commands/ls.js';
import type { LogEntry } from '../../src/format/entries/entryTypes.js';
import { openVolume } from '../../src/fs/pool/openVolume.js';
import { eachApplied } from '../../src/fs/shadow/applied.js';
import { ShadowPlayer } from '../../src/fs/shadow/player.js';
import { shellIn } from '../support/famfs.js';
import { GOLDEN_MASTER, goldenFile, goldenImage } from '../support/golden.js';
import { pokePayload } from '../support/patch.js';
import { PoolSandbox } from '../support/pool.js';
import { GIB, MIB, OTHER_UUID, Sandbox, stdinOf } from '../support/sandbox.js';

const sandbox = new Sandbox(GOLDEN_MASTER);
const asRoot = process.geteuid?.() === 0;
const g2 = goldenImage('g2', sandbox.folder);
const g3 = goldenImage('g3', sandbox.folder);
let count = 0;

type Played = { shadow: { made: number; unchanged: number; replaced: number } };
type Difference = { path: string; code: string; detail: string };

function newTree(): string {
  return join(sandbox.folder, `tree${count++}`);
}

const play = async (image: string, tree: string, ...more: string[]) =>
  (await sandbox.json<Played>(['logplay', '--shadow', tree, '--dev', image, ...more])).shadow;

async function check(image: string, tree: string, ...more: string[]): Promise<Difference[]> {
  const { exitCode, stdout, stderr } = await sandbox.run([
    'logplay',
    '--shadow',
    tree,
    '--check',
    '--json',
    '--dev',
    image,
    ...more,
  ]);
  assert.equal(stderr, '');
  const { differences } = JSON.parse(stdout);
  assert.equal(exitCode, differences.length === 0 ? 0 : 1);
  return differences;
}

/** The YAML documents of the reference's dump, by path, and the directories with mode and owner. */
function golden(name: string): { files: Map<string, string>; directories: Map<string, string> } {
  const files = new Map<string, string>();
  const directories = new Map<string, string>();
  for (const text of readFileSync(goldenFile(`${name}.yaml`), 'utf8')
    .split(/^#### entry.*\n/m)
    .slice(1)) {
    const directory = /^dump: mkdir: (\S+) (\d+:\d+): (.*) $/m.exec(text);
    if (directory) directories.set(directory[3] as string, `${directory[1]} ${directory[2]}`);
    else files.set(/^ {2}path: (.*)$/m.exec(text)?.[1] as string, text);
  }
  return { files, directories };
}

for (const [name, image] of [
  ['g2', g2],
  ['g3', g3],
] as const) {
  test(`the tree of ${name} is what the reference prints`, { skip: !asRoot }, async () => {
    const tree = newTree();
    await play(image, tree);
    const { files, directories } = golden(name);
    const paths = (readdirSync(join(tree, 'root'), { recursive: true }) as string[]).filter(
      (path) => !path.startsWith('.meta'),
    );
    assert.deepEqual(paths.sort(), [...files.keys(), ...directories.keys()].sort());
    for (const [path, text] of files) assert.equal(readFileSync(join(tree, 'root', path), 'utf8'), text);
    for (const [path, text] of directories) {
      const { mode, uid, gid } = statSync(join(tree, 'root', path));
      assert.equal(`${(mode & 0o7777).toString(8)} ${uid}:${gid}`, text);
    }
    assert.deepEqual(readdirSync(tree).sort(), ['daxdevs', 'root']);
    assert.deepEqual(await check(image, tree), []);
  });
}

test('superblock and log have their YAML files', async () => {
  const tree = newTree();
  await play(g2, tree);
  assert.match(
    readFileSync(join(tree, 'root/.meta/.superblock'), 'utf8'),
    /size: 2097152\n {2}flags: 0\n {2}mode: 0444\n.*offset: 0x0\n {4}length: 0x200000\n/s,
  );
  assert.match(
    readFileSync(join(tree, 'root/.meta/.log'), 'utf8'),
    /mode: 0644\n.*offset: 0x200000\n {4}length: 0x800000\n/s,
  );
  const { primary } = await sandbox.json<{ primary: { uuid: string } }>(['info', '--dev', g2]);
  assert.equal(
    readFileSync(join(tree, 'daxdevs/0'), 'utf8'),
    `---\ndaxdev:\n  index: 0\n  uuid: ${primary.uuid}\n  size: 4294967296\n...\n`,
  );
});

test('playing again changes nothing; files that were changed, removed or cut short are corrected', async () => {
  const tree = newTree();
  const first = await play(g2, tree);
  assert.deepEqual([first.unchanged, first.replaced], [0, 0]);
  const inode = statSync(join(tree, 'root/dir1/f2m')).ino;
  assert.deepEqual(await play(g2, tree), { path: tree, made: 0, unchanged: first.made, replaced: 0 });
  assert.equal(statSync(join(tree, 'root/dir1/f2m')).ino, inode);
  rmSync(join(tree, 'root/dir1/f2m'));
  writeFileSync(join(tree, 'root/one_byte'), '---\nfile:\n');
  chmodSync(join(tree, 'root/dir1'), 0o711);
  assert.deepEqual(
    (await check(g2, tree)).map(({ path, code }) => [path, code]),
    [
      ['root/dir1', 'DIFFERENT'],
      ['root/one_byte', 'DIFFERENT'],
      ['root/dir1/f2m', 'MISSING'],
    ],
  );
  assert.deepEqual(await play(g2, tree), { path: tree, made: 1, unchanged: first.made - 3, replaced: 2 });
  assert.deepEqual(await check(g2, tree), []);
});

test('YAML with the same meaning in another spelling is left alone', async () => {
  const tree = newTree();
  await play(g2, tree);
  const file = join(tree, 'root/dir1/f2m');
  const other =
    '{file: {"gid": "100", uid: 0, path: "dir1/f2m", size: 0x200000, flags: 2, mode: 0444, nextents: 1,\n simple_ext_list: [{length: 2097152, offset: 14680064, devindex: 0}]}}\n';
  writeFileSync(file, other);
  assert.deepEqual(await check(g2, tree), []);
  assert.equal((await play(g2, tree)).replaced, 0);
  assert.equal(readFileSync(file, 'utf8'), other);
});

test('a file of a tree that contradicts itself, or that YAML would expand, is a difference; ids may be signed', async () => {
  const tree = newTree();
  await play(g2, tree);
  const file = join(tree, 'root/dir1/f2m');
  const text = readFileSync(file, 'utf8');
  const rows: readonly [from: RegExp, to: string, detail: RegExp][] = [
    [/nextents: 1/, 'nextents: 2', /nextents is 2, but 1 are listed/],
    [/nextents: 1/, 'nextents: 0', /nextents is 0, but 1 are listed/],
    [/uid: 0([\s\S]*devindex: )0/, 'uid: &zero 0$1*zero', /is not valid YAML/],
    [/uid: 0/, 'uid: -2', /uid is 4294967294/],
    [/uid: 0/, 'uid: 4294967296', /uid is not a number of 32 bits/],
  ];
  for (const [from, to, detail] of rows) {
    const changed = text.replace(from, to);
    assert.notEqual(changed, text, to);
    writeFileSync(file, changed);
    const found = await check(g2, tree);
    assert.equal(found.length, 1, to);
    assert.match(found[0]?.detail ?? '', detail);
  }
});

test('names as libyaml writes them, plain or escaped, are the same names', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '1M', 'a b', 'f\u00fc']);
  await sandbox.ok(['logplay', '--shadow', 'tree']);
  const rewrite = (name: string, scalar: string) => {
    const file = join(sandbox.folder, 'tree/root', name);
    const text = readFileSync(file, 'utf8');
    const changed = text.replace(/^( *path: ).*$/m, `$1${scalar}`);
    writeFileSync(file, changed);
    return changed;
  };
  const written = [rewrite('a b', 'a b'), rewrite('f\u00fc', '"f\\xFC"')];
  assert.match(await sandbox.ok(['logplay', '--shadow', 'tree', '--check']), /no difference|0 differ/);
  await sandbox.ok(['logplay', '--shadow', 'tree']);
  for (const [i, name] of ['a b', 'f\u00fc'].entries())
    assert.equal(readFileSync(join(sandbox.folder, 'tree/root', name), 'utf8'), written[i]);
  rewrite('f\u00fc', '"f\\xFB"');
  assert.equal((await sandbox.run(['logplay', '--shadow', 'tree', '--check'])).exitCode, 1);
});

test('--check names every difference, extra files included', async () => {
  const tree = newTree();
  await play(g2, tree);
  const change = (path: string, from: string, to: string) =>
    writeFileSync(join(tree, path), readFileSync(join(tree, path), 'utf8').replace(from, to));
  change('root/dir1/f2m', 'size: 2097152', 'size: 5');
  change('root/dir1/f2m', 'gid: 100', 'gid: 7');
  change('root/dir1/f2m1', '0x1000000', '0x2000000');
  change('root/one_byte', 'mode: 0644', 'mode: 0600');
  change('daxdevs/0', 'size: 4294967296', 'size: 1');
  mkdirSync(join(tree, 'root/more/inside'), { recursive: true });
  writeFileSync(join(tree, 'root/more/inside/file'), '');
  symlinkSync('/etc', join(tree, 'root/dir1/link'));
  writeFileSync(join(tree, 'daxdevs/7'), '');
  rmSync(join(tree, 'root/f4096'));
  mkdirSync(join(tree, 'root/f4096'));
  rmSync(join(tree, 'root/dir1/sub'), { recursive: true });
  writeFileSync(join(tree, 'root/dir1/sub'), '');
  const found = await check(g2, tree);
  assert.deepEqual(found.map(({ path, code, detail }) => `${path} ${code} ${detail.split(' is ')[0]}`).sort(), [
    'daxdevs/0 DIFFERENT size',
    'daxdevs/7 EXTRA not in the log',
    'root/dir1/f2m DIFFERENT gid',
    'root/dir1/f2m DIFFERENT size',
    'root/dir1/f2m1 DIFFERENT map',
    'root/dir1/link EXTRA not in the log',
    'root/dir1/sub WRONG_KIND is not a folder, or',
    'root/dir1/sub/deep WRONG_KIND is not a folder, or',
    'root/dir1/sub/deep/f2m-1 WRONG_KIND is not a folder, or',
    'root/dir1/sub/f100m WRONG_KIND is not a folder, or',
    'root/f4096 WRONG_KIND is not a regular file',
    'root/more EXTRA not in the log',
    'root/more/inside EXTRA not in the log',
    'root/more/inside/file EXTRA not in the log',
    'root/one_byte DIFFERENT mode',
  ]);
});

const BOMBS: readonly (readonly [string, string])[] = [
  ['aliases', `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nfile: [*b,*b,*b,*b,*b,*b,*b,*b]\n`],
  ['deep nesting', '['.repeat(16_000)],
  ['too long', `file: {path: ${'x'.repeat(20_000)}}`],
  ['a tag', 'file: !!js/function "function () {}"'],
  ['a prototype', '{__proto__: {file: {}}, file: {__proto__: {path: x}}}'],
  ['no YAML', '\0\xff{[:::'],
  ['nothing', ''],
  ['a list', '- file'],
  ['many keys', `file: {${Array.from({ length: 3000 }, (_, i) => `k${i.toString(36)}: `).join(',')}}`],
];

for (const [what, text] of BOMBS) {
  test(`a planted file with ${what} is a difference, and is corrected`, async () => {
    const tree = newTree();
    await play(g2, tree);
    writeFileSync(join(tree, 'root/one_byte'), text);
    const started = performance.now();
    const found = await check(g2, tree);
    assert.ok(performance.now() - started < 30_000);
    assert.deepEqual(
      found.map(({ path, code }) => [path, code]),
      [['root/one_byte', 'DIFFERENT']],
    );
    assert.equal((await play(g2, tree)).replaced, 1);
    assert.deepEqual(await check(g2, tree), []);
  });
}

/** A folder outside the tree, whose contents must not change. */
function outside(): string {
  const folder = join(sandbox.folder, `outside${count++}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'precious'), 'precious');
  return folder;
}

function assertUntouched(folder: string): void {
  assert.deepEqual(readdirSync(folder), ['precious']);
  assert.equal(readFileSync(join(folder, 'precious'), 'utf8'), 'precious');
}

for (const planted of ['root', 'root/dir1', 'root/dir1/sub', 'root/.meta', 'daxdevs']) {
  test(`a link planted at ${planted} is refused, and nothing is written through it`, async () => {
    const tree = newTree();
    await play(g2, tree);
    const folder = outside();
    rmSync(join(tree, planted), { recursive: true });
    symlinkSync(folder, join(tree, planted));
    const { code, exitCode } = await sandbox.error(['logplay', '--shadow', tree, '--dev', g2]);
    assert.deepEqual([code, exitCode], ['SHADOW_UNSAFE', 1]);
    assertUntouched(folder);
    assert.ok((await check(g2, tree)).length > 0);
    assertUntouched(folder);
  });
}

test('a link in place of a file is replaced, not followed, even a dangling one', async () => {
  const tree = newTree();
  await play(g2, tree);
  const folder = outside();
  for (const [path, target] of [
    ['root/one_byte', join(folder, 'precious')],
    ['root/f4096', join(folder, 'new')],
    ['root/.meta/.log', join(folder, 'precious')],
  ] as const) {
    rmSync(join(tree, path));
    symlinkSync(target, join(tree, path));
  }
  assert.equal((await check(g2, tree)).filter(({ code }) => code === 'WRONG_KIND').length, 3);
  assert.equal((await play(g2, tree)).replaced, 3);
  assertUntouched(folder);
  assert.ok(lstatSync(join(tree, 'root/one_byte')).isFile());
  assert.deepEqual(await check(g2, tree), []);
});

test('a hard link to a file outside is not written through', async () => {
  const tree = newTree();
  await play(g2, tree);
  const folder = outside();
  rmSync(join(tree, 'root/one_byte'));
  const { linkSync } = await import('node:fs');
  linkSync(join(folder, 'precious'), join(tree, 'root/one_byte'));
  assert.equal((await play(g2, tree)).replaced, 1);
  assertUntouched(folder);
});

test('entries with paths outside the tree are not played', async () => {
  const tree = newTree();
  const bad = goldenImage('g13', sandbox.folder);
  const { stderr } = await sandbox.run(['logplay', '--shadow', tree, '--dev', bad]);
  assert.match(stderr, /1 of 13 log entries/);
  assert.equal(existsSync(join(sandbox.folder, 'escaped_by_dotdot')), false);
  assert.equal(existsSync(join(tree, 'escaped_by_dotdot')), false);
  assert.equal(readdirSync(join(tree, 'root/dir1')).includes('f2m'), false);
});

test('names that are not UTF-8, or hostile to YAML, survive', async () => {
  const names = [
    Buffer.from('dir1/\xff\xfe', 'latin1'),
    Buffer.from('dir1/a: "b" #c\\'),
    Buffer.from('dir1/\u2028\u{1f600}'),
    Buffer.from('12'),
  ];
  const image = goldenImage('g2', sandbox.folder, (bytes) => {
    for (const [i, name] of names.entries())
      pokePayload(bytes, 5 + i, 'file', 'path', Buffer.concat([name, Buffer.alloc(80 - name.length)]));
  });
  const tree = newTree();
  await play(image, tree);
  for (const name of names) assert.ok(statSync(Buffer.concat([Buffer.from(join(tree, 'root/')), name])).isFile());
  assert.deepEqual(await check(image, tree), []);
  const again = await play(image, tree);
  assert.deepEqual([again.made, again.replaced], [0, 0]);
});

test('--client masks write permission of files', async () => {
  const tree = newTree();
  await play(g2, tree, '--client');
  const modes = new Map<string, string>();
  for (const path of ['one_byte', 'dir1/f8m', 'dir1/f1g', '.meta/.log'])
    modes.set(path, /mode: (\d+)/.exec(readFileSync(join(tree, 'root', path), 'utf8'))?.[1] as string);
  assert.deepEqual([...modes.values()], ['0444', '0555', '04555', '0444']);
  assert.deepEqual(await check(g2, tree, '--client'), []);
  assert.ok((await check(g2, tree)).length > 8);
});

test('the log of a Client is read-only, the files are as they are', async () => {
  const tree = newTree();
  sandbox.becomeHost(OTHER_UUID);
  await play(g2, tree);
  sandbox.becomeHost(GOLDEN_MASTER);
  assert.match(readFileSync(join(tree, 'root/.meta/.log'), 'utf8'), /mode: 0444/);
  assert.match(readFileSync(join(tree, 'root/one_byte'), 'utf8'), /mode: 0644/);
});

test('a tree of another file system is refused', async () => {
  const tree = newTree();
  await play(g2, tree);
  assert.equal((await sandbox.error(['logplay', '--shadow', tree, '--dev', g3])).code, 'SHADOW_FOREIGN');
  assert.deepEqual(await check(g2, tree), []);
});

test('directories of a tree get their owner back', { skip: !asRoot }, async () => {
  const tree = newTree();
  await play(g2, tree);
  chownSync(join(tree, 'root/dir1/sub'), 5, 6);
  const [difference] = await check(g2, tree);
  assert.match(difference?.detail ?? '', /uid is 5, in the log 1000/);
  await play(g2, tree);
  assert.equal(statSync(join(tree, 'root/dir1/sub')).uid, 1000);
});

test('an owner that nobody can be matches any', { skip: !asRoot }, async () => {
  const own = new Sandbox(GOLDEN_MASTER);
  const [sub] = (await sandbox.json<LsDocument>(['ls', '-ld', 'dir1/sub', '--dev', g2])).entries;
  const image = goldenImage('g2', own.folder, (bytes) =>
    pokePayload(bytes, sub?.slot as number, 'mkdir', 'uid', 2 ** 32 - 1),
  );
  const tree = newTree();
  await play(image, tree);
  assert.deepEqual(await check(image, tree), []);
});

test('a tree below /proc, where no folder can be made, is an error and does not hang', async () => {
  const { code } = await sandbox.error(['logplay', '--dev', g2, '--shadow', '/proc/famfs-no-such/tree']);
  assert.equal(code, 'SHADOW_OPEN');
});

test('a tree that is not a directory, or is missing for --check, is an error', async () => {
  const file = join(sandbox.folder, 'plain');
  writeFileSync(file, '');
  assert.equal((await sandbox.error(['logplay', '--shadow', file, '--dev', g2])).code, 'SHADOW_OPEN');
  assert.equal((await sandbox.error(['logplay', '--shadow', join(file, 'x'), '--dev', g2])).code, 'SHADOW_OPEN');
  assert.equal((await sandbox.error(['logplay', '--shadow', newTree(), '--check', '--dev', g2])).code, 'SHADOW_OPEN');
});

test('no temporary file remains', async () => {
  const tree = newTree();
  await play(g2, tree);
  rmSync(join(tree, 'root/one_byte'));
  mkdirSync(join(tree, 'root/one_byte'));
  assert.equal((await sandbox.error(['logplay', '--shadow', tree, '--dev', g2])).code, 'SHADOW_WRITE');
  assert.deepEqual(readdirSync(tree).sort(), ['daxdevs', 'root']);
  renameSync(join(tree, 'root/one_byte'), join(sandbox.folder, `gone${count++}`));
  await play(g2, tree);
  assert.deepEqual(await check(g2, tree), []);
});

for (const argv of [
  ['--check'],
  ['--client'],
  ['--shadow', ''],
  ['--shadow', 'x', '--from', '0'],
  ['--shadow', 'x', '--check', '--follow'],
  ['--interval', '5'],
  ['--follow', '--interval', '0'],
]) {
  test(`wrong use: logplay ${argv.join(' ')}`, async () => {
    assert.equal((await sandbox.run(['logplay', ...argv, '--dev', g2])).exitCode, 2);
  });
}

test('trees of pools have a file for each daxdev, and maps name them', async () => {
  const sandbox = new PoolSandbox();
  const paths = await sandbox.makePool(64, 64, 64);
  await sandbox.ok(['creat', '--dev', paths[0] as string, '-s', '12M', '--stripes', '3', 'f']);
  const tree = `${sandbox.folder}/tree`;
  await sandbox.ok(['logplay', '--shadow', tree, '--dev', paths[0] as string]);
  const { differences } = await sandbox.json(['logplay', '--shadow', tree, '--check', '--dev', paths[0] as string]);
  assert.deepEqual(differences, []);
  const { daxdevs } = await sandbox.json<{ daxdevs: { uuid: string; size: number }[] }>([
    'daxdev',
    'list',
    '--dev',
    paths[0] as string,
  ]);
  for (const [i, { uuid, size }] of daxdevs.entries())
    assert.equal(
      readFileSync(`${tree}/daxdevs/${i}`, 'utf8'),
      `---\ndaxdev:\n  index: ${i}\n  uuid: ${uuid}\n  size: ${size}\n...\n`,
    );
});

test('a tree of more directories than are kept open is complete', async () => {
  const many = new Sandbox();
  await many.makeFs(GIB);
  const names = Array.from({ length: 131 }, (_, i) => `d${i}`);
  await many.ok(['mkdir', ...names]);
  const tree = join(many.folder, 'tree');
  // the files of the first directories come last, when those are no longer open
  const files = [...names, ...names.toReversed()].map((name, i) => `${name}/f${i} 1`);
  await many.ok(['creat', '--from', '-'], { stdin: stdinOf(files.join('\n')) });
  await many.ok(['logplay', '--shadow', tree]);
  for (const name of names) assert.equal(readdirSync(join(tree, 'root', name)).length, 2, name);
  assert.deepEqual((await many.json(['logplay', '--shadow', tree, '--check'])).differences, []);
});

test('what cannot be written to a new tree is an error that names the file, also among many', async () => {
  const many = new Sandbox();
  await many.makeFs(GIB);
  const long = 'n'.repeat(70);
  const files = Array.from({ length: 300 }, (_, i) => `${i === 200 ? long : `file${i}`} 1`);
  await many.ok(['creat', '--from', '-'], { stdin: stdinOf(files.join('\n')) });
  const tree = join(many.folder, 'tree');
  // bash counts in blocks of 1 KiB, which no YAML of these files fills: so none of its bytes may be written
  const script = `trap '' XFSZ; ulimit -f 0; exec $FAMFS logplay --quiet --shadow ${tree} 2>&1`;
  const { exitCode, stdout } = await shellIn(many, script);
  assert.equal(exitCode, 1);
  assert.match(stdout, /cannot write \S+tree\/\S+: EFBIG: file too large \(write\)/);
  rmSync(tree, { recursive: true });
  await many.ok(['logplay', '--shadow', tree]);
  assert.equal(readdirSync(join(tree, 'root')).length, 301);
  assert.deepEqual((await many.json(['logplay', '--shadow', tree, '--check'])).differences, []);
});

test('names that someone puts into a tree while it is made are replaced, and counted so', async (t) => {
  const many = new Sandbox();
  await many.makeFs(GIB);
  await many.ok(['mkdir', 'd']);
  await many.ok(['creat', '--from', '-'], { stdin: stdinOf('d/a 1\nd/b 1\nd/c 1\n') });
  const tree = join(many.folder, 'tree');
  const volume = openVolume({ env: many.env, cwd: many.folder, warn: () => {} }, []);
  t.after(() => volume.close());
  const player = await ShadowPlayer.open(tree, volume, { client: false, live: false });
  const outside = join(many.folder, 'outside');
  eachApplied(volume, (entry) => {
    player.play(entry);
    if (entry.type === 'MKDIR') {
      writeFileSync(join(tree, 'root/d/a'), 'planted');
      symlinkSync(outside, join(tree, 'root/d/b'));
    }
  });
  player.finish();
  assert.deepEqual(player.counts, { made: 5, unchanged: 0, replaced: 2, wrongOwners: 0 });
  player.close();
  assert.ok(!existsSync(outside));
  assert.deepEqual((await many.json(['logplay', '--shadow', tree, '--check'])).differences, []);
});

test('once a new tree is finished, files come into it whole', async (t) => {
  const many = new Sandbox();
  await many.makeFs(GIB);
  await many.ok(['creat', '-s', '1', 'first']);
  const tree = join(many.folder, 'tree');
  const volume = openVolume({ env: many.env, cwd: many.folder, warn: () => {} }, []);
  t.after(() => volume.close());
  const player = await ShadowPlayer.open(tree, volume, { client: false, live: false });
  let file: LogEntry | undefined;
  eachApplied(volume, (entry) => {
    file = entry;
    player.play(entry);
  });
  player.finish();
  assert.ok(file?.type === 'FILE');
  player.playMore([{ ...file, path: 'second' }]);
  // not before the player is closed
  assert.equal(readFileSync(join(tree, 'root/second'), 'utf8').includes('path: second'), true);
  player.close();
});
