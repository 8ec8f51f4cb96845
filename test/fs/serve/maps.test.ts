/** Maps for kernels that take them: what is given out is what showfmap prints, and what the kernel's own rules accept. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { test } from 'node:test';
import { encodeD } from '../../../src/format/kernel/dMessage.js';
import { kernelForm } from '../../../src/format/kernel/forms.js';
import { v2HeaderStruct } from '../../../src/format/kernel/v2Message.js';
import { viewOf } from '../../../src/format/struct.js';
import type { Node } from '../../../src/fs/log/namespace.js';
import { kernelFactsOf } from '../../../src/fs/pool/kernelFacts.js';
import { openVolume } from '../../../src/fs/pool/openVolume.js';
import { KernelMaps, type MapReceiver } from '../../../src/fs/serve/kernelMaps.js';
import { DeviceError } from '../../../src/native/error.js';
import { INIT, OP, openIn, openOut64 } from '../../support/fuseWire.js';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { PoolSandbox } from '../../support/pool.js';
import { GIB, MIB, Sandbox } from '../../support/sandbox.js';
import { type ServedStand, serveSandbox } from '../../support/servedStand.js';
import { pack, USUAL_OFFER } from '../../support/testKernel.js';

const FORM_V2 = [...USUAL_OFFER, INIT.DAX_FMAP];
const FORM_D = [...USUAL_OFFER, INIT.PASSTHROUGH_V2];
const { EIO, ENOSYS } = constants.errno;

async function pool(): Promise<PoolSandbox> {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(64, 64, 64);
  // published kernels with the size probe take daxdev 0 only
  await sandbox.ok(['creat', '-s', '5000000', '--daxdevs', '0', 'simple']);
  await sandbox.ok(['creat', '-s', '9000000', '--stripes', '3', 'striped']);
  await sandbox.ok(['mkdir', 'd']);
  return sandbox;
}

async function rawMap(sandbox: PoolSandbox, path: string, ...options: string[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const { PassThrough } = await import('node:stream');
  const stdout = new PassThrough();
  stdout.on('data', (chunk) => chunks.push(chunk));
  await sandbox.ok(['showfmap', '--raw', path, ...options], { stdout });
  return Buffer.concat(chunks);
}

test('form V2: the reply to GET_FMAP is that of showfmap, whole or, for a probe that is too small, its header', async () => {
  const sandbox = await pool();
  const { kernel, log } = serveSandbox(sandbox, { maps: 'v2' });
  await kernel.init(FORM_V2);
  for (const path of ['simple', 'striped']) {
    const { node } = await kernel.walk(path);
    assert.equal((await kernel.ask(OP.OPEN, node, pack(openIn, {}))).error, 0);
    const plain = await kernel.ask(OP.GET_FMAP, node);
    assert.ok(plain.body.equals(await rawMap(sandbox, path, '--format', 'v2')), path);
    assert.deepEqual(kernelForm('v2').decode(plain.body).judge({ revision: 'v10-multi' }), []);
    const probe = async (size: number) => (await kernel.ask(OP.GET_FMAP, node, probeOf(size))).body;
    const whole = await probe(4096);
    if (path === 'striped') continue;
    assert.ok(whole.equals(await rawMap(sandbox, path, '--format', 'v2', '--revision', 'probe')));
    const short = await probe(40);
    assert.deepEqual([short.length, v2HeaderStruct.read(viewOf(short), 0).messageSize], [32, whole.length]);
  }
  for (const [path, fileType] of [
    ['.meta/.superblock', 1],
    ['.meta/.log', 2],
  ] as const) {
    const { body } = await kernel.ask(OP.GET_FMAP, (await kernel.walk(path)).node);
    assert.equal(body[0], fileType);
  }
  assert.equal((await kernel.ask(OP.GET_FMAP, (await kernel.walk('d')).node)).error, EIO);
  assert.equal((await kernel.ask(OP.GET_FMAP, 9999)).error, EIO);
  assert.ok(
    log.every((line) => /^striped: the kernel gets no map/.test(line)),
    log.join('\n'),
  );
});

test('form V2: a map that breaks the rules of the kernel is not given out', async () => {
  const sandbox = await pool();
  const { kernel, log } = serveSandbox(sandbox, { maps: 'v2' });
  await kernel.init(FORM_V2);
  // the size-probe revision takes simple maps only
  const { node } = await kernel.walk('striped');
  assert.equal((await kernel.ask(OP.GET_FMAP, node, probeOf(4096))).error, EIO);
  assert.ok(
    log.some((line) => /^striped: the kernel gets no map: /.test(line)),
    log.join('\n'),
  );
});

test('form V2: GET_DAXDEV names the daxdevs of the pool', async () => {
  const sandbox = await pool();
  const { kernel } = serveSandbox(sandbox, { maps: 'v2' });
  await kernel.init(FORM_V2);
  for (let index = 0; index < 3; index++) {
    const { body } = await kernel.ask(OP.GET_DAXDEV, index);
    assert.deepEqual([body.length, body.readUInt16LE(0)], [280, index]);
    assert.equal(body.toString('latin1', 24, body.indexOf(0, 24)), `${sandbox.folder}/p${index}.img`);
  }
  assert.equal((await kernel.ask(OP.GET_DAXDEV, 3)).error, EIO);
  assert.equal((await kernel.ask(OP.GET_DAXDEV, 2 ** 40)).error, EIO);
});

test('no kernel gets maps that it was not asked about, and none those of images', async () => {
  const sandbox = await pool();
  const asked = async ({ kernel, serving }: ServedStand, offer: readonly number[]) => {
    await kernel.init(offer);
    const { error } = await kernel.ask(OP.GET_FMAP, (await kernel.walk('simple')).node);
    return [(await serving.ready).maps, error];
  };
  assert.deepEqual(await asked(serveSandbox(sandbox, { maps: 'none' }), FORM_V2), ['none', ENOSYS]);
  assert.deepEqual(await asked(serveSandbox(sandbox, { maps: 'v2', mapsOfImages: false }), FORM_V2), ['none', ENOSYS]);
  assert.deepEqual(await asked(serveSandbox(sandbox, { maps: 'v2' }), USUAL_OFFER), ['none', ENOSYS]);
});

test('with auto, a kernel gets the first form that it can use for all files', async () => {
  const single = new Sandbox();
  await single.makeFs();
  const small = new Sandbox();
  await small.makeFs(GIB, '--alloc-unit', '4k');
  const formOf = async (sandbox: Sandbox, offer: readonly number[], minor: number) => {
    const { kernel, serving } = serveSandbox(sandbox, { maps: 'auto', readOnly: true });
    await kernel.init(offer, minor);
    return (await serving.ready).maps;
  };
  for (const [sandbox, ofV2, ofBoth] of [
    [single, 'v2', 'v2'],
    [small, 'none', 'd'],
    // published kernels with form V2 refuse maps of other daxdevs than the first
    [await pool(), 'none', 'd'],
  ] as const) {
    assert.equal(await formOf(sandbox, FORM_V2, 45), ofV2);
    assert.equal(await formOf(sandbox, FORM_D, 47), 'd');
    assert.equal(await formOf(sandbox, [...FORM_D, INIT.DAX_FMAP], 47), ofBoth);
    assert.equal(await formOf(sandbox, USUAL_OFFER, 45), 'none');
  }
});

test('form D: what the kernel does not take is served by bytes, after one line', async () => {
  const sandbox = await pool();
  const { kernel, log } = serveSandbox(sandbox, { maps: 'd' });
  await kernel.init(FORM_D, 47);
  const { node, flags } = await kernel.walk('simple');
  assert.equal(flags, 2);
  for (let i = 0; i < 2; i++) {
    const { body } = await kernel.ask(OP.OPEN, node, pack(openIn, {}));
    assert.deepEqual([body.length, openOut64.read(viewOf(body), 0).openFlags], [24, 2]);
  }
  assert.equal((await kernel.read(node, 0, 10)).error, 0);
  assert.equal(log.filter((line) => /^the kernel refuses maps/.test(line)).length, 1, log.join('\n'));
});

/** The server as maps see it: tells what it was asked for, and has the nodes of some paths, numbered from FIRST_NODE. */
class ToldReceiver implements MapReceiver {
  readonly told: string[] = [];
  readonly messages: Uint8Array[] = [];
  /** what opening a daxdev says */
  openError: DeviceError | undefined;

  constructor(private readonly paths: readonly string[]) {}

  node(id: number) {
    const path = Buffer.from(this.paths[id - FIRST_NODE] ?? '');
    const rest = { id, kind: 'mapped', parent: 1, mode: 0, uid: 0, gid: 0, size: 0 } as const;
    return { ...rest, path, named: true, pending: false, empty: false };
  }

  openDaxdev(_: unknown, index: number): void {
    this.told.push(`open daxdev ${index}`);
    if (this.openError !== undefined) throw this.openError;
  }

  registerBacking(_: unknown, id: number): void {
    this.told.push(`register ${id}`);
  }

  notify(code: number, bytes: Uint8Array): void {
    this.told.push(`notify ${code}`);
    this.messages.push(bytes);
  }

  answerOpen(_: bigint, flags: number, id: number): boolean {
    return this.told.push(`open ${flags} ${id}`) > 0;
  }
}

const FIRST_NODE = 16;

/** Maps of a file system, without a server. */
function mapsOf(sandbox: Sandbox, paths: readonly string[], log: string[] = []) {
  const volume = openVolume({ env: sandbox.env, cwd: sandbox.folder, warn: () => {} }, []);
  const receiver = new ToldReceiver(paths);
  const maps = new KernelMaps(volume, receiver, true, (line) => log.push(line));
  const open = (node: number) => maps.open({ unique: 1n, node } as never);
  return { volume, receiver, maps, open };
}

test('form D: daxdevs are registered once, a map is pushed before its OPEN is answered, and taken back after the last close', async () => {
  const sandbox = await pool();
  const { volume, maps, open, receiver } = mapsOf(sandbox, ['simple', 'striped']);
  const { told, messages } = receiver;
  maps.start('d');
  open(17);
  open(17);
  maps.release(17);
  maps.release(17);
  const slot = volume.replay.namespace.get('striped')?.slot ?? 0;
  const id = 2 ** 32 + slot;
  assert.deepEqual(
    told,
    ['register 1', 'register 2', 'register 3', 'notify 11', `open 128 ${id}`, `open 128 ${id}`, 'notify 10'].toSorted(
      (a, b) => told.indexOf(a) - told.indexOf(b),
    ),
  );
  const [map, removal] = messages as [Buffer, Buffer];
  assert.deepEqual(kernelForm('d').decode(map).judge({ fileSize: 9_000_000 }), []);
  assert.ok(map.equals(await rawMap(sandbox, 'striped', '--format', 'd')));
  assert.deepEqual(
    [removal.length, Number(removal.readBigUInt64LE(0)), Number(removal.readBigUInt64LE(8))],
    [16, id, 0],
  );
  volume.close();
  assert.ok(readFileSync(`${sandbox.folder}/p0.img`).length > 0);
});

test('form V2: a kernel that takes daxdevs has them before the first map; one that asks for them is tried once', async () => {
  const sandbox = await pool();
  const log: string[] = [];
  const { volume, maps, receiver } = mapsOf(sandbox, ['simple'], log);
  maps.start('v2');
  assert.deepEqual(receiver.told.splice(0), ['open daxdev 0', 'open daxdev 1', 'open daxdev 2']);
  maps.fmapReply(FIRST_NODE, 4096);
  assert.deepEqual(receiver.told, []);
  await sandbox.ok(['daxdev', 'add', sandbox.image('p3.img', 64 * MIB)]);
  volume.replay.applyLog(volume.log, volume.replay.next + 1);
  assert.equal(volume.replay.daxdevs.length, 4);
  receiver.openError = new DeviceError({ code: 'EBUSY', path: 'p3.img' });
  maps.fmapReply(FIRST_NODE, 4096);
  assert.deepEqual(receiver.told, ['open daxdev 3']);
  assert.equal(log.length, 1);
  assert.match(log[0] ?? '', /^the kernel refuses daxdev 3 \(p3\.img: .*\): .*--maps none$/);
  volume.close();

  const asking = mapsOf(sandbox, ['simple'], log);
  asking.receiver.openError = new DeviceError({ code: 'ENOTTY', path: 'p0.img' });
  asking.maps.start('v2');
  asking.maps.fmapReply(FIRST_NODE, 0);
  assert.deepEqual([asking.receiver.told, log.length], [['open daxdev 0'], 1]);
  asking.volume.close();
  const other = mapsOf(sandbox, ['simple']);
  other.maps.start('d');
  assert.deepEqual(other.receiver.told, []);
  other.volume.close();
});

test('no kernel gets the map of a file that shares pages with another: it is DANGEROUS', async () => {
  for (const [name, sharing] of [
    ['g2', 0],
    ['g12', 2],
  ] as const) {
    const sandbox = new Sandbox(GOLDEN_MASTER);
    sandbox.env.FAMFS_DEV = goldenImage(name, sandbox.folder);
    const paths = (await sandbox.entries()).filter(({ size }) => size > 0).map(({ path }) => path);
    const log: string[] = [];
    const { volume, receiver, maps, open } = mapsOf(sandbox, paths, log);
    const factsOf = kernelFactsOf(volume);
    const isDangerous = (path: string, form: 'v2' | 'd', message: Uint8Array) => {
      const file = volume.replay.namespace.get(path) as Node;
      const { size: fileSize, fmap } = volume.fileEntry(file);
      const findings = kernelForm(form)
        .decode(message)
        .judge({ ...factsOf(file.slot), fileSize, fmap });
      return findings.some((finding) => finding.class === 'DANGEROUS');
    };
    for (const [i, path] of paths.entries()) {
      const dangerous = isDangerous(
        path,
        'd',
        encodeD(volume.fileEntry(volume.replay.namespace.get(path) as Node).fmap, 2 ** 32),
      );
      if (dangerous) assert.throws(() => maps.fmapReply(FIRST_NODE + i, 0), { code: 'BAD_MAP' }, path);
      else assert.ok(!isDangerous(path, 'v2', maps.fmapReply(FIRST_NODE + i, 0)), path);
    }
    maps.start('d');
    for (const i of paths.keys()) open(FIRST_NODE + i);
    assert.equal(receiver.messages.length, paths.length - sharing);
    assert.equal(log.filter((line) => /: the kernel gets no map: .*shares pages with /.test(line)).length, sharing);
    assert.equal(log.filter((line) => /: served by bytes: .*shares pages with /.test(line)).length, sharing);
    volume.close();
  }
});

function probeOf(size: number): Buffer {
  const payload = Buffer.alloc(8);
  payload.writeUInt32LE(size);
  return payload;
}
