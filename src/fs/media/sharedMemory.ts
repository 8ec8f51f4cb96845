/** Reading and changing shared memory by its cache rules (docs/architecture.md, "Cache rules for shared memory"). */
import { roundUp } from '../../format/fmap.js';
import { SMALL_PAGE } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';

/** A snapshot of `length` bytes as other hosts left them: stale cache lines are dropped first. */
export function readShared(device: MappedDevice, offset: number, length: number): Buffer {
  device.invalidate(offset, length);
  device.fence();
  return device.read(offset, length);
}

/** The same into the caller's buffer, which it fills. */
export function readSharedInto(device: MappedDevice, offset: number, target: Uint8Array): void {
  device.invalidate(offset, target.length);
  device.fence();
  device.readInto(target, offset);
}

/** One store to a device, and why. Offsets and lengths in bytes. */
export type Write = { readonly device: MappedDevice; readonly offset: number; readonly why: string } & (
  | { readonly bytes: Uint8Array }
  | { readonly zeros: number }
);

/** Writes that may reach memory in any order; a step is complete before the next one begins. */
export type Step = readonly Write[];

/** bytes that are compared with zeros at a time; a block that is zero stays a hole in a sparse image */
const ZERO_BLOCK = 64 * 1024;
const ZEROS = Buffer.alloc(ZERO_BLOCK);
/** used for every block: fresh memory each time costs more than the reading */
const scratch = Buffer.alloc(ZERO_BLOCK);

/** Carries out a plan: each step is stored, written back and fenced before the next. Nothing is loaded between the stores of a step. */
export function apply(steps: readonly Step[]): void {
  for (const step of steps) {
    const stores = step.flatMap((write) => [...storesOf(write)]);
    for (const { device, offset, bytes } of stores) store(device, offset, bytes);
    for (const device of new Set(step.map(({ device }) => device))) device.fence();
  }
}

/** Offset of the first byte of [from, to) that is not 0, in bytes from the device's start; undefined where all are 0. */
export function firstNonZero(device: MappedDevice, from: number, to: number): number | undefined {
  for (const { at, block } of blocksOf(device, from, to))
    if (!isZero(block)) return at + block.findIndex((byte) => byte !== 0);
  return undefined;
}

/**
 * Whether a range lies in holes of a sparse image, and so is zero. Of the page in which it begins, which may hold what comes before, the
 * bytes are read. False if that is not known, as for a device.
 */
export function isBlank(device: MappedDevice, offset: number, length: number): boolean {
  if (device.isHole(offset, length)) return true;
  const before = Math.min(roundUp(offset, SMALL_PAGE) - offset, length);
  return device.isHole(offset + before, length - before) && isZero(readShared(device, offset, before));
}

/** Stores bytes and writes back exactly their cache lines; the caller fences. */
export function store(device: MappedDevice, offset: number, bytes: Uint8Array): void {
  device.write(offset, bytes);
  device.writeBack(offset, bytes.length);
}

/** The stores of a write. Of zeros, blocks that are zero already are left alone, so that a sparse image stays sparse. */
function* storesOf(write: Write): Generator<Write & { readonly bytes: Uint8Array }> {
  if ('bytes' in write) return yield write;
  const { device, offset, zeros, why } = write;
  for (const { at, block } of blocksOf(device, offset, offset + zeros))
    if (!isZero(block)) yield { device, offset: at, why, bytes: ZEROS.subarray(0, block.length) };
}

/**
 * The bytes of [from, to) in blocks, each valid until the next is drawn, without holes of a sparse image. Blocks end at multiples of
 * their size: to read a part of a page of a hole fills the page on tmpfs, and the next block would be none.
 */
function* blocksOf(device: MappedDevice, from: number, to: number): Generator<{ at: number; block: Buffer }> {
  for (let at = from; at < to; ) {
    const length = Math.min(ZERO_BLOCK - (at % ZERO_BLOCK), to - at);
    if (!device.isHole(at, length)) {
      const block = scratch.subarray(0, length);
      readSharedInto(device, at, block);
      yield { at, block };
    }
    at += length;
  }
}

/** Whether bytes, if there are any, are all zero: each equals the one before it, so one memory comparison is enough. */
export function isZero(bytes: Buffer): boolean {
  return bytes.length === 0 || (bytes[0] === 0 && bytes.compare(bytes, 1, bytes.length, 0, bytes.length - 1) === 0);
}
