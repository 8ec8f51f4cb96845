/** The methods of a device: what they must do to memory and counters, and what they must refuse. */
import { isDeepStrictEqual } from 'node:util';
import { type Counters, counters, DeviceError } from '../../../src/native/device.js';
import type { Random } from '../../support/random.js';
import { attempt, must, type Outcome, type Refusal } from './finding.js';
import type { Mapped } from './mapped.js';
import type { Session } from './session.js';
import { type Argument, anyBytes, anyLength, anyOffset, isCount, noCount, shrunk } from './values.js';

const LINE = 64;

/** Makes one call of one device, through the TypeScript face or directly in C++. */
export function callDevice(session: Session, device: Mapped): void {
  const { random } = session;
  random.pick(CALLS)(new Call(session, device, random.chance(0.4)));
}

/** One call: its device and the way it is made. */
class Call {
  readonly session: Session;
  readonly random: Random;
  readonly device: Mapped;
  /** bypasses the checks of the TypeScript face */
  readonly raw: boolean;

  constructor(session: Session, device: Mapped, raw: boolean) {
    this.session = session;
    this.random = session.random;
    this.device = device;
    this.raw = raw;
  }

  /** The object that is called; arguments may be of any type. */
  get target(): Record<string, (...args: unknown[]) => unknown> {
    return (this.raw ? this.device.raw : this.device.face) as never;
  }

  say(...what: unknown[]): void {
    this.session.say(`${this.raw ? 'raw ' : ''}${this.device} ${what.map(show).join(' ')}`);
  }

  /** An offset for `length` bytes, or something wrong. */
  offset(length: number): unknown {
    if (this.random.chance(0.06)) return noCount(this.random);
    return anyOffset(this.random, this.device.size, length);
  }

  length(): unknown {
    return this.random.chance(0.06) ? noCount(this.random) : Math.min(anyLength(this.random), this.device.size);
  }

  /** Reasons to refuse the call that do not depend on its kind. */
  refusals(storing: boolean, offset: unknown, length: unknown): Refusal[] {
    const { size, file } = this.device;
    const inside = isCount(offset) && isCount(length) && length <= size && offset <= size - length;
    const reached = inside && (length === 0 || offset + length <= file.reach);
    const refusals = this.device.refusals(storing);
    if (!inside) return [...refusals, 'BAD'];
    return reached || refusals.length > 0 ? refusals : ['SIGBUS'];
  }
}

function read(call: Call): void {
  const { device } = call;
  const length = call.length();
  const offset = call.offset(isCount(length) ? length : 0);
  call.say('read', offset, length);
  const outcome = attempt(call.refusals(false, offset, length), () =>
    device.face.read(offset as number, length as number),
  );
  checkFault(call, outcome, offset as number);
  if ('value' in outcome) mustHold(outcome.value, device.file.read(offset as number, length as number));
}

function readInto(call: Call): void {
  const { device, random } = call;
  const target = random.chance(0.03)
    ? plain(shrunk(random))
    : anyBytes(random, Math.min(anyLength(random), device.size));
  const length = target.bytes?.length ?? 0;
  const offset = call.offset(length);
  call.say('readInto', offset, length);
  const before = Buffer.from(target.around);
  const refusals = target.bytes ? call.refusals(false, offset, length) : [...device.refusals(false), 'BAD' as const];
  const outcome = attempt(refusals, () => call.target.readInto!(target.value, offset));
  checkFault(call, outcome, offset as number);
  const from = target.bytes ? target.bytes.byteOffset - target.around.byteOffset : 0;
  if ('value' in outcome)
    before.set(device.file.read(offset as number, length).subarray(0, before.length - from), from);
  // a range that could not be read completely may have been read in part
  if (refusals.includes('SIGBUS')) before.fill(target.around.subarray(from, from + length), from, from + length);
  mustHold(target.around, before);
}

function store(name: 'write' | 'persist', call: Call): void {
  const { device, random } = call;
  const source = anyBytes(random, Math.min(anyLength(random), device.size));
  const bytes = Buffer.from(source.bytes ?? []);
  const offset = call.offset(bytes.length);
  call.say(name, offset, bytes.length);
  const refusals = source.bytes
    ? call.refusals(true, offset, bytes.length)
    : [...device.refusals(true), 'BAD' as const];
  const counted = counters();
  const outcome = attempt(refusals, () => call.target[name]!(offset, source.value));
  checkFault(call, outcome, offset as number);
  if ('value' in outcome) {
    device.file.expect(offset as number, bytes);
    const persisted =
      name === 'persist' ? { linesWrittenBack: linesOf(offset as number, bytes.length), fences: 1 } : {};
    mustCount(counted, { stores: 1, bytesStored: bytes.length, ...persisted });
  } else if (refusals.includes('SIGBUS')) {
    const reached = Math.max(device.file.reach - (offset as number), 0);
    device.file.settle([{ offset: offset as number, bytes: bytes.subarray(0, reached) }], true);
  }
  device.file.check(isCount(offset) ? offset : 0, bytes.length);
}

function sweep(name: 'writeBack' | 'invalidate', call: Call): void {
  const { device } = call;
  const length = call.length();
  const offset = call.offset(isCount(length) ? length : 0);
  call.say(name, offset, length);
  const counted = counters();
  const outcome = attempt(call.refusals(false, offset, length), () => call.target[name]!(offset, length));
  checkFault(call, outcome, offset as number);
  if ('value' in outcome) {
    const lines = linesOf(offset as number, length as number);
    mustCount(counted, name === 'writeBack' ? { linesWrittenBack: lines } : { linesInvalidated: lines });
  }
  device.file.check();
}

function fence(call: Call): void {
  call.say('fence');
  const counted = counters();
  const outcome = attempt(call.device.refusals(false), () => call.target.fence!());
  mustCount(counted, 'value' in outcome ? { fences: 1 } : {});
}

function size(call: Call): void {
  call.say('size');
  const outcome = attempt(call.raw ? call.device.refusals(false) : [], () => call.target.size as unknown);
  must(!('value' in outcome) || outcome.value === call.device.size, () => 'another size');
}

/** Never waits: this process itself holds the lock. */
function lock(call: Call): void {
  const { device, random, session } = call;
  const kind = random.pick(['exclusive', 'shared'] as const);
  call.say('lock', kind);
  const free = !othersHold(session, device, kind);
  const outcome = attempt(device.refusals(false), () =>
    call.raw ? device.raw.lock(kind === 'exclusive', false) : device.face.lock(kind, false),
  );
  if (!('value' in outcome)) return;
  must(outcome.value === free, () => `lock says ${outcome.value}`);
  device.lock = free ? kind : undefined; // flock(2) releases the old lock first
}

function othersHold(session: Session, device: Mapped, kind: 'exclusive' | 'shared'): boolean {
  return session.devices.some(
    (other) =>
      other !== device &&
      other.file === device.file &&
      other.lock !== undefined &&
      (other.lock === 'exclusive' || kind === 'exclusive'),
  );
}

function unlock(call: Call): void {
  call.say('unlock');
  const outcome = attempt(call.device.refusals(false), () => call.target.unlock!());
  if ('value' in outcome) call.device.lock = undefined;
}

/** Calls on something that is not a device: V8 or the addon must notice. */
function onStranger(call: Call): void {
  const { random, device } = call;
  const name = random.pick(['write', 'readInto', 'writeBack', 'fence', 'lock', 'close']);
  const stranger = random.pick<unknown>([{}, Object.create(device.raw), undefined, 7, device.face, []]);
  call.say('stranger', name);
  attempt(['BAD'], () => (device.raw as never as Record<string, () => void>)[name]!.call(stranger));
}

const CALLS: readonly ((call: Call) => void)[] = [
  read,
  readInto,
  readInto,
  (call) => store('write', call),
  (call) => store('write', call),
  (call) => store('persist', call),
  (call) => sweep('writeBack', call),
  (call) => sweep('invalidate', call),
  fence,
  size,
  lock,
  unlock,
  onStranger,
];

/** A memory fault names the first byte of the range without memory. */
function checkFault(call: Call, outcome: Outcome<unknown>, offset: number): void {
  const { error } = outcome;
  if (!(error instanceof DeviceError) || error.code !== 'SIGBUS') return;
  const first = Math.max(offset, call.device.file.reach);
  must(error.offset === first, () => `a fault at ${error.offset}, not at ${first}`);
}

function mustHold(found: Uint8Array, expected: Uint8Array): void {
  const wrong = expected.findIndex((byte, i) => byte !== found[i]);
  must(wrong < 0, () => `${found[wrong]} in place of ${expected[wrong]} at byte ${wrong} of ${expected.length} read`);
}

function mustCount(before: Counters, change: Partial<Counters>): void {
  const expected = { ...before };
  for (const [name, by] of Object.entries(change)) expected[name as keyof Counters] += by;
  const found = counters();
  must(isDeepStrictEqual(found, expected), () => `counts ${show(found)}, not ${show(expected)}`);
}

function linesOf(offset: number, length: number): number {
  return length === 0 ? 0 : Math.floor((offset + length - 1) / LINE) - Math.floor(offset / LINE) + 1;
}

function plain(bytes: Uint8Array): Argument {
  return { value: bytes, bytes, around: new Uint8Array(0) };
}

function show(value: unknown): string {
  if (typeof value === 'object') return JSON.stringify(value);
  return typeof value === 'bigint' ? `${value}n` : String(value);
}
