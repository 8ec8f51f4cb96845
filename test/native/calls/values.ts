/** Arguments at and beyond the limits of the addon. */
import type { Random } from '../../support/random.js';

const NO_COUNTS: readonly unknown[] = [
  -1,
  -0.5,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2 ** 53,
  2 ** 64,
  -(2 ** 31),
  '0',
  '',
  null,
  undefined,
  true,
  1n,
  [],
  {},
  Symbol.iterator,
  () => 0,
];

const LARGE_COUNTS = [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 48, Number.MAX_SAFE_INTEGER];

/** Values that are not integers from 0 to 2^53 - 1. */
export function noCount(random: Random): unknown {
  return random.pick(NO_COUNTS);
}

/** An integer, mostly in [0, size - length], with a preference for the ends. */
export function anyOffset(random: Random, size: number, length: number): number {
  const room = size - length;
  if (random.chance(0.08)) return random.pick([...LARGE_COUNTS, size, size + 1, Math.max(room + 1, 0)]);
  return offsetWithin(random, Math.max(room, 0));
}

/** An integer from 0 to `most`: ends, limits of pages and lines, powers of two, anything. */
export function offsetWithin(random: Random, most: number): number {
  const near = random.pick([0, most, 64, 4096, 131072, 2 ** 22, 2 ** 31, 2 ** 32, random.below(most + 1)]);
  const offset = random.chance(0.5) ? near : near + random.within(-17, 17);
  const inside = Math.min(Math.max(offset, 0), most);
  return inside === 0 && random.chance(0.1) ? -0 : inside;
}

/** Lengths for calls: 8 and 16 are stored at once; some exceed the pieces and blocks of a job. */
export function anyLength(random: Random): number {
  if (random.chance(0.4)) return random.pick([0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 544, 4095, 4096, 4097]);
  return random.chance(0.9) ? random.below(10_000) : random.below(200_000);
}

/** Whether the addon must accept the value as an offset or a length. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** An argument for a parameter that expects bytes. */
export interface Argument {
  readonly value: unknown;
  /** the bytes, if it is a Uint8Array */
  readonly bytes: Uint8Array | undefined;
  /** all of the memory that it lies in */
  readonly around: Uint8Array;
}

/** `length` random bytes in one of JavaScript's types for them; sometimes something else. */
export function anyBytes(random: Random, length: number): Argument {
  if (random.chance(0.08)) return { value: random.pick(noBytes(random)), bytes: undefined, around: new Uint8Array(0) };
  const before = random.pick([0, 1, 8, 16, 40]);
  const whole = before + length + random.below(20);
  const buffer = random.pick(BUFFERS)(whole);
  const around = new Uint8Array(buffer, 0, whole);
  around.set(random.bytes(whole));
  const value = random.chance(0.5)
    ? Buffer.from(buffer as ArrayBuffer, before, length)
    : new Uint8Array(buffer, before, length);
  if (random.chance(0.03) && buffer instanceof ArrayBuffer) {
    structuredClone(buffer, { transfer: [buffer] });
    return { value, bytes: value, around: new Uint8Array(0) }; // detached: no bytes
  }
  return { value, bytes: value, around };
}

type Resizable = new (length: number, options: { maxByteLength: number }) => ArrayBuffer;

const BUFFERS: readonly ((length: number) => ArrayBuffer | SharedArrayBuffer)[] = [
  (length) => new ArrayBuffer(length),
  (length) => new SharedArrayBuffer(length),
  (length) => new (ArrayBuffer as unknown as Resizable)(length, { maxByteLength: 2 * length + 10 }),
  (length) => new (SharedArrayBuffer as unknown as Resizable)(length, { maxByteLength: 2 * length + 10 }),
];

function noBytes(random: Random): unknown[] {
  return [
    new Uint16Array(4),
    new Int8Array(4),
    new Uint8ClampedArray(4),
    new Float64Array(4),
    new DataView(new ArrayBuffer(8)),
    new ArrayBuffer(8),
    [1, 2, 3],
    { length: 8 },
    new Proxy(new Uint8Array(8), {}),
    'text',
    7,
    null,
    undefined,
    noCount(random),
  ];
}

/** An array that has lost its memory: its view is out of bounds, so it has no elements. */
export function shrunk(random: Random): Uint8Array {
  const buffer = new (ArrayBuffer as unknown as Resizable)(128, { maxByteLength: 256 }) as ArrayBuffer & {
    resize(length: number): void;
  };
  const view = new Uint8Array(buffer, 64, 64);
  buffer.resize(random.pick([0, 10, 100]));
  return view;
}
