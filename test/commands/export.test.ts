/** The manifest of a file system that exists: plan finds nothing to do, and apply makes the same elsewhere. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ApplyDocument } from '../../src/commands/apply.js';
import type { ExportDocument } from '../../src/commands/export.js';
import { indexText } from '../../src/commands/manifest/indexText.js';
import type { PlanDocument } from '../../src/commands/plan.js';
import { fmapOf } from '../support/fmap.js';
import { PoolSandbox } from '../support/pool.js';
import { Random } from '../support/random.js';
import { type ListedEntry, MIB, Sandbox, sandboxWithFs, stdinOf } from '../support/sandbox.js';

/** Names that YAML, ranges or a shell could take for something else. */
const NAMES = [
  'plain',
  'two words',
  ' leading',
  'trailing ',
  '{}',
  'r{1..3}',
  '{000..999}',
  'a"b',
  "a'b",
  'a\\b',
  '- x',
  '# x',
  'a: b',
  'a, b',
  '[x]',
  '&a',
  '*a',
  '!a',
  '%a',
  '@a',
  '`a',
  '|',
  '>',
  '?',
  '~',
  'null',
  'true',
  'No',
  '0644',
  '1e3',
  '.5',
  'ünï',
  '文件',
  'a\u202eb',
  '---',
  '...',
];

/** A pool of random daxdevs with random directories and files in it. Returns the sizes of its daxdevs, in MiB. */
async function randomPool(sandbox: PoolSandbox, random: Random): Promise<number[]> {
  const sizes = Array.from({ length: random.within(1, 3) }, () => 2 * random.within(80, 95));
  const images = sandbox.images(...sizes);
  const defaults = random.chance(0.5) ? ['--stripes', String(random.within(1, 4))] : [];
  const label = random.chance(0.5) ? [`--label=${random.pick(NAMES.filter((name) => !/[:/]/.test(name)))}`] : [];
  await sandbox.ok([
    'mkfs',
    ...label,
    ...defaults,
    ...(random.chance(0.3) ? ['--loglen', '16M'] : []),
    ...(random.chance(0.3) ? ['--alloc-unit', '4k'] : []),
    ...images,
  ]);
  sandbox.env.FAMFS_DEV = images[0] as string;
  const directories = [''];
  const manifest: { directories: object[]; files: object[] } = { directories: [], files: [] };
  for (const name of [...NAMES].sort(() => random.below(3) - 1)) {
    const path = `${random.pick(directories)}${name}`;
    if (Buffer.byteLength(path) > 60) continue;
    const owner = random.chance(0.2) ? { uid: random.below(9), gid: 7 } : {};
    const mode = random.chance(0.3) ? { mode: random.pick(['600', '755', '4711']) } : {};
    const common = { path, literal: true, ...owner, ...mode };
    if (random.chance(0.3)) {
      manifest.directories.push(common);
      directories.push(`${path}/`);
      continue;
    }
    const layouts = [{}, { stripes: 0 }, { contiguous: true }, { stripes: random.within(1, 3), chunk: '2M' }];
    manifest.files.push({ ...common, ...random.pick(layouts), size: random.within(1, 3 * MIB) });
  }
  await sandbox.ok(['apply', '-'], { stdin: stdinOf(JSON.stringify(manifest)) });
  return sizes;
}

/** All files and directories; their log slots are others where all directories are made first. */
async function tree(sandbox: Sandbox): Promise<ListedEntry[]> {
  return (await sandbox.entries()).map(({ path, size, mode, uid, gid }) => ({ path, size, mode, uid, gid }));
}

/** apply makes directories by depth, and the daxdevs of a copy are others. */
function comparable({ pool, directories, ...rest }: ExportDocument): object {
  const sorted = [...directories].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { ...rest, pool: { ...pool, daxdevs: pool.daxdevs.map(({ size }) => size) }, directories: sorted };
}

test('plan finds nothing to do with the export of random pools, and apply makes the same on blank daxdevs', async (t) => {
  const random = new Random(t);
  for (let round = 0; round < 3; round++) {
    const sandbox = new PoolSandbox();
    const sizes = await randomPool(sandbox, random);
    const yaml = await sandbox.ok(['export']);
    const exported = await sandbox.json<ExportDocument>(['export']);
    for (const text of [yaml, JSON.stringify(exported)]) {
      const { exitCode, stdout, stderr } = await sandbox.run(['plan', '--json', '-'], { stdin: stdinOf(text) });
      assert.equal(exitCode, 0, stderr + stdout + text);
      const { counts } = JSON.parse(stdout) as PlanDocument;
      assert.deepEqual(counts, { ...counts, create: 0, conflict: 0, extra: 0 });
    }
    const entries = await tree(sandbox);

    const copies = sizes.map((size, i) => sandbox.image(`copy${i}.img`, size * MIB));
    await sandbox.ok(['apply', '-', ...copies.flatMap((path) => ['--dev', path])], { stdin: stdinOf(yaml) });
    sandbox.env.FAMFS_DEV = copies[0] as string;
    assert.deepEqual(await tree(sandbox), entries);
    const again = await sandbox.json<ExportDocument>(['export']);
    assert.deepEqual(
      again.pool.daxdevs.map(({ path }) => path),
      copies,
    );
    assert.deepEqual(comparable(again), comparable(exported));
  }
});

test('the images of an export are made where they are missing', async () => {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(64, 64);
  await sandbox.ok(['creat', '-s', '4M', '--stripes', '2', 'a']);
  const text = (await sandbox.ok(['export'])).replaceAll(sandbox.folder, join(sandbox.folder, 'other'));
  assert.match(text, /\{path: \S+\/other\/p0\.img, size: 64M\}/);
  const other = new Sandbox();
  const moved = text.replaceAll(join(sandbox.folder, 'other'), other.folder);
  const document = JSON.parse(await other.ok(['apply', '--json', '-'], { stdin: stdinOf(moved) })) as ApplyDocument;
  assert.deepEqual(
    document.pool?.daxdevs.map(({ makesImage }) => makesImage),
    [true, true],
  );
});

test('a file of several simple extents is as it is exported', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  for (let i = 0; i < 4; i++) await sandbox.ok(['creat', '-s', '8M', `f${i}`]);
  await sandbox.ok(['rm', '--clients-unmounted', 'f0', 'f2']);
  await sandbox.ok(['creat', '-s', '30M', 'split']);
  assert.ok((await fmapOf(sandbox, 'split')).extents.length > 1);
  await sandbox.ok(['plan', '-'], { stdin: stdinOf(await sandbox.ok(['export'])) });
});

test('a daxdev that is not here is named by its uuid', async () => {
  const sandbox = new PoolSandbox();
  const [, second] = await sandbox.makePool(64, 64);
  const { daxdevs } = await sandbox.list();
  writeFileSync(second as string, '');
  const { pool } = await sandbox.json<ExportDocument>(['export']);
  assert.deepEqual(pool.daxdevs[1], { uuid: daxdevs[1]?.uuid });
});

test('a name that no manifest can state is refused, and nothing is printed', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  await sandbox.ok(['creat', '--allow-bytes', '-s', '1M', 'a\udcff']);
  const { exitCode, stdout } = await sandbox.run(['export']);
  assert.deepEqual([exitCode, stdout], [1, '']);
  const { code, hint } = await sandbox.error(['export']);
  assert.equal(code, 'NOT_UTF8');
  assert.match(hint ?? '', /famfs mv/);
});

test('what most have is said once', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '1M', '-m', '640', 'a', 'b']);
  await sandbox.ok(['creat', '-s', '1M', '-m', '600', 'c']);
  const { defaults, files } = await sandbox.json<ExportDocument>(['export']);
  assert.equal(defaults.mode, '0640');
  assert.deepEqual(
    files.map(({ mode }) => mode),
    [undefined, undefined, '0600'],
  );
});

test('daxdevs are named once, in order, as ranges', () => {
  assert.equal(indexText([10, 2, 9, 2, 11, 0]), '0,2,9-11');
});
