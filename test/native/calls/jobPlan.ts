/** The definition of a job. */
import { addon, type JobOperation, type JobRequest, type NativeJob } from '../../../src/native/addon.js';
import type { Segment } from '../../../src/native/bulk.js';
import { patternBytes } from '../../support/patternModel.js';
import {
  alter,
  anyMemory,
  anySink,
  anySource,
  anyStream,
  anyStreamSink,
  mirror,
  mirrorMemory,
  type Sink,
  type Source,
} from './ends.js';
import type { Refusal } from './finding.js';
import type { Mapped } from './mapped.js';
import type { Store } from './modelFile.js';
import type { Session } from './session.js';
import { anyLength, offsetWithin } from './values.js';

/** What an operation needs and does. */
export interface Nature {
  readonly stores: boolean;
  readonly reads?: (session: Session, likely: number) => Source;
  readonly writes?: (session: Session, length: number) => Sink;
  /** runs in the order of the segments, on one thread */
  readonly ordered: boolean;
}

export const NATURES: Readonly<Record<JobOperation, Nature>> = {
  copyIn: { stores: true, reads: anySource, ordered: false },
  copyInStream: { stores: true, reads: anyStream, ordered: true },
  copyOut: { stores: false, writes: anySink, ordered: false },
  copyOutStream: { stores: false, writes: anyStreamSink, ordered: true },
  compare: { stores: false, reads: anySource, ordered: false },
  copyMemory: { stores: true, reads: anyMemory, ordered: false },
  compareMemory: { stores: false, reads: anyMemory, ordered: false },
  zero: { stores: true, ordered: false },
  fillPattern: { stores: true, ordered: false },
  verifyPattern: { stores: false, ordered: false },
  writeBack: { stores: false, ordered: false },
  invalidate: { stores: false, ordered: false },
  read: { stores: false, ordered: false },
};

const OPERATIONS = Object.keys(NATURES) as JobOperation[];
const SEEDS = [0n, 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];
/** bytes that a thread takes at a time */
const BLOCK = 2 ** 22;
const MOST_BYTES = 3 * BLOCK;
const MOST_MIRRORED = 10_000_000;
const MOST_PATTERN = 300_000;

/** A job that has ended. */
const aJob = await new Promise<NativeJob>((resolve) => {
  const nothing = { devices: [], segments: new Float64Array(0), fd: -1, seed: 0n, threads: 1 };
  const options = { keepGoing: false, invalidate: false, traced: false };
  const request = {
    operation: 'zero',
    ...nothing,
    ...options,
    done: () => queueMicrotask(() => resolve(job)),
  } as JobRequest;
  const job = new (addon().Job)(request);
});

/** A job; the fields in `spoilt` replace good ones. */
export interface JobPlan {
  readonly operation: JobOperation;
  readonly devices: readonly Mapped[];
  readonly segments: readonly Segment[];
  readonly threads: number;
  readonly keepGoing: boolean;
  readonly invalidate: boolean;
  readonly seed: bigint;
  /** only in direct calls of C++: the TypeScript face has an observer for it */
  readonly traced: boolean;
  readonly source?: Source;
  readonly sink?: Sink;
  /** bypasses the TypeScript face */
  readonly raw: boolean;
  readonly spoilt: Readonly<Record<string, unknown>>;
  /** why it must be refused */
  readonly refusals: readonly Refusal[];
}

/** A random job on some of the devices. */
export function planJob(session: Session, among: readonly Mapped[]): JobPlan {
  const { random } = session;
  const operation = random.pick(OPERATIONS);
  const nature = NATURES[operation];
  const devices = Array.from({ length: random.within(1, 3) }, () => random.pick(among));
  const segments = planSegments(session, operation, devices);
  const total = segments.reduce((sum, { length }) => sum + length, 0);
  const seed = random.pick([...SEEDS, BigInt(random.below(2 ** 32))]);
  const likely = Math.min(
    segments.reduce((most, one) => Math.max(most, one.fileOffset + one.length), 0),
    10_000_000,
  );
  const equal = random.chance(0.7) && likely < MOST_MIRRORED;
  if (equal && operation === 'verifyPattern') prepare(session, devices, segments, seed);
  const mirrorOf = operation === 'compare' ? mirror : operation === 'compareMemory' ? mirrorMemory : undefined;
  const source =
    equal && mirrorOf !== undefined
      ? mirrorOf(session, memoryOf(devices, segments))
      : nature.reads?.(session, nature.ordered ? total : likely);
  const sink = nature.writes?.(session, total);
  const good = {
    operation,
    devices,
    segments,
    threads: random.pick([1, 1, 2, 3, 8, 256]),
    keepGoing: random.chance(0.6),
    invalidate: random.chance(0.3),
    seed,
    traced: random.chance(0.3),
    raw: random.chance(0.5),
    ...(source && { source }),
    ...(sink && { sink }),
  };
  const refusals = devices.flatMap((device) => device.refusals(nature.stores));
  if (!random.chance(0.25)) return { ...good, spoilt: {}, refusals };
  const [spoilt, why] = random.pick(spoilers(session, good));
  return { ...good, spoilt, refusals: [...refusals, ...why] };
}

/** The contents of the segments, by file offset. */
function memoryOf(devices: readonly Mapped[], segments: readonly Segment[]): Store[] {
  return segments.map(({ device, offset, fileOffset, length }) => ({
    offset: fileOffset,
    bytes: devices[device]!.file.read(offset, length),
  }));
}

/** Writes the pattern where the job will look for it, as far as the files reach. */
function prepare(session: Session, devices: readonly Mapped[], segments: readonly Segment[], seed: bigint): void {
  for (const { device, offset, fileOffset, length } of segments) {
    const { file } = devices[device]!;
    const bytes = patternBytes(seed, fileOffset, length).subarray(0, Math.max(file.length - offset, 0));
    if (bytes.length > 0) file.fill(offset, bytes);
    alter(session, file, offset, bytes.length);
  }
}

function planSegments(session: Session, operation: JobOperation, devices: readonly Mapped[]): Segment[] {
  const { random } = session;
  const pattern = operation.endsWith('Pattern');
  const large = random.chance(0.08);
  let left = pattern ? MOST_PATTERN : MOST_BYTES;
  const count = random.chance(0.03) ? random.within(100, 2000) : random.within(0, 6);
  let fileOffset = random.chance(0.7) ? 0 : offsetWithin(random, 10_000);
  return Array.from({ length: count }, () => {
    const device = random.below(devices.length);
    const { size } = devices[device]!;
    const wanted =
      count > 6
        ? random.below(80)
        : large
          ? random.pick([BLOCK, BLOCK + 1, random.below(2 * BLOCK)])
          : anyLength(random);
    const length = Math.min(wanted, size, left);
    left -= length;
    if (random.chance(0.1)) fileOffset = farOffset(session, operation, length);
    const segment = { device, offset: offsetWithin(random, size - length), fileOffset, length };
    fileOffset = Math.min(fileOffset + length, Number.MAX_SAFE_INTEGER - 10_000_000);
    return segment;
  });
}

/** An offset in a file; a distant one if no file needs that length. */
function farOffset({ random }: Session, operation: JobOperation, length: number): number {
  if (operation === 'copyOut' || random.chance(0.5)) return random.below(50_000);
  return offsetWithin(random, random.pick([2 ** 31, 2 ** 32 + 100, 2 ** 40, Number.MAX_SAFE_INTEGER]) - length);
}

type Good = Omit<JobPlan, 'spoilt' | 'refusals'>;
type Spoiler = [Readonly<Record<string, unknown>>, Refusal[]];

/** Single fields with wrong values, and the reason that each must give. */
function spoilers(session: Session, good: Good): Spoiler[] {
  const { random } = session;
  const bad = (fields: Record<string, unknown>): Spoiler => [fields, ['BAD']];
  const both = [
    bad({ threads: random.pick([0, 257, -1, 2 ** 32 + 1, 1.5, Number.NaN, '1', null]) }),
    bad({ segments: spoilSegments(session, good) }),
    ...endSpoilers(session, good),
  ];
  const seed = bad({ seed: random.pick([-1n, 2n ** 64n, -(2n ** 64n), 0.5, '1', null]) });
  if (!good.raw) return good.operation.endsWith('Pattern') ? [...both, seed] : both;
  return [
    ...both,
    seed,
    bad({ operation: random.pick(['', 'copy', 'zero\0', 7, undefined, null, {}]) }),
    bad({
      devices: random.pick<unknown>([
        undefined,
        {},
        [undefined],
        [{}],
        [good.devices[0]!.face],
        [random.pick(impostors(good))],
      ]),
    }),
    bad({ keepGoing: random.pick([0, 'true', undefined, null]) }),
    bad({ invalidate: random.pick([0, 'true', undefined, null]) }),
    bad({ traced: random.pick([0, undefined]) }),
    bad({ done: random.pick([undefined, 7, {}]) }),
    bad({ segments: random.pick<unknown>([new Float32Array(4), [0, 0, 0, 0], undefined, new Float64Array(3)]) }),
  ];
}

/** Objects with only the prototype of a device: an empty one, and one of the addon's other class. */
function impostors({ devices }: Good): unknown[] {
  const prototype = Object.getPrototypeOf(devices[0]!.raw);
  return [Object.create(prototype), Object.setPrototypeOf(aJob, prototype)];
}

function endSpoilers({ random }: Session, good: Good): Spoiler[] {
  const { source, sink } = good;
  const fd = source?.fd ?? sink?.fd;
  if (source?.device !== undefined)
    return good.raw ? [[{ source: random.pick([undefined, null, {}, ...impostors(good)]) }, ['BAD']]] : [];
  if (fd === undefined) return [];
  const wrong = random.pick([-1, fd + 2 ** 32, 2 ** 31 + fd, fd + 0.5, Number.NaN, null, String(fd)]);
  return [
    [{ fd: wrong }, ['BAD']],
    [{ fd: random.pick([1_000_000, 2 ** 31 - 1]) }, ['EBADF']],
  ];
}

/** The segments, with one impossible number in one of them. */
function spoilSegments({ random }: Session, { segments, devices }: Good): Segment[] {
  const good = segments[0] ?? { device: 0, offset: 0, fileOffset: 0, length: 1 };
  const { size } = devices[good.device]!;
  const wrong = random.pick([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]);
  const spoilt = random.pick<Segment>([
    { ...good, device: random.pick([wrong, devices.length, 2 ** 32]) },
    { ...good, offset: random.pick([wrong, size - good.length + 1, size + 1]) },
    { ...good, fileOffset: wrong },
    { ...good, length: random.pick([wrong, size - good.offset + 1, size + 1]) },
  ]);
  return [...segments.slice(1), spoilt];
}
