import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApplyDocument } from '../../src/commands/apply.js';
import type { LsDocument } from '../../src/commands/ls.js';
import { POOL_DEFAULTS_OFFSET } from '../../src/format/poolDefaults.js';
import { POOL_LABEL_OFFSET } from '../../src/format/poolLabel.js';
import { makeRandom } from '../../src/fs/allocate/random.js';
import { ended, FAMFS, GUARD } from '../support/famfs.js';
import { fmapOf, type ShownFmap } from '../support/fmap.js';
import { Head } from '../support/head.js';
import { type FsckReport, overwrite, PoolSandbox } from '../support/pool.js';
import { MIB, OTHER_UUID, Sandbox } from '../support/sandbox.js';

const POOL = `
pool:
  daxdevs:
    - {path: "p{0..3}.img", size: 32M}
  stripes: 2
directories:
  - {path: data/deep, mode: 0700}
files:
  - {path: "data/shard-{00..19}", size: 1M}
  - {path: data/wide, size: 8M, seed: 7}
  - {path: copy, source: local.bin}
`;

function sandboxWith(text: string): PoolSandbox {
  const sandbox = new PoolSandbox();
  writeFileSync(sandbox.path('m.yaml'), text);
  writeFileSync(sandbox.path('local.bin'), Buffer.alloc(3 * MIB, 'local'));
  sandbox.env.FAMFS_DEV = sandbox.path('p0.img');
  return sandbox;
}

/** Images as they are now, from end to end. */
function imagesNow(sandbox: Sandbox, ...names: string[]): Head[] {
  return names.map((name) => join(sandbox.folder, name)).map((path) => new Head(path, statSync(path).size));
}

function assertUnchanged(images: readonly Head[], why?: string): void {
  for (const image of images) assert.ok(image.isUnchanged(), `${image.path}${why === undefined ? '' : `: ${why}`}`);
}

test('images, pool, directories and files are made, and the second time nothing changes', async () => {
  const sandbox = sandboxWith(POOL);
  const plan = await sandbox.run(['plan', 'm.yaml']);
  assert.equal(plan.exitCode, 2);
  assert.ok(!existsSync(sandbox.path('p0.img')));
  const dry = await sandbox.json<ApplyDocument>(['apply', '-n', 'm.yaml']);
  assert.deepEqual([dry.counts.create, dry.written, existsSync(sandbox.path('p0.img'))], [28, false, false]);
  const made = await sandbox.json<ApplyDocument>(['apply', 'm.yaml']);
  const none = { create: 0, exists: 0, conflict: 0, keep: 0, change: 0, replace: 0, extra: 0 };
  assert.deepEqual([made.counts, made.failed], [{ ...none, create: 28 }, []]);
  assert.deepEqual(
    made.pool?.daxdevs.map(({ action, daxdev, makesImage }) => [action, daxdev, makesImage]),
    [0, 1, 2, 3].map((daxdev) => ['create', daxdev, true]),
  );
  assert.equal((await sandbox.fsck()).exitCode, 0);
  assert.match(await sandbox.ok(['ls', '-l', 'data']), /drwx------ .* deep\//);
  await sandbox.ok(['verify', '--seed', '7', 'data/wide']);
  assert.deepEqual((await fmapOf(sandbox, 'data/wide')).extents.length, 2);
  await sandbox.ok(['get', 'copy', 'back']);
  assert.ok(readFileSync(sandbox.path('back')).equals(readFileSync(sandbox.path('local.bin'))));
  const images = ['p0.img', 'p1.img', 'p2.img', 'p3.img'];
  const before = imagesNow(sandbox, ...images);
  const again = await sandbox.json<ApplyDocument>(['apply', 'm.yaml']);
  // a parent that nobody named is an item only when it is made
  assert.deepEqual(again.counts, { ...none, exists: 27 });
  assert.equal((await sandbox.run(['plan', 'm.yaml'])).exitCode, 0);
  rmSync(sandbox.path('local.bin'));
  assert.equal((await sandbox.run(['plan', 'm.yaml'])).exitCode, 0, 'the source of a file that exists is not needed');
  assertUnchanged(before);
});

test('a pool grows by the daxdevs that are new, and takes in what an interrupted add has left', async () => {
  const sandbox = sandboxWith('pool: {daxdevs: [p0.img, p1.img, {path: p3.img, size: 32M}, p2.img]}');
  sandbox.images(16, 16, 16);
  await sandbox.ok(['mkfs', 'p0.img', 'p1.img']);
  const { daxdevs: members } = await sandbox.list();
  // a stranger: the superblock of a secondary of another pool
  await sandbox.ok(['daxdev', 'add', 'p2.img']);
  const stranger = readFileSync(sandbox.path('p2.img'));
  for (const name of ['p0.img', 'p1.img', 'p2.img']) rmSync(sandbox.path(name));
  sandbox.images(16, 16);
  writeFileSync(sandbox.path('p2.img'), stranger);
  const refused = await sandbox.error(['apply', 'm.yaml']);
  assert.equal(refused.code, 'NO_PRIMARY');
  assert.ok(!existsSync(sandbox.path('p3.img')));
  rmSync(sandbox.path('p2.img'));
  sandbox.images(16, 16, 16);
  await sandbox.ok(['mkfs', 'p0.img', 'p1.img']);
  // an orphan of this pool
  const primary = sandbox.path('p0.img');
  const before = readFileSync(primary);
  await sandbox.ok(['daxdev', 'add', 'p2.img']);
  writeFileSync(primary, before, { flag: 'r+' });
  const grown = await sandbox.json<ApplyDocument>(['apply', 'm.yaml']);
  assert.deepEqual(
    grown.pool?.daxdevs.map(({ action, path }) => `${action} ${path?.slice(-6)}`),
    ['exists p0.img', 'exists p1.img', 'create p3.img', 'create p2.img'],
  );
  assert.equal((await sandbox.list()).daxdevs.length, 4);
  assert.equal(statSync(sandbox.path('p3.img')).size, 32 * MIB);
  assert.equal(members.length, 2);
  assert.equal((await sandbox.fsck()).exitCode, 0);
});

test('what does not fit changes nothing, not even the pool', async () => {
  for (const files of [
    '[{path: big, size: 300M}]',
    // room that the log takes
    '[{path: a, size: 7M, daxdevs: 0}]',
    '[{path: "f{00000..20000}", size: 1}]',
    '[{path: a, size: 1M, daxdevs: 5}]',
    '[{path: a, source: missing.bin}]',
  ]) {
    const pool = 'pool: {daxdevs: [{path: "p{0..1}.img", size: 16M}]}';
    const sandbox = sandboxWith(`${pool}\nfiles: ${files}`);
    const { message } = await sandbox.error(['apply', 'm.yaml']);
    assert.match(message, /^m\.yaml:/);
    assert.ok(!existsSync(sandbox.path('p0.img')), files);
    // a pool that would have to grow
    sandbox.images(16);
    await sandbox.ok(['mkfs', 'p0.img']);
    const before = imagesNow(sandbox, 'p0.img');
    await sandbox.error(['apply', 'm.yaml']);
    assertUnchanged(before, files);
    assert.ok(!existsSync(sandbox.path('p1.img')), files);
  }
});

test('nothing that exists is replaced: other content, other pools, other settings', async () => {
  const sandbox = sandboxWith('pool: {daxdevs: [p0.img, p1.img], loglen: 8M}');
  sandbox.images(16, 16, 16);
  const expect = async (code: string, ...images: string[]) => {
    const before = imagesNow(sandbox, ...images);
    assert.equal((await sandbox.error(['apply', 'm.yaml'])).code, code);
    assert.equal((await sandbox.run(['plan', 'm.yaml'])).exitCode, 1);
    assertUnchanged(before);
  };
  writeFileSync(sandbox.path('p1.img'), Buffer.alloc(16 * MIB, 'content'));
  await expect('FOREIGN', 'p0.img', 'p1.img');
  sandbox.images(16, 16, 16);
  await sandbox.ok(['mkfs', 'p0.img']);
  await sandbox.ok(['mkfs', 'p1.img']);
  await expect('CONFLICT', 'p0.img', 'p1.img');
  sandbox.images(32, 16);
  await sandbox.ok(['mkfs', '--loglen', '16M', 'p0.img']);
  await expect('CONFLICT', 'p0.img', 'p1.img');
  writeFileSync(sandbox.path('m.yaml'), 'pool: {daxdevs: [p0.img], stripes: 4}');
  await expect('CONFLICT', 'p0.img');
  writeFileSync(sandbox.path('m.yaml'), 'pool: {daxdevs: [{path: p0.img, size: 20M}]}');
  await expect('CONFLICT', 'p0.img');
  sandbox.becomeHost(OTHER_UUID);
  writeFileSync(sandbox.path('m.yaml'), 'pool: {daxdevs: [p0.img, p1.img]}');
  assert.equal((await sandbox.error(['apply', 'm.yaml'])).code, 'NOT_MASTER');
});

test('the allocation unit of a pool is made as declared, and never changed', async () => {
  const sandbox = sandboxWith(
    'pool: {daxdevs: [p0.img, p1.img], allocUnit: 4k, stripes: 2, chunk: 64k}\nfiles: [{path: a, size: 10k, stripes: 0}, {path: b, size: 1M}]',
  );
  sandbox.images(16, 16);
  await sandbox.ok(['apply', 'm.yaml']);
  await sandbox.ok(['plan', 'm.yaml']);
  sandbox.env.FAMFS_DEV = sandbox.path('p0.img');
  assert.equal((await sandbox.json<{ allocationUnit: number }>(['info'])).allocationUnit, 4096);
  assert.equal((await sandbox.json<{ used: number }>(['df'])).used, 12288 + MIB);
  writeFileSync(sandbox.path('m.yaml'), 'pool: {daxdevs: [p0.img, p1.img], allocUnit: 2M}');
  const { code, message } = await sandbox.error(['apply', 'm.yaml']);
  assert.equal(code, 'CONFLICT');
  assert.match(message, /has an allocation unit of 4 KiB, not 2 MiB/);
  writeFileSync(sandbox.path('m.yaml'), 'pool: {allocUnit: 8k}');
  assert.match(
    (await sandbox.error(['apply', 'm.yaml'])).message,
    /m\.yaml:1:19: pool\.allocUnit: 8192 is not an allocation unit/,
  );
});

test('conflicts are all reported, and nothing else is made', async () => {
  const sandbox = new Sandbox();
  const image = await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '1M', 'a', 'b', 'c']);
  writeFileSync(
    join(sandbox.folder, 'm.yaml'),
    'files:\n- {path: a, size: 2M}\n- {path: b, size: 2M}\n- {path: new, size: 1M}',
  );
  const before = new Head(image, 64 * MIB);
  for (const options of [[], ['-n']]) {
    const { exitCode, stderr } = await sandbox.run(['apply', ...options, 'm.yaml']);
    assert.equal(exitCode, 1);
    assert.match(stderr, /m\.yaml:2:3: a has 1048576 bytes, not 2097152; .*\n.*m\.yaml:3:3: b has 1048576 bytes/);
  }
  assert.ok(before.isUnchanged());
});

test('files without bytes become the same whether they are placed together or one by one', async () => {
  const manifest = `
defaults: {policy: fill, stripes: 2}
directories: [{path: made/below, mode: 0750}]
files:
  - {path: "old/{0..9}", size: 3M}
  - {path: "old/mode{0..1}", size: 4M, mode: 0600}
  - {path: made/below/a, size: 1}
  - {path: implied/deep/b, size: 5M, uid: 7}
  - {path: implied/deep/c, size: 2M}
  - {path: implied/deep/simple, size: 2M, stripes: 0}
  - {path: d, size: 6M, daxdevs: 1, gid: 9}
  - {path: e, size: 6M, daxdevs: 1}
  - {path: f, size: 1M, mode: 0600}
  - {path: g, size: 1M, mode: 0604}
`;
  const found: unknown[] = [];
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  const own = `${uid} ${gid}`;
  // a file with bytes is placed by itself, and so are all others with it
  for (const last of ['', '  - {path: z, size: 1, zero: true}\n']) {
    const sandbox = new PoolSandbox();
    await sandbox.makePool(128, 128);
    await sandbox.ok(['mkdir', 'old']);
    writeFileSync(sandbox.path('m.yaml'), manifest + last);
    const plan = await sandbox.json<ApplyDocument>(['apply', '-n', 'm.yaml']);
    const applied = await sandbox.json<ApplyDocument>(['apply', 'm.yaml']);
    assert.deepEqual([applied.items, applied.counts], [plan.items, plan.counts]);
    const { entries } = await sandbox.json<LsDocument>(['ls', '-lR']);
    assert.deepEqual(
      entries
        .filter(({ type, path }) => type === 'file' && !/[1-8]$/.test(path) && path !== 'z')
        .map(({ path, size, mode, uid, gid }) => `${path} ${size} ${mode} ${uid} ${gid}`),
      [
        `d 6291456 0644 ${uid} 9`,
        `e 6291456 0644 ${own}`,
        `f 1048576 0600 ${own}`,
        `g 1048576 0604 ${own}`,
        `implied/deep/b 5242880 0644 7 ${gid}`,
        `implied/deep/c 2097152 0644 ${own}`,
        `implied/deep/simple 2097152 0644 ${own}`,
        `made/below/a 1 0644 ${own}`,
        `old/0 3145728 0644 ${own}`,
        `old/9 3145728 0644 ${own}`,
        `old/mode0 4194304 0600 ${own}`,
      ],
    );
    const { files } = await sandbox.json<{ files: ShownFmap[] }>(['showfmap', '--all']);
    const isShared = ({ path }: { readonly path: string }) => path !== 'z';
    const items = applied.items.filter(isShared).sort((a, b) => (a.path < b.path ? -1 : 1));
    found.push({ items, entries: entries.filter(isShared), files: files.filter(isShared) });
    assert.equal((await sandbox.run(['fsck'])).exitCode, 0);
    assert.equal((await sandbox.run(['plan', 'm.yaml'])).exitCode, 0);
  }
  assert.deepEqual(found[0], found[1]);
});

test('a wrong sha256 makes no file, the others are made, and the next run makes it', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  const local = join(sandbox.folder, 'local.bin');
  writeFileSync(local, Buffer.alloc(5 * MIB + 1, 'wrong'));
  const right = Buffer.alloc(5 * MIB + 1, 'right');
  const sum = createHash('sha256').update(right).digest('hex');
  writeFileSync(
    join(sandbox.folder, 'm.yaml'),
    `files: [{path: w, source: local.bin, sha256: ${sum.toUpperCase()}}, {path: z, size: 1M, zero: true}]`,
  );
  const { exitCode, stdout, stderr } = await sandbox.run(['apply', '--json', 'm.yaml']);
  assert.equal(exitCode, 1, stderr);
  const { failed } = JSON.parse(stdout) as ApplyDocument;
  assert.deepEqual(
    failed.map(({ path, code }) => [path, code]),
    [['w', 'WRONG_SHA256']],
  );
  assert.equal((await sandbox.ok(['ls'])).trim(), 'z');
  writeFileSync(local, right);
  await sandbox.ok(['apply', 'm.yaml']);
  assert.equal((await sandbox.ok(['ls'])).trim().split(/\s+/).join(), 'w,z');
  assert.equal((await sandbox.run(['plan', 'm.yaml'])).exitCode, 0);
});

test('--dev says where the pool of a manifest is to be', async () => {
  const sandbox = sandboxWith('pool: {daxdevs: [elsewhere.img]}\nfiles: [{path: a, size: 1M}]');
  delete sandbox.env.FAMFS_DEV;
  sandbox.images(16, 16);
  await sandbox.ok(['apply', '--dev', 'p0.img', '--dev', 'p1.img', 'm.yaml']);
  assert.equal((await sandbox.list('--dev', 'p0.img')).daxdevs.length, 2);
  assert.equal((await sandbox.run(['plan', '--dev', 'p0.img', '--dev', 'p1.img', 'm.yaml'])).exitCode, 0);
});

test('a mkfs that was killed while it wrote its records is no conflict', async () => {
  const sandbox = sandboxWith('pool: {daxdevs: [p0.img], label: killed, stripes: 2}');
  const [primary = ''] = sandbox.images(16);
  await sandbox.ok(['mkfs', '--label', 'killed', '--stripes', '2', 'p0.img']);
  overwrite(primary, 0, Buffer.alloc(200));
  // any word of a record may be missing
  for (const offset of [POOL_LABEL_OFFSET, POOL_DEFAULTS_OFFSET + 8]) overwrite(primary, offset, Buffer.alloc(8));
  assert.equal((await sandbox.run(['plan', 'm.yaml'])).exitCode, 2);
  await sandbox.ok(['apply', 'm.yaml']);
  overwrite(primary, 0, Buffer.alloc(8));
  await sandbox.ok(['apply', 'm.yaml']);
  assert.equal((await sandbox.run(['plan', 'm.yaml'])).exitCode, 0);
});

test('an image that is copied into itself is refused', async () => {
  const sandbox = sandboxWith('files: [{path: a, source: p0.img}]');
  sandbox.images(16);
  await sandbox.ok(['mkfs', 'p0.img']);
  assert.equal((await sandbox.error(['apply', 'm.yaml'])).code, 'IS_THE_IMAGE');
});

test('killed at any moment, the next run makes the rest', async () => {
  const seed = Number(process.env.FAMFS_TEST_SEED ?? randomInt(2 ** 32));
  const random = makeRandom(seed);
  for (let round = 0; round < 2; round++) {
    const sandbox = sandboxWith(
      POOL.replace('{00..19}', '{000..999}').replace('size: 1M', 'size: 64k, stripes: 0').replaceAll('32M', '600M'),
    );
    const argv = [FAMFS, 'apply', '-q', 'm.yaml'];
    const options = { cwd: sandbox.folder, env: { ...process.env, ...sandbox.env }, ...GUARD };
    const child = spawn(process.execPath, argv, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const over = ended(child);
    // while the images are there but not all is made, most of the time
    for (let waited = 0; !existsSync(sandbox.path('p0.img')) && waited < 1000; waited++) await sleep(2);
    await sleep(random() * 300);
    child.kill('SIGKILL');
    await over;
    const { exitCode, stderr } = await sandbox.run(['apply', '-q', 'm.yaml']);
    assert.equal(exitCode, 0, `seed ${seed}, round ${round}: ${stderr}`);
    const { errors } = (await sandbox.fsck()) as FsckReport;
    assert.equal(errors, 0, `seed ${seed}, round ${round}`);
    assert.equal((await sandbox.run(['plan', 'm.yaml'])).exitCode, 0, `seed ${seed}, round ${round}`);
    await sandbox.ok(['verify', '--seed', '7', 'data/wide']);
  }
});
