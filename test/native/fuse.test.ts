/** The protocol itself: what is answered from the table, byte by byte. */
import assert from 'node:assert/strict';
import { constants } from 'node:os';
import { test } from 'node:test';
import { viewOf } from '../../src/format/struct.js';
import { counters, resetCounters } from '../../src/native/device.js';
import { NodeBatch, SEALED } from '../../src/native/fuse.js';
import { entryOut, INIT, lseekIn, OP, openIn, openOut, readIn, SET } from '../support/fuseWire.js';
import { Random } from '../support/random.js';
import { cString, initRequest, pack, USUAL_OFFER } from '../support/testKernel.js';
import { DEVICE_SIZE, type FilePlace, MIB, makeStand } from './fuseServer.js';
import { cutShort, useAsDevices } from './scratch.js';

const { EFBIG, EINVAL, EIO, EISDIR, ENOSYS, ENOTDIR, ENXIO, EPERM, EROFS, ESTALE, EPROTO, EEXIST } = constants.errno;
const O_WRONLY = 1;
const O_RDWR = 2;

const SIMPLE: FilePlace = {
  id: 200,
  path: 'd/simple',
  size: 100_000,
  chunk: 0,
  extents: [
    [0, 4096, 65_536],
    [1, 8192, 65_536],
  ],
};
const STRIPED: FilePlace = {
  id: 201,
  path: 'd/e/striped',
  size: 3 * 65_536 - 100,
  chunk: 16_384,
  extents: [
    [0, MIB, 65_536],
    [1, MIB, 65_536],
    [0, 2 * MIB, 65_536],
  ],
};

test('INIT accepts of what is offered the flags that are of use, and no others', async (t) => {
  const { kernel, event } = makeStand(t, []);
  const reply = await kernel.init([...USUAL_OFFER, 63]);
  assert.deepEqual([reply.major, reply.minor], [7, 45]);
  assert.deepEqual([reply.maxWrite, reply.maxPages, reply.maxReadahead], [MIB, 256, 131_072]);
  const accepted = [
    INIT.ASYNC_READ,
    INIT.BIG_WRITES,
    INIT.DO_READDIRPLUS,
    INIT.ASYNC_DIO,
    INIT.PARALLEL_DIROPS,
    INIT.MAX_PAGES,
    INIT.EXPLICIT_INVAL_DATA,
    INIT.HANDLE_KILLPRIV_V2,
  ];
  assert.equal(reply.flags, sumOf(accepted));
  assert.deepEqual([reply.flags2, reply.maxStackDepth], [0, 0]);
  assert.equal((await event('ready')).maps, 'none');
});

test('INIT of a kernel that offers nothing is answered with nothing', async (t) => {
  const { kernel } = makeStand(t, []);
  const reply = await kernel.init([], 31);
  assert.deepEqual([reply.minor, reply.flags, reply.flags2, reply.maxPages, reply.maxWrite], [31, 0, 0, 0, 131_072]);
});

test('INIT without page cache accepts shared mappings of direct files too', async (t) => {
  const { kernel } = makeStand(t, [], { direct: true });
  const reply = await kernel.init();
  assert.equal(reply.flags2, 2 ** (INIT.DIRECT_IO_ALLOW_MMAP - 32));
  assert.ok((reply.flags & (1 << INIT.INIT_EXT)) !== 0);
});

test('INIT of another major version, or of one that is too old', async (t) => {
  const { kernel } = makeStand(t, []);
  const ask = (major: number, minor: number) => {
    const payload = initRequest([], minor);
    payload.writeUInt32LE(major);
    return kernel.ask(OP.INIT, 0, payload);
  };
  const newer = await ask(8, 0);
  assert.deepEqual([newer.error, newer.body.readUInt32LE(0), newer.body.readUInt32LE(4)], [0, 7, 45]);
  assert.equal((await ask(6, 99)).error, EPROTO);
  assert.equal((await ask(7, 22)).error, EPROTO);
  assert.equal((await ask(7, 23)).error, 0);
});

for (const [offer, minor, wanted, form] of [
  [[INIT.DAX_FMAP, INIT.INIT_EXT], 45, ['v2'], 'v2'],
  [[INIT.DAX_FMAP, INIT.INIT_EXT], 46, ['v2'], 'v2'],
  // from 7.46 on, kernels without famfs offer the bit together with io_uring, and mean something else
  [[INIT.DAX_FMAP, INIT.OVER_IO_URING, INIT.INIT_EXT], 46, ['v2'], 'none'],
  [[INIT.DAX_FMAP, INIT.OVER_IO_URING, INIT.INIT_EXT], 45, ['v2'], 'v2'],
  [[INIT.INIT_EXT], 45, ['v2'], 'none'],
  [[INIT.DAX_FMAP, INIT.INIT_EXT], 45, [], 'none'],
  [[INIT.PASSTHROUGH, INIT.PASSTHROUGH_V2, INIT.INIT_EXT], 47, ['d'], 'd'],
  [[INIT.PASSTHROUGH_V2, INIT.INIT_EXT], 47, ['d'], 'none'],
  [[INIT.PASSTHROUGH, INIT.PASSTHROUGH_V2, INIT.INIT_EXT], 46, ['d'], 'none'],
  [[INIT.PASSTHROUGH, INIT.PASSTHROUGH_V2], 47, ['d'], 'none'],
  [[INIT.PASSTHROUGH, INIT.PASSTHROUGH_V2, INIT.INIT_EXT], 47, ['v2', 'd'], 'd'],
  [[INIT.PASSTHROUGH, INIT.PASSTHROUGH_V2, INIT.DAX_FMAP, INIT.INIT_EXT], 47, ['v2', 'd'], 'v2'],
] as const) {
  test(`maps ${wanted.join(', ') || 'none'} of kernel 7.${minor} that offers ${offer.join(', ')}: ${form}`, async (t) => {
    const { kernel, event } = makeStand(t, [], { maps: wanted });
    const reply = await kernel.init(offer, minor);
    const high = form === 'v2' ? [INIT.DAX_FMAP] : form === 'd' ? [INIT.PASSTHROUGH, INIT.PASSTHROUGH_V2] : [];
    assert.equal(reply.flags2, sumOf(high.map((bit) => bit - 32)));
    assert.equal(reply.flags, high.length > 0 ? 2 ** INIT.INIT_EXT : 0);
    assert.deepEqual([reply.maxStackDepth, reply.minor], form === 'd' ? [1, 47] : [0, 45]);
    assert.equal((await event('ready')).maps, form);
  });
}

test('LOOKUP gives the node with its attributes, each in its place', async (t) => {
  const { kernel } = makeStand(t, [SIMPLE, STRIPED]);
  await kernel.init();
  const found = await kernel.walk('d/simple');
  assert.deepEqual(found, {
    node: 200,
    generation: 0,
    entryValid: 100,
    attrValid: 100,
    entryValidNsec: 0,
    attrValidNsec: 0,
    ino: 200,
    size: 100_000,
    blocks: Math.ceil(100_000 / 512),
    atime: 1_700_000_000,
    mtime: 1_700_000_000,
    ctime: 1_700_000_000,
    atimeNsec: 0,
    mtimeNsec: 0,
    ctimeNsec: 0,
    mode: 0o100640,
    nlink: 1,
    uid: 5,
    gid: 6,
    rdev: 0,
    blksize: 4096,
    flags: 0,
  });
  const directory = await kernel.walk('d');
  assert.deepEqual([directory.mode, directory.nlink, directory.size, directory.uid], [0o40750, 3, 0, 1]);
});

test('LOOKUP of a name that is not there says so in a way that the kernel may keep', async (t) => {
  const { kernel } = makeStand(t, []);
  await kernel.init();
  const { error, body } = await kernel.ask(OP.LOOKUP, 1, cString('nothing'));
  const entry = entryOut.read(viewOf(body), 0);
  assert.deepEqual([error, entry.node, entry.entryValid], [0, 0, 100]);
});

test('LOOKUP where nothing can be looked up', async (t) => {
  const { kernel } = makeStand(t, [SIMPLE]);
  await kernel.init();
  assert.equal(await kernel.lookup(200, 'x'), ENOTDIR);
  assert.equal(await kernel.lookup(999, 'x'), ESTALE);
  assert.equal(await kernel.lookup(0, 'x'), ESTALE);
  assert.equal((await kernel.ask(OP.LOOKUP, 1, Buffer.from('no end'))).error, EINVAL);
  assert.equal((await kernel.ask(OP.LOOKUP, 1)).error, EINVAL);
  assert.equal(await kernel.lookup(1, 'x'.repeat(255)), undefined);
  assert.equal(await kernel.lookup(1, 'x'.repeat(256)), constants.errno.ENAMETOOLONG);
});

test('GETATTR gives the same attributes as LOOKUP, and those of the root', async (t) => {
  const { kernel } = makeStand(t, [SIMPLE]);
  await kernel.init();
  const { node, generation, entryValid, entryValidNsec, ...attributes } = await kernel.walk('d/simple');
  assert.deepEqual(await kernel.getattr(200), { padding: 0, ...attributes });
  const root = await kernel.getattr(1);
  assert.ok(typeof root === 'object');
  assert.deepEqual([root.ino, root.mode, root.nlink, root.uid, root.gid], [1, 0o40755, 3, 7, 8]);
  assert.equal(await kernel.getattr(999), ESTALE);
});

for (const place of [SIMPLE, STRIPED]) {
  test(`READ of ${place.path} gives what its extents hold, wherever it begins and ends`, async (t) => {
    const { kernel, devices } = makeStand(t, [place]);
    await kernel.init();
    const random = new Random(t);
    const images = devices.map((device) => {
      const image = random.bytes(DEVICE_SIZE);
      device.write(0, image);
      return image;
    });
    const content = contentOf(place, images);
    for (let i = 0; i < 300; i++) {
      const offset = random.below(place.size + 10);
      const size = random.below(2) === 0 ? random.below(200_000) : random.below(5000);
      const { error, body } = await kernel.read(place.id, offset, size);
      assert.equal(error, 0);
      assert.ok(body.equals(content.subarray(offset, offset + size)), `${offset} ${size}`);
    }
  });

  test(`WRITE into ${place.path} reaches the memory that its extents name, and nothing else`, async (t) => {
    const { kernel, devices } = makeStand(t, [place]);
    await kernel.init();
    const random = new Random(t);
    const images = devices.map((device) => {
      const image = random.bytes(DEVICE_SIZE);
      device.write(0, image);
      return image;
    });
    const content = Buffer.from(contentOf(place, images));
    for (let i = 0; i < 200; i++) {
      const offset = random.below(place.size);
      const data = random.bytes(random.below(60_000));
      const taken = Math.min(data.length, place.size - offset);
      assert.equal(await kernel.write(place.id, offset, data), taken);
      content.set(data.subarray(0, taken), offset);
    }
    const now = devices.map((device) => device.read(0, DEVICE_SIZE));
    assert.ok(contentOf(place, now).equals(content));
    putContent(place, images, content);
    for (const [i, image] of images.entries()) assert.ok(now[i]?.equals(image));
  });
}

test('WRITE at or past the end, to a sealed file, to a directory, and where nothing is written', async (t) => {
  const sealed = { ...STRIPED, flags: SEALED };
  const { kernel } = makeStand(t, [SIMPLE, sealed]);
  await kernel.init();
  const data = Buffer.alloc(10);
  assert.equal(await kernel.write(200, SIMPLE.size, data), -EPERM);
  assert.equal(await kernel.write(200, SIMPLE.size + 1, data), -EPERM);
  assert.equal(await kernel.write(200, SIMPLE.size, Buffer.alloc(0)), 0);
  assert.equal(await kernel.write(200, SIMPLE.size - 3, data), 3);
  assert.equal(await kernel.write(201, 0, data), -EPERM);
  assert.equal(await kernel.write(100, 0, data), -EISDIR);
  assert.equal(await kernel.write(999, 0, data), -ESTALE);
  assert.equal(await kernel.write(200, 2 ** 53 - 1, data), -EPERM);
  const huge = pack(readIn, { size: 10 });
  huge.writeBigUInt64LE(2n ** 64n - 1n, 8);
  assert.equal((await kernel.ask(OP.WRITE, 200, Buffer.concat([huge, data]))).error, EFBIG);
  const { kernel: readOnly } = makeStand(t, [SIMPLE], { writes: false });
  await readOnly.init();
  assert.equal(await readOnly.write(200, 0, data), -EROFS);
});

test('memory cut short: EIO for what cannot be read or written, one line that names the place, and on it goes', async (t) => {
  const { kernel, devices, event } = makeStand(t, [SIMPLE]);
  await kernel.init();
  cutShort(devices[1] as never, 8192 + 8192);
  assert.equal((await kernel.read(200, 65_536, 4096)).error, 0);
  assert.equal((await kernel.read(200, 60_000, 40_000)).error, EIO);
  const { what, node, offset, device, deviceOffset } = await event('trouble');
  assert.deepEqual([what, node, offset, device, deviceOffset], ['READ_FAULT', 200, 65_536 + 8192, 1, 16_384]);
  assert.equal(await kernel.write(200, 65_536 + 8190, Buffer.alloc(100)), -EIO);
  const written = await event('trouble');
  assert.deepEqual([written.what, written.deviceOffset], ['WRITE_FAULT', 16_384]);
  assert.equal((await kernel.read(200, 0, 65_536)).error, 0);
  assert.equal(await kernel.write(200, 0, Buffer.alloc(5000)), 5000);
});

test('a file on a device that is not here, or that leaves its device, is EIO', async (t) => {
  const elsewhere: FilePlace = { ...SIMPLE, id: 300, path: 'a', extents: [[5, 0, 131_072]] };
  const outside: FilePlace = { ...SIMPLE, id: 301, path: 'b', extents: [[0, DEVICE_SIZE - 4096, 131_072]] };
  const { kernel } = makeStand(t, [elsewhere, outside]);
  await kernel.init();
  assert.equal((await kernel.read(300, 0, 10)).error, EIO);
  assert.equal(await kernel.write(300, 0, Buffer.alloc(1)), -EIO);
  assert.equal((await kernel.read(301, 0, 4097)).error, EIO);
  assert.equal((await kernel.read(301, 4096, 10)).error, EIO);
});

test('OPEN and OPENDIR are ENOSYS where the kernel can do without, and answered where it cannot', async (t) => {
  const { kernel } = makeStand(t, [SIMPLE]);
  await kernel.init();
  assert.equal((await kernel.ask(OP.OPEN, 200, pack(openIn, {}))).error, ENOSYS);
  assert.equal((await kernel.ask(OP.OPENDIR, 1, pack(openIn, {}))).error, ENOSYS);
  const { kernel: old } = makeStand(t, [SIMPLE, { ...STRIPED, flags: SEALED }]);
  await old.init([], 31);
  const open = async (node: number, flags = 0) => (await old.ask(OP.OPEN, node, pack(openIn, { flags }))).error;
  const { body } = await old.ask(OP.OPEN, 200, pack(openIn, { flags: O_RDWR }));
  assert.deepEqual(openOut.read(viewOf(body), 0), { handle: 0, openFlags: 2, backingId: 0 });
  assert.equal((await old.ask(OP.OPENDIR, 1, pack(openIn, {}))).body.readUInt32LE(8), 2 | 8);
  assert.deepEqual(
    [await open(201), await open(201, O_WRONLY), await open(100), await open(999)],
    [0, EROFS, EISDIR, ESTALE],
  );
});

test('without page cache, an open says so', async (t) => {
  const { kernel } = makeStand(t, [SIMPLE], { direct: true });
  await kernel.init();
  const { body } = await kernel.ask(OP.OPEN, 200, pack(openIn, {}));
  assert.equal(openOut.read(viewOf(body), 0).openFlags, 1 | 64);
});

test('READDIR and READDIRPLUS list each child once, whatever room a reply has', async (t) => {
  const files = Array.from(
    { length: 200 },
    (_, i): FilePlace => ({ ...SIMPLE, id: 1000 + i, path: `d/e/${'x'.repeat(i % 50)}${i}` }),
  );
  const { kernel } = makeStand(t, files);
  await kernel.init();
  const names = files.map(({ path }) => path.slice(4));
  for (const plus of [false, true]) {
    for (const size of [250, 300, 4096, 100_000]) {
      const all = await kernel.listAll(101, size, plus);
      assert.deepEqual(
        all.map(({ name }) => name),
        ['.', '..', ...names],
      );
      assert.deepEqual(
        all.map(({ type }) => type),
        [4, 4, ...names.map(() => 8)],
      );
      assert.deepEqual(
        all.slice(0, 2).map(({ ino }) => ino),
        [101, 100],
      );
      if (plus)
        assert.deepEqual(
          all.slice(2).map(({ entry }) => entry?.node),
          files.map(({ id }) => id),
        );
    }
    assert.deepEqual(await kernel.list(101, 0, 10, plus), []);
    assert.deepEqual(await kernel.list(101, 2 ** 50, 4096, plus), []);
  }
  assert.equal((await kernel.ask(OP.READDIR, 1000, pack(readIn, { size: 4096 }))).error, ENOTDIR);
});

test('LSEEK finds data everywhere and a hole at the end', async (t) => {
  const { kernel } = makeStand(t, [SIMPLE]);
  await kernel.init();
  const seek = async (offset: number, whence: number) => {
    const { error, body } = await kernel.ask(OP.LSEEK, 200, pack(lseekIn, { offset, whence }));
    return error === 0 ? Number(body.readBigUInt64LE()) : -error;
  };
  assert.deepEqual(
    [await seek(5, 3), await seek(5, 4), await seek(SIMPLE.size, 3), await seek(0, 0)],
    [5, SIMPLE.size, -ENXIO, -EINVAL],
  );
});

test('STATFS answers with what was set', async (t) => {
  const { kernel, server } = makeStand(t, []);
  await kernel.init();
  server.setStatfs(1000, 400, 50, 20, 4096, 79);
  const { blocks, free, available, files, filesFree, blockSize, fragmentSize, nameLength } = await kernel.statfs();
  assert.deepEqual(
    [blocks, free, available, files, filesFree, blockSize, fragmentSize, nameLength],
    [1000, 400, 400, 50, 20, 4096, 4096, 79],
  );
});

test('nodes that come later are seen at once, and the kernel drops its negative entries', async (t) => {
  const { kernel, server } = makeStand(t, [SIMPLE]);
  await kernel.init();
  assert.equal(await kernel.lookup(1, 'late'), undefined);
  await kernel.walk('d');
  const batch = new NodeBatch();
  batch.add(500, Buffer.from('late'), 0o755, 0, 0);
  batch.add(501, Buffer.from('late/below'), 0o755, 0, 0);
  batch.add(502, Buffer.from('d/too'), 0o755, 0, 0);
  assert.deepEqual(server.addNodes(batch), { added: 3, noParent: 0, exists: 0, impossible: 0 });
  assert.equal((await kernel.walk('late/below')).node, 501);
  const start = performance.now();
  while (kernel.notices.length < 4 && performance.now() - start < 60_000) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    kernel.hear();
  }
  const notices = kernel.notices.map(({ code, body }) => [
    code,
    Number(body.readBigUInt64LE(0)),
    body.toString('latin1', 16),
  ]);
  // INVAL_ENTRY is 3, INVAL_INODE 2; the kernel has never seen `late`, so it knows nothing of what is in it
  assert.deepEqual(
    notices.filter(([code]) => code === 3),
    [
      [3, 1, 'late\0'],
      [3, 100, 'too\0'],
    ],
  );
  assert.deepEqual(
    notices.filter(([code]) => code === 2).map(([, node]) => node),
    [1, 100],
  );
});

test('nodes that cannot be are counted, and not added', async (t) => {
  const { server } = makeStand(t, [SIMPLE]);
  const batch = new NodeBatch();
  const file = (
    id: number,
    path: string,
    size: number,
    chunk: number,
    ...extents: (readonly [number, number, number])[]
  ) => {
    batch.add(id, Buffer.from(path), 0o644, 0, 0, size, chunk);
    for (const extent of extents) batch.addExtent(...extent);
  };
  file(600, 'no/parent', 1, 0, [0, 0, 4096]);
  file(601, 'd/simple/below', 1, 0, [0, 0, 4096]);
  file(602, 'd/simple', 1, 0, [0, 0, 4096]);
  file(200, 'other', 1, 0, [0, 0, 4096]);
  file(603, 'long', 4097, 0, [0, 0, 4096]);
  file(604, 'unequal', 100, 4096, [0, 0, 4096], [0, 8192, 8192]);
  file(605, 'broken chunk', 100, 5000, [0, 0, 4096]);
  file(606, 'd/..', 1, 0, [0, 0, 4096]);
  file(607, 'd/', 1, 0, [0, 0, 4096]);
  assert.deepEqual(server.addNodes(batch), { added: 0, noParent: 2, exists: 2, impossible: 5 });
});

test('once it has failed, everything is EIO, and the kernel forgets all it knew', async (t) => {
  const { kernel, server } = makeStand(t, [SIMPLE, STRIPED]);
  await kernel.init();
  await kernel.walk('d/simple');
  server.fail();
  assert.equal(await kernel.lookup(1, 'd'), EIO);
  assert.equal(await kernel.getattr(1), EIO);
  assert.equal((await kernel.read(200, 0, 10)).error, EIO);
  assert.equal(await kernel.write(200, 0, Buffer.alloc(1)), -EIO);
  assert.equal((await kernel.ask(OP.RELEASE, 200, Buffer.alloc(24))).error, 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  kernel.hear();
  const told = kernel.notices.map(({ code, body }) => `${code} ${body.readBigUInt64LE(0)}`);
  assert.deepEqual(told, ['2 1', '3 1', '2 100', '3 100', '2 200']);
});

test('bytes are served only while the watched ones are what they were', async (t) => {
  const { kernel, server, devices, event } = makeStand(t, [SIMPLE]);
  await kernel.init();
  const [device] = devices;
  device?.write(0, Buffer.from('magic'));
  server.addWatch(device as never, 0, Buffer.from('magic'));
  server.addWatch(device as never, 4096, Buffer.alloc(8));
  assert.equal((await kernel.read(200, 0, 10)).error, 0);
  for (const at of [4, 4103]) {
    const before = device?.read(at, 1);
    device?.write(at, Buffer.from('K'));
    assert.equal((await kernel.read(200, 0, 10)).error, EIO);
    assert.equal(await kernel.write(200, 0, Buffer.alloc(1)), -EIO);
    device?.write(at, before as Buffer);
    assert.equal((await kernel.read(200, 0, 10)).error, 0);
  }
  assert.equal((await event('trouble')).what, 'CHANGED');
});

test('memory that other hosts share is read once its lines are dropped, and stored to with a fence', async (t) => {
  const { kernel, server, devices } = makeStand(t, [SIMPLE]);
  await kernel.init();
  useAsDevices(t);
  const work = async (ask: () => Promise<unknown>) => {
    resetCounters();
    await ask();
    const { linesInvalidated, fences } = counters();
    return { linesInvalidated, fences };
  };
  const read = () => kernel.read(200, 0, 64);
  assert.deepEqual(await work(read), { linesInvalidated: 1, fences: 1 });
  assert.deepEqual(await work(() => kernel.write(200, 0, Buffer.alloc(64))), { linesInvalidated: 0, fences: 1 });
  server.addWatch(devices[0] as never, 0, Buffer.alloc(8));
  assert.deepEqual(await work(read), { linesInvalidated: 2, fences: 2 });
});

test('a kernel that goes away ends the server', async (t) => {
  const { kernel, event } = makeStand(t, [], { threads: 4 });
  await kernel.init();
  kernel.close();
  assert.equal((await event('ended')).errno, 0);
  Object.assign(kernel, { close: () => {} });
});

test('a node that takes the name of a staged file replaces it in one step; one that is impossible does not', async (t) => {
  const { kernel, server, devices } = makeStand(t, [SIMPLE], { creates: true, followsOpens: true });
  await kernel.init();
  const owner = { mode: 0o600, uid: 1, gid: 2 };
  server.stage(9000, 100, Buffer.from('new'), owner);
  server.stage(9001, 100, Buffer.from('unopened'), owner);
  server.stageDirectory(9002, 100, Buffer.from('pending'), owner);
  assert.equal((await kernel.ask(OP.OPEN, 9000, pack(openIn, { flags: O_RDWR }))).error, 0);
  await kernel.write(9000, 0, Buffer.from('ours'));
  const batchOf = (id: number, path: string, length: number) => {
    const batch = new NodeBatch();
    batch.add(id, Buffer.from(path), 0o644, 5, 6, 4096);
    batch.addExtent(0, 1 * MIB, length);
    return batch;
  };
  // its extents are shorter than it is
  assert.equal(server.addNodes(batchOf(300, 'd/new', 512)).impossible, 1);
  assert.equal((await kernel.walk('d/new')).node, 9000);
  assert.equal(server.addNodes(batchOf(300, 'd/new', 4096)).added, 1);
  assert.equal(server.addNodes(batchOf(301, 'd/unopened', 4096)).added, 1);
  for (const taken of ['d/pending', 'd/simple']) assert.equal(server.addNodes(batchOf(302, taken, 4096)).exists, 1);
  assert.equal((await kernel.walk('d/new')).node, 300);
  assert.equal((await kernel.walk('d/unopened')).node, 301);
  const bytes = new Random(t).bytes(4096);
  devices[0]?.write(MIB, bytes);
  assert.ok((await kernel.read(300, 0, 4096)).body.equals(bytes));
  // whoever has it open keeps it
  assert.equal((await kernel.read(9000, 0, 10)).body.toString(), 'ours');
  assert.deepEqual([server.node(9000)?.named, server.node(9001)], [false, undefined]);
});

test('a staged file: written, resized, frozen, placed', async (t) => {
  const { kernel, server, devices } = makeStand(t, [], { creates: true, followsOpens: true });
  await kernel.init();
  server.stage(9000, 100, Buffer.from('new'), { mode: 0o600, uid: 11, gid: 12 });
  assert.throws(() => server.stage(9001, 100, Buffer.from('new'), { mode: 0o600, uid: 11, gid: 12 }), {
    errno: EEXIST,
  });
  assert.equal((await kernel.ask(OP.OPEN, 9000, pack(openIn, { flags: O_RDWR }))).error, 0);
  const data = new Random(t).bytes(100_000);
  assert.equal(await kernel.write(9000, 50, data), 100_000);
  assert.equal((await kernel.walk('d/new')).size, 100_050);
  assert.ok((await kernel.read(9000, 0, 100_060)).body.equals(Buffer.concat([Buffer.alloc(50), data])));
  assert.equal((await kernel.setattr(9000, { valid: SET.SIZE, size: 60_000 })).error, 0);
  assert.equal(
    (await kernel.setattr(9000, { valid: SET.MODE | SET.UID | SET.GID, mode: 0o100644, uid: 1, gid: 2 })).error,
    0,
  );
  const node = server.node(9000);
  assert.deepEqual([node?.kind, node?.size, node?.mode, node?.uid, node?.writers], ['staged', 60_000, 0o644, 1, 1]);
  const version = node?.version as number;
  assert.equal(await kernel.write(9000, 0, Buffer.from('x')), 1);
  assert.equal(server.freeze(9000, version), false);
  const now = server.node(9000);
  assert.equal(server.freeze(9000, now?.version as number), true);
  // a write that comes meanwhile waits, and goes where the file then is
  const pending = kernel.write(9000, 1, Buffer.from('late'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(server.place(9000, 60_000, 0, [{ device: 1, offset: 4096, length: 65_536 }]));
  assert.equal(await pending, 4);
  assert.equal(devices[1]?.read(4097, 4).toString(), 'late');
  assert.equal(server.node(9000)?.kind, 'mapped');
  assert.equal((await kernel.setattr(9000, { valid: SET.SIZE, size: 1 })).error, EPERM);
});

/** The number whose bits these are. */
function sumOf(bits: readonly number[]): number {
  return bits.reduce((all, bit) => all + 2 ** bit, 0);
}

function* piecesOf({
  size,
  chunk,
  extents,
}: FilePlace): Generator<[device: number, offset: number, at: number, length: number]> {
  let start = 0;
  if (chunk === 0) {
    for (const [device, offset, length] of extents) {
      if (start < size) yield [device, offset, start, Math.min(length, size - start)];
      start += length;
    }
    return;
  }
  for (let i = 0; start < size; i++, start += chunk) {
    const [device, offset] = extents[i % extents.length] as readonly [number, number, number];
    yield [device, offset + Math.floor(i / extents.length) * chunk, start, Math.min(chunk, size - start)];
  }
}

function contentOf(place: FilePlace, images: readonly Uint8Array[]): Buffer {
  const content = Buffer.alloc(place.size);
  for (const [device, offset, at, length] of piecesOf(place))
    content.set((images[device] as Uint8Array).subarray(offset, offset + length), at);
  return content;
}

function putContent(place: FilePlace, images: readonly Uint8Array[], content: Uint8Array): void {
  for (const [device, offset, at, length] of piecesOf(place))
    images[device]?.set(content.subarray(at, at + length), offset);
}
