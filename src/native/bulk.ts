import type { MappedDevice } from './device.js';
import { type BulkOptions, type BulkResult, type JobCall, runJob } from './job.js';
import type { Segment } from './segment.js';

export { type BulkFault, type BulkOptions, type BulkResult, defaultThreads, faultError } from './job.js';
export type { Segment } from './segment.js';

/**
 * Bulk work between mapped memory and files, on worker threads. Every function takes the devices, the segments of a file on
 * them, and options; it rejects only for impossible arguments. Devices closed meanwhile stay mapped, and file descriptors
 * closed meanwhile stay open, until the job ends. Stores go past the cache and are fenced: once the promise resolves,
 * what was stored is in memory.
 */

type Devices = readonly MappedDevice[];
type Segments = readonly Segment[];

/** The first byte that is not as it should be. */
export interface Difference {
  /** index into the devices of the call */
  device: number;
  /** in the device, bytes */
  offset: number;
  /** in the file, bytes */
  fileOffset: number;
  /** 0..255 */
  expected: number;
  /** 0..255 */
  found: number;
}

export interface CheckResult extends BulkResult {
  /** absent when all that could be read is as it should be; what lies behind it in the file may not have been looked at */
  difference?: Difference;
}

export interface StreamInResult extends BulkResult {
  /** the stream had more than the segments take (one byte of it was read to see) */
  more: boolean;
}

/**
 * Copies a file that can be read anywhere into memory; holes of it become zeros without being read. A file that ends
 * before a segment does is a fault with code EUNDERRUN and the file offset.
 */
export async function copyIn(
  devices: Devices,
  segments: Segments,
  fd: number,
  options: BulkOptions = {},
): Promise<BulkResult> {
  return toBulkResult({ operation: 'copyIn', devices, segments, fd, options });
}

/**
 * Copies what a pipe, socket or terminal gives into the segments, in their order, until the stream ends or they are
 * full; then waits to see whether there is more. `bytes` says how much came: fewer than the segments take is no fault.
 */
export async function copyInStream(
  devices: Devices,
  segments: Segments,
  fd: number,
  options: BulkOptions = {},
): Promise<StreamInResult> {
  const { bytes, faults, cancelled, more } = await runJob({
    operation: 'copyInStream',
    devices,
    segments,
    fd,
    options,
  });
  return { bytes, faults, cancelled, more };
}

/**
 * Copies memory to a file that can be written anywhere. With keepGoing, pages that cannot be read are not written: holes,
 * where the file is new; giving the file its length is the caller's.
 */
export async function copyOut(
  devices: Devices,
  segments: Segments,
  fd: number,
  options: BulkOptions = {},
): Promise<BulkResult> {
  return toBulkResult({ operation: 'copyOut', devices, segments, fd, options });
}

/**
 * Copies memory to a pipe, socket or terminal, in the order of the segments. With keepGoing, pages that cannot be read are
 * sent as zeros. A reader that went away is a fault with code EPIPE.
 */
export async function copyOutStream(
  devices: Devices,
  segments: Segments,
  fd: number,
  options: BulkOptions = {},
): Promise<BulkResult> {
  return toBulkResult({ operation: 'copyOutStream', devices, segments, fd, options });
}

/** Compares memory with a file; `expected` is the file's byte. A file that ends too early is a fault with code EUNDERRUN. */
export async function compare(
  devices: Devices,
  segments: Segments,
  fd: number,
  options: BulkOptions = {},
): Promise<CheckResult> {
  return toCheckResult({ operation: 'compare', devices, segments, fd, options });
}

export async function zero(devices: Devices, segments: Segments, options: BulkOptions = {}): Promise<BulkResult> {
  return toBulkResult({ operation: 'zero', devices, segments, options });
}

/**
 * Fills with the seeded pattern: xoroshiro128+ seeded by splitmix64; of each output the low 32 bits, little-endian. What a
 * byte is depends on the seed and its file offset only.
 * @param seed 0..2^64-1
 */
export async function fillPattern(
  devices: Devices,
  segments: Segments,
  seed: number | bigint,
  options: BulkOptions = {},
): Promise<BulkResult> {
  return toBulkResult({ operation: 'fillPattern', devices, segments, seed: toSeed(seed), options });
}

/** Checks that memory holds the seeded pattern. */
export async function verifyPattern(
  devices: Devices,
  segments: Segments,
  seed: number | bigint,
  options: BulkOptions = {},
): Promise<CheckResult> {
  return toCheckResult({ operation: 'verifyPattern', devices, segments, seed: toSeed(seed), options });
}

/** Writes back every cache line of the segments, and fences. */
export async function writeBackSegments(
  devices: Devices,
  segments: Segments,
  options: BulkOptions = {},
): Promise<BulkResult> {
  return toBulkResult({ operation: 'writeBack', devices, segments, options });
}

/** Drops every cache line of the segments, and fences. */
export async function invalidateSegments(
  devices: Devices,
  segments: Segments,
  options: BulkOptions = {},
): Promise<BulkResult> {
  return toBulkResult({ operation: 'invalidate', devices, segments, options });
}

async function toBulkResult(call: JobCall): Promise<BulkResult> {
  const { bytes, faults, cancelled } = await runJob(call);
  return { bytes, faults, cancelled };
}

async function toCheckResult(call: JobCall): Promise<CheckResult> {
  const { bytes, faults, cancelled, difference } = await runJob(call);
  return { bytes, faults, cancelled, ...(difference && { difference }) };
}

function toSeed(seed: number | bigint): bigint {
  const whole = typeof seed === 'bigint' || Number.isSafeInteger(seed);
  if (!whole || seed < 0 || seed >= 2n ** 64n) throw new RangeError(`seed must be 0..2^64-1, not ${seed}`);
  return BigInt(seed);
}
