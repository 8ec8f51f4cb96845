/** What a mount shows of memory in each mode of its cache: the table of docs/fuse.md, each row of it tried. */
import assert from 'node:assert/strict';
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

  drop(): void {
    sh(sandbox, `dd if=${this.path} iflag=nocache count=0 status=none`);
  }
}

interface Case {
  /** as in docs/fuse.md */
  readonly what: string;
  readonly told: Readonly<Record<Mode, string>>;
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
    what: 'private and shared mappings, loads',
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

for (const mode of MODES)
  test(`what memory a mount shows, cache ${mode}`, needsFuse(), async (t) => {
    const files = CASES.map((_, i) => `${mode}${i}`);
    await sandbox.ok(['creat', '--quiet', '-s', String(SIZE), '--zero', ...files]);
    const maps = await sandbox.json<{ files: { extents: { deviceOffset: number }[] }[] }>(['showfmap', ...files]);
    const offsets = maps.files.map(({ extents }) => extents[0]?.deviceOffset as number);
    const point = makeMountPoint(sandbox);
    mount(sandbox, point, '--cache', mode);
    for (const [i, { what, try: attempt }] of CASES.entries())
      await t.test(what, () => {
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
