/**
 * Random commands against a model: the log is byte for byte one that was written in one go, keeps the rules of the reference, and
 * every file has its bytes.
 */
import assert from 'node:assert/strict';
import { rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { LOG_ENTRY_SIZE } from '../../../src/format/logEntry.js';
import { logHeaderStruct } from '../../../src/format/logHeader.js';
import { words } from '../../support/patternModel.js';
import { PoolSandbox } from '../../support/pool.js';
import { Random } from '../../support/random.js';
import { assertRules } from '../../support/rules/rules.js';
import { firstBytes, MIB } from '../../support/sandbox.js';
import { Model, type ModelDaxdev, type ModelNode } from './model.js';

const LOG_OFFSET = 2 * MIB;
const LOG_LENGTH = 8 * MIB;
const STEPS = Number(process.env.FAMFS_REWRITE_STEPS ?? 40);
/** steps between two looks at the bytes of all files */
const LOOK = 10;
/** few, so that many files are verified by one command */
const SEEDS = 5;
const NAMES = ['a', 'b', 'c', 'd', 'ü', 'x y'];

interface CreatedFile {
  readonly path: string;
  readonly chunkSize: number | null;
  readonly extents: ModelNode['extents'];
}

interface Owned {
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

interface Removed {
  readonly files: readonly { path: string; moves: readonly { deviceOffset: number; to: ModelNode['extents'] }[] }[];
}

/** sizes of the images in MiB */
const IMAGES = [96, 48, 32];
/** MiB of an image that is not a daxdev at first */
const SPARE = 40;
/** how many of the steps are a clone */
const CLONED = 0.02;
/** MiB by which a daxdev grows or shrinks at most */
const GROWTH = 8;

test(`${STEPS} random creat, cp, mkdir, rewrites of the log, removed, replaced and resized daxdevs, and clones`, async (t) => {
  const random = new Random(t);
  const sandbox = new PoolSandbox();
  const [image = '', ...secondaries] = await sandbox.makePool(...IMAGES);
  const model = new Model();
  const join = async (path: string) => {
    const { daxdevs } = await sandbox.list();
    const { uuid, size } = daxdevs.find((daxdev) => daxdev.path === path) as { uuid: string; size: number };
    model.items.push({ uuid, image: path, size });
  };
  for (const path of secondaries) await join(path);
  secondaries.push(sandbox.image('spare.img', SPARE * MIB));
  const absent = () => secondaries.filter((path) => model.daxdevs.every((daxdev) => daxdev.image !== path));
  /** for a primary without a free unit */
  const journal = () => {
    const room = statSync(image).size - LOG_OFFSET - LOG_LENGTH;
    return room - model.usedOn(0) < 2 * MIB ? ['--journal', sandbox.path('journal')] : [];
  };
  let rewrites = 0;
  /** the last command that rewrote the log */
  let last = '';

  const directories = () => ['', ...model.nodes.filter(({ directory }) => directory).map(({ path }) => path)];
  const newPath = () => {
    const parent = random.pick(directories().filter((path) => path.split('/').length < 4));
    return `${parent === '' ? '' : `${parent}/`}${random.pick(NAMES)}`;
  };
  /** Runs a command that the model allows or not. */
  const run = async (argv: string[], allowed: boolean): Promise<unknown> => {
    const { exitCode, stdout, stderr } = await sandbox.run([...argv, '--json']);
    assert.equal(exitCode === 0, allowed, `${argv.join(' ')}: ${stderr}`);
    return exitCode === 0 ? JSON.parse(stdout) : undefined;
  };
  const rewrite = async (argv: string[], allowed: boolean) => {
    last = argv.join(' ');
    rewrites++;
    await run([...argv, '--clients-unmounted', ...journal()], allowed);
  };

  const add = (file: CreatedFile, size: number, seed: number) => {
    const { path, chunkSize, extents } = file;
    model.items.push({
      path,
      directory: false,
      mode: 0o644,
      uid: 3,
      gid: 4,
      size,
      seed,
      chunkSize: chunkSize ?? 0,
      extents,
    });
  };
  const owner = ['-m', '644', '-u', '3', '-g', '4'];
  const creat = async () => {
    const path = newPath();
    if (model.get(path) !== undefined) return;
    const [size, seed] = [1 + random.below(9 * MIB), random.below(SEEDS)];
    const striped = random.chance(0.3) ? ['--stripes', '2', '--chunk', '2M'] : [];
    const argv = ['creat', '-s', `${size}`, '--seed', `${seed}`, ...owner, ...striped, path];
    const { exitCode, stdout, stderr } = await sandbox.run([...argv, '--json']);
    if (exitCode !== 0) assert.match(stderr, /NO_SPACE/);
    else add((JSON.parse(stdout) as { files: CreatedFile[] }).files[0] as CreatedFile, size, seed);
  };
  const copy = async () => {
    const path = newPath();
    if (model.get(path) !== undefined) return;
    const [size, seed] = [1 + random.below(50_000), random.below(SEEDS)];
    const local = sandbox.path('source');
    writeFileSync(local, words(BigInt(seed), Math.ceil(size / 4)).subarray(0, size));
    const { exitCode, stderr } = await sandbox.run(['cp', local, path, '--json']);
    if (exitCode !== 0) {
      assert.match(stderr, /NO_SPACE/);
      return;
    }
    const { entries } = await sandbox.json<{ entries: (CreatedFile & Owned)[] }>(['stat', path]);
    const [{ mode, uid, gid, ...file }] = entries as [CreatedFile & Owned];
    add(file, size, seed);
    Object.assign(model.get(path) as ModelNode, { mode: Number.parseInt(mode, 8), uid, gid });
  };
  const mkdir = async () => {
    const path = newPath();
    await run(['mkdir', '-m', '750', '-u', '1', '-g', '2', path], model.get(path) === undefined);
    if (model.get(path) !== undefined) return;
    const node = { path, directory: true, mode: 0o750, uid: 1, gid: 2, size: 0, seed: 0, chunkSize: 0, extents: [] };
    model.items.push(node);
  };
  const rm = async () => {
    if (model.nodes.length === 0) return;
    const nodes = [random.pick(model.nodes), random.pick(model.nodes)];
    const recursive = random.chance(0.7);
    const allowed = recursive || nodes.every(({ directory }) => !directory);
    const flags = [...(recursive ? ['-r'] : []), ...(random.chance(0.2) ? ['--wipe'] : [])];
    await rewrite(['rm', ...flags, ...nodes.map(({ path }) => path)], allowed);
    if (allowed) for (const { path } of nodes) model.remove(path);
  };
  const mv = async () => {
    if (model.nodes.length === 0) return;
    const from = random.pick(model.nodes).path;
    const to = random.chance(0.4) ? random.pick(directories()) : newPath();
    const target = directories().includes(to)
      ? `${to === '' ? '' : `${to}/`}${from.slice(from.lastIndexOf('/') + 1)}`
      : to;
    const taken = model.get(target) !== undefined && target !== from;
    const allowed = !taken && !target.startsWith(`${from}/`);
    await rewrite(['mv', from, to === '' ? '/' : to], allowed);
    if (allowed) model.move(from, target);
  };
  const chmod = async () => {
    const node = model.nodes.length === 0 ? undefined : random.pick(model.nodes);
    if (node === undefined) return;
    const mode = random.below(0o10000);
    const recursive = random.chance(0.5);
    await rewrite(['chmod', ...(recursive ? ['-R'] : []), mode.toString(8), node.path], true);
    for (const one of recursive ? model.inside(node.path) : [node]) one.mode = mode;
  };
  const chown = async () => {
    const node = model.nodes.length === 0 ? undefined : random.pick(model.nodes);
    if (node === undefined) return;
    const [uid, gid] = [random.below(70_000), random.below(70_000)];
    await rewrite(['chown', random.chance(0.5) ? `${uid}:${gid}` : `${uid}:${node.gid}`, node.path], true);
    const { entries } = await sandbox.json<{ entries: { uid: number; gid: number }[] }>(['stat', node.path]);
    assert.equal(entries[0]?.uid, uid);
    Object.assign(node, { uid, gid: entries[0]?.gid });
  };
  const truncate = async () => {
    const files = model.nodes.filter(({ directory }) => !directory);
    if (files.length === 0) return;
    const node = random.pick(files);
    const size = 1 + random.below(Math.ceil(node.size * 1.2));
    await rewrite(['truncate', '-s', `${size}`, node.path], size <= node.size);
    if (size < node.size) model.shorten(node, size);
  };

  const daxdevRemove = async () => {
    if (model.daxdevs.length === 0) return;
    const index = 1 + random.below(model.daxdevs.length);
    const daxdev = model.daxdevs[index - 1] as ModelDaxdev;
    const given = random.pick([`${index}`, daxdev.uuid, daxdev.image]);
    last = `daxdev remove ${given}`;
    rewrites++;
    const argv = ['daxdev', 'remove', given, '--clients-unmounted', ...journal(), '--json'];
    const { exitCode, stdout, stderr } = await sandbox.run(argv);
    if (exitCode !== 0) {
      assert.match(stderr, /NO_SPACE/);
      return;
    }
    const { files } = JSON.parse(stdout) as Removed;
    const places = files.map(({ path, moves }) => {
      return [path, new Map(moves.map(({ deviceOffset, to }) => [deviceOffset, to]))] as const;
    });
    model.evacuate(index, new Map(places));
  };
  const daxdevAdd = async () => {
    if (absent().length === 0) return;
    const path = random.pick(absent());
    await sandbox.ok(['daxdev', 'add', path]);
    await join(path);
  };
  const daxdevReplace = async () => {
    if (model.daxdevs.length === 0 || absent().length === 0) return;
    const index = 1 + random.below(model.daxdevs.length);
    const path = random.pick(absent());
    const fits = model.endOf(index) <= statSync(path).size;
    await rewrite(['daxdev', 'replace', `${index}`, path], fits);
    if (!fits) return;
    const { daxdevs } = await sandbox.list();
    const { uuid, size } = daxdevs[index] as { uuid: string; size: number };
    model.replace(index, { uuid, image: path, size });
  };
  const daxdevResize = async () => {
    const index = random.below(model.daxdevs.length + 1);
    const path = index === 0 ? image : (model.daxdevs[index - 1] as ModelDaxdev).image;
    const units = random.below(GROWTH) - GROWTH / 2;
    const size = Math.max(statSync(path).size + units * 2 * MIB, model.endOf(index), (index === 0 ? 14 : 4) * MIB);
    truncateSync(path, size);
    // the primary's size is not in the log
    await rewrite(['daxdev', 'resize', `${index}`], true);
    if (index > 0) model.replace(index, { ...(model.daxdevs[index - 1] as ModelDaxdev), size });
  };
  const clone = async () => {
    const copy = sandbox.image('clone.img', 256 * MIB);
    last = 'clone';
    const interleave = random.chance(0.3) ? ['--stripes', '2', '--chunk', '2M'] : [];
    const images = interleave.length > 0 ? [copy, sandbox.image('clone2.img', 256 * MIB)] : [copy];
    await sandbox.ok(['clone', '--dev', image, ...images.flatMap((path) => ['--to', path]), ...interleave]);
    const attributes = async (dev: string) => {
      const { entries } = await sandbox.json<{ entries: (Owned & { path: string; size: number })[] }>([
        ...['ls', '-R', '--dev', dev],
      ]);
      return entries.map(({ path, mode, uid, gid, size }) => [path, mode, uid, gid, size]);
    };
    assert.deepEqual(await attributes(copy), await attributes(image));
    await judgeBytes(['--dev', copy]);
    assert.equal((await sandbox.run(['fsck', '-n', copy])).exitCode, 0);
    assertRules(copy, images);
    for (const path of images) rmSync(path);
  };
  /** Every file has its bytes; those with the same seed are verified together. */
  const judgeBytes = async (options: string[]) => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const paths = model.nodes.filter((node) => !node.directory && node.seed === seed).map(({ path }) => path);
      if (paths.length > 0) await sandbox.ok(['verify', '-S', `${seed}`, ...paths, ...options]);
    }
  };

  const commands = [
    creat,
    creat,
    creat,
    copy,
    mkdir,
    mkdir,
    rm,
    mv,
    mv,
    chmod,
    chown,
    truncate,
    daxdevRemove,
    daxdevAdd,
    daxdevReplace,
    daxdevResize,
  ];
  for (let step = 1; step <= STEPS; step++) {
    await (random.chance(CLONED) ? clone : random.pick(commands))();
    const look = step % LOOK === 0 || step === STEPS;
    // the rest of the log is clear, and looked at from time to time
    const expected = model.log(look ? LOG_LENGTH : logHeaderStruct.size + (model.items.length + 1) * LOG_ENTRY_SIZE);
    const log = firstBytes(image, LOG_OFFSET + expected.length).subarray(LOG_OFFSET);
    const at = log.equals(expected) ? -1 : log.findIndex((byte, i) => byte !== expected[i]);
    assert.equal(
      at,
      -1,
      `step ${step}, ${last}: the log differs from the model's in slot ${Math.floor((at - 48) / 544)}, byte ${(at - 48) % 544}`,
    );
    assertRules(image, secondaries);
    if (!look) continue;
    const { exitCode, stdout } = await sandbox.run(['fsck', '-n', image]);
    assert.equal(exitCode, 0, `step ${step}: ${stdout}`);
    await judgeBytes([]);
  }
  t.diagnostic(`${rewrites} rewrites`);
  assert.ok(rewrites > STEPS / 5);
});
