/** What a mount shows of memory in each mode of its cache: the table of docs/fuse.md, each row of it tried. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MappedDevice } from '../../../src/native/device.js';
import { PoolSandbox } from '../../support/pool.js';
import { makeMountPoint, mount, needsFuse, sh, unmount } from '../../support/realMount.js';
import { ROOT } from '../../support/root.js';

const MODES = ['auto', 'none'] as const;
type Mode = (typeof MODES)[number];

/** bytes; each row uses a file of its own, of which nothing is cached yet */
const SIZE = 2 * 1024 ** 2;
const PAGE = 4096;

const sandbox = new PoolSandbox();
const [primary = ''] = await sandbox.makePool(128);
const image = openSync(primary, 'r+');

/** One file in a mount, and its bytes in memory, where another host stores to them. */
class Place {
  readonly fd: number;

  constructor(
    readonly path: string,
    readonly memoryOffset: number,
  ) {
    this.fd = openSync(path, 'r+');
  }

  /** What read(2) of one byte gives. */
  read(at: number): number {
    return byteOf(this.fd, at);
  }

  write(at: number, value: number): void {
    writeSync(this.fd, Buffer.from([value]), 0, 1, at);
  }

  memory(at: number): number {
    return byteOf(image, this.memoryOffset + at);
  }

  storeElsewhere(at: number, value: number): void {
    writeSync(image, Buffer.from([value]), 0, 1, this.memoryOffset + at);
  }

  map(): MappedDevice {
    return MappedDevice.open(this.path, { writable: true });
  }

  /** Runs lines of Python that map the file in other ways than ours; an assertion there fails the test. */
  python(lines: string): void {
    const args = [this.path, primary, String(this.memoryOffset), String(SIZE)];
    const { status, stderr } = spawnSync('python3', ['-c', PRELUDE + lines, ...args], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  }

  drop(): void {
    sh(sandbox, `dd if=${this.path} iflag=nocache count=0 status=none`);
  }
}

/** What the lines of Place.python use. */
const PRELUDE = `
import mmap, os, sys
path, image, start, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
fd, memory = os.open(path, os.O_RDWR), os.open(image, os.O_RDWR)
private = lambda: mmap.mmap(fd, size, mmap.MAP_PRIVATE)
shared = lambda: mmap.mmap(fd, size, mmap.MAP_SHARED)
read = lambda at: os.pread(fd, 1, at)[0]
in_memory = lambda at: os.pread(memory, 1, start + at)[0]
def store_elsewhere(at, value): os.pwrite(memory, bytes([value]), start + at)
def same(found, wanted): assert found == wanted, f'{found}, not {wanted}'
`;

interface Case {
  /** as in docs/fuse.md */
  readonly what: string;
  readonly told: Readonly<Record<Mode, string>>;
  /** whether it runs lines of Python */
  readonly python?: true;
  try(place: Place, mode: Mode): void;
}

const CASES: readonly Case[] = [
  {
    what: 'read(2)',
    told: { auto: 'from the page cache; missing pages from memory', none: 'from memory' },
    try(place, mode) {
      place.storeElsewhere(0, 1);
      assert.equal(place.read(0), 1);
      place.storeElsewhere(0, 2);
      assert.equal(place.read(0), mode === 'auto' ? 1 : 2);
    },
  },
  {
    what: 'write(2)',
    told: { auto: 'in memory when it returns', none: 'in memory when it returns' },
    try(place) {
      for (const value of [3, 4]) {
        place.write(5, value);
        assert.equal(place.memory(5), value);
        assert.equal(place.read(5), value);
      }
    },
  },
  {
    what: 'shared mappings, loads',
    told: { auto: 'from the page cache', none: 'from the page cache; needs Linux 6.6' },
    try(place) {
      place.storeElsewhere(PAGE, 5);
      const mapping = place.map();
      assert.equal(mapping.read(PAGE, 1)[0], 5);
      place.storeElsewhere(PAGE, 6);
      assert.equal(mapping.read(PAGE, 1)[0], 5);
      mapping.close();
    },
  },
  {
    what: 'shared mappings, stores',
    told: { auto: 'in memory after msync or munmap', none: 'in memory after msync or munmap' },
    try(place) {
      const mapping = place.map();
      mapping.write(7, Buffer.from([7]));
      fsyncSync(place.fd);
      assert.equal(place.memory(7), 7);
      mapping.write(7, Buffer.from([8]));
      mapping.close();
      assert.equal(place.memory(7), 8);
    },
  },
  {
    what: 'private mappings, loads',
    python: true,
    told: { auto: 'from the page cache', none: 'from the page cache' },
    try(place) {
      place.python(`
store_elsewhere(0, 1)
m = private()
same(m[0], 1)
store_elsewhere(0, 2)
same(m[0], 1)
`);
    },
  },
  {
    what: 'private mappings, stores',
    python: true,
    told: { auto: 'seen by the process alone, never in memory', none: 'seen by the process alone, never in memory' },
    try(place) {
      place.python(`
m = private()
m[0] = 3
m.flush()
same([m[0], read(0), shared()[0], in_memory(0)], [3, 0, 0, 0])
m.close()
os.fsync(fd)
same([read(0), in_memory(0)], [0, 0])
`);
    },
  },
  {
    what: 'a store through a shared mapping, before msync',
    python: true,
    told: {
      auto: 'seen by read(2) and other mappings of this host',
      none: 'seen by read(2), which brings it to memory, and by other mappings of this host',
    },
    try(place, mode) {
      place.python(`
m, other, copy = shared(), shared(), private()
m[0] = 4
same([other[0], copy[0], in_memory(0)], [4, 4, 0])
same(read(0), 4)
same(in_memory(0), ${mode === 'auto' ? 0 : 4})
`);
    },
  },
  {
    what: 'write(2) to a page that is mapped',
    python: true,
    told: { auto: 'seen by the mappings of this host', none: 'seen by the mappings of this host' },
    try(place) {
      place.python(`
m, copy = shared(), private()
same([m[0], copy[0]], [0, 0])
os.pwrite(fd, bytes([5]), 0)
same([m[0], copy[0], in_memory(0)], [5, 5, 5])
`);
    },
  },
  {
    what: 'a store of another host to a page that is mapped',
    python: true,
    told: {
      auto: 'seen after the page is unmapped and dropped',
      none: 'seen once any process maps the file again',
    },
    try(place, mode) {
      place.python(`
m = shared()
same(m[0], 0)
store_elsewhere(0, 6)
same(m[0], 0)
os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
same(m[0], 0)
again = shared()
same([m[0], again[0]], ${mode === 'auto' ? '[0, 0]' : '[6, 6]'})
m.close()
again.close()
os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
same(shared()[0], 6)
`);
    },
  },
  {
    what: 'a store of another host to a page that was read before',
    told: {
      auto: 'seen after the page is dropped: `posix_fadvise(POSIX_FADV_DONTNEED)`',
      none: 'seen by the next read(2)',
    },
    try(place, mode) {
      assert.equal(place.read(9), 0);
      place.storeElsewhere(9, 9);
      if (mode === 'auto') {
        assert.equal(place.read(9), 0);
        place.drop();
      }
      assert.equal(place.read(9), 9);
    },
  },
];

const noPython = spawnSync('python3', ['--version']).error !== undefined && 'python3 is not installed';

for (const mode of MODES)
  test(`what memory a mount shows, cache ${mode}`, needsFuse(), async (t) => {
    const files = CASES.map((_, i) => `${mode}${i}`);
    await sandbox.ok(['creat', '--quiet', '-s', String(SIZE), '--zero', ...files]);
    const maps = await sandbox.json<{ files: { extents: { deviceOffset: number }[] }[] }>(['showfmap', ...files]);
    const offsets = maps.files.map(({ extents }) => extents[0]?.deviceOffset as number);
    const point = makeMountPoint(sandbox);
    mount(sandbox, point, '--cache', mode);
    for (const [i, { what, python = false, try: attempt }] of CASES.entries())
      await t.test(what, { skip: python && noPython }, () => {
        const place = new Place(join(point, files[i] as string), offsets[i] as number);
        attempt(place, mode);
        closeSync(place.fd);
      });
    unmount(sandbox, point);
  });

test('docs/fuse.md shows these cases', () => {
  const text = readFileSync(join(ROOT, 'docs', 'fuse.md'), 'utf8');
  for (const { what, told } of CASES) assert.ok(text.includes(`| ${what} | ${told.auto} | ${told.none} |`), what);
});

function byteOf(fd: number, at: number): number {
  const byte = Buffer.alloc(1);
  assert.equal(readSync(fd, byte, 0, 1, at), 1);
  return byte[0] as number;
}
