/** What a job must have done. */
import { isDeepStrictEqual } from 'node:util';
import type { JobFault, JobOperation, JobResult } from '../../../src/native/addon.js';
import type { Segment } from '../../../src/native/bulk.js';
import { patternBytes } from '../../support/patternModel.js';
import { must } from './finding.js';
import { type JobPlan, NATURES } from './jobPlan.js';
import type { Ended } from './jobRun.js';
import type { Mapped } from './mapped.js';
import type { ModelFile, Store } from './modelFile.js';

/** How many bytes of one segment can be processed, counted from its start. */
interface Reach {
  readonly segment: Segment;
  readonly device: Mapped;
  /** bytes that the other end supplies or accepts */
  readonly given: number;
  /** bytes in reachable memory */
  readonly mapped: number;
}

type Kind = Pick<JobFault, 'side' | 'action'> & { code: string };

/** The state before a job ran, to compare its result with. */
export class JobModel {
  readonly #plan: JobPlan;
  readonly #reaches: readonly Reach[];
  /** for an operation that reads memory: the contents of each segment */
  readonly #memory: readonly Buffer[];

  constructor(plan: JobPlan) {
    this.#plan = plan;
    this.#reaches = reachesOf(plan);
    const reads = !NATURES[plan.operation].stores && !isSweep(plan.operation);
    this.#memory = reads ? plan.segments.map((one) => plan.devices[one.device]!.file.read(one.offset, one.length)) : [];
  }

  /** @throws Finding */
  check(ended: Ended): void {
    const { result } = ended;
    const faults = this.#expectedFaults(this.#reaches);
    // The job may have reached a part that was cut off either before or after the cut
    const late = ended.cut ? this.#expectedFaults(reachesOf(this.#plan)) : [];
    must(ended.stopped || !result.cancelled, () => 'cancelled by nobody');
    const whole = !result.cancelled && !ended.cut && !this.#stopsAt(faults) && result.difference === undefined;
    this.#checkFaults(result, faults, late, whole);
    this.#checkBytes(result, faults, whole);
    this.#checkDifference(ended, faults);
    this.#checkMore(result, whole);
    this.#checkSteps(result);
    if (NATURES[this.#plan.operation].stores) this.#checkStores(ended, whole);
    if (this.#plan.sink) this.#checkSink(ended, whole);
  }

  /** After a refusal or a job: all files match the model. */
  checkFiles(): void {
    for (const { segment, device } of this.#reaches) device.file.check(segment.offset, segment.length);
  }

  /** Whether a job with these faults leaves the rest undone. */
  #stopsAt(faults: readonly JobFault[]): boolean {
    if (faults.length === 0) return false;
    return !this.#plan.keepGoing || faults.some(({ side, code }) => side === 'file' && code !== 'EUNDERRUN');
  }

  /** @param late faults that may or may not occur */
  #checkFaults(result: JobResult, sure: readonly JobFault[], late: readonly JobFault[], whole: boolean): void {
    const found = result.faults;
    const apart = found.every((fault, i) => i === 0 || found[i - 1]!.fileOffset <= fault.fileOffset);
    must(apart, () => `faults are not by file offset: ${JSON.stringify(found)}`);
    const joined = found.every((fault, i) => i === 0 || !continues(found[i - 1]!, fault));
    must(joined, () => `neighbouring faults are not joined: ${JSON.stringify(found)}`);
    const all = merged([...sure, ...late]);
    const said = () => `faults ${JSON.stringify(found)}, not ${JSON.stringify(all)}`;
    must(isDeepStrictEqual(merged(whole ? found : [...found, ...all]), all), said);
    const unmet = sure.length > 0 && !result.cancelled && result.difference === undefined;
    must(!unmet || found.length > 0, said);
  }

  #checkBytes({ bytes }: JobResult, faults: readonly JobFault[], whole: boolean): void {
    const total = this.#total();
    const bad = faults.reduce((sum, { length, side }) => sum + (this.#fills(side) ? 0 : length), 0);
    const short =
      this.#plan.operation === 'copyInStream'
        ? this.#reaches.reduce((sum, { given, segment }) => sum + segment.length - given, 0)
        : 0;
    must(
      bytes <= total && (!whole || bytes === total - bad - short),
      () => `${bytes} bytes, of ${total} less ${bad} and ${short}`,
    );
  }

  /** copyOutStream sends zeros in place of bytes that it cannot read. */
  #fills(side: JobFault['side']): boolean {
    return this.#plan.operation === 'copyOutStream' && side === 'device';
  }

  #total(): number {
    return this.#plan.segments.reduce((sum, { length }) => sum + length, 0);
  }

  #checkMore({ more }: JobResult, whole: boolean): void {
    const { operation, source } = this.#plan;
    const expected = operation === 'copyInStream' && source!.code === undefined && source!.length > this.#total();
    must(more === expected || (more === false && !whole), () => `more is ${more}`);
  }

  /** Checks the counters: stores and write-backs of the segments, five numbers per step. */
  #checkSteps({ steps = new Float64Array(0) }: JobResult): void {
    const { segments } = this.#plan;
    for (let at = 0; at < steps.length; at += 5) {
      const [, , device, offset, length] = steps.subarray(at, at + 5) as unknown as [
        number,
        number,
        number,
        number,
        number,
      ];
      const { file } = this.#plan.devices[device]!;
      const inside = segments.some(
        (one) =>
          this.#plan.devices[one.device]!.file === file &&
          offset >= one.offset &&
          offset + length <= one.offset + one.length,
      );
      must(inside || length === 0, () => `a step at ${offset} of ${length} bytes, in no segment`);
    }
  }

  #checkDifference({ result, cut }: Ended, faults: readonly JobFault[]): void {
    const { difference } = result;
    const all = this.#differences();
    const first = Math.min(...all.map(({ fileOffset }) => fileOffset));
    const unsure = cut || result.cancelled || this.#stopsAt(faults);
    if (difference === undefined) {
      must(all.length === 0 || unsure, () => `no difference, not one at ${first}`);
      return;
    }
    const { device, offset, fileOffset, expected, found } = difference;
    const known = all.some((one) => isDeepStrictEqual(one, { device, offset, fileOffset, expected, found }));
    must(
      known && (unsure || fileOffset === first),
      () => `difference ${JSON.stringify(difference)}, not one at ${first}`,
    );
  }

  /** The first difference in each piece of each segment; a job that stops early can have found any of them. */
  #differences(): NonNullable<JobResult['difference']>[] {
    const { operation } = this.#plan;
    if (!COMPARING.has(operation)) return [];
    return this.#reaches.flatMap(({ segment, given, mapped }, i) => {
      const memory = this.#memory[i]!;
      const expected = this.#bytesFor(segment, 0);
      const { device, offset, fileOffset } = segment;
      const found = [];
      for (let at = 0; at < Math.min(given, mapped); at++) {
        if (memory[at] === expected[at]) continue;
        found.push({
          device,
          offset: offset + at,
          fileOffset: fileOffset + at,
          expected: expected[at]!,
          found: memory[at]!,
        });
        at += 131_071 - ((offset + at) % 131_072); // the next piece
      }
      return found;
    });
  }

  #checkStores({ result }: Ended, whole: boolean): void {
    const { operation, devices, threads, keepGoing } = this.#plan;
    const cancelledOrStopped = result.cancelled || (!whole && !keepGoing);
    const inOrder = whole && (threads === 1 || NATURES[operation].ordered);
    const byFile = new Map<ModelFile, Store[]>();
    let streamed = 0;
    for (const { segment, given, mapped } of this.#reaches) {
      const { file } = devices[segment.device]!;
      const length = Math.max(Math.min(given, mapped, file.reach - segment.offset), 0);
      const bytes = this.#bytesFor(segment, streamed).subarray(0, length);
      streamed += segment.length;
      byFile.set(file, [...(byFile.get(file) ?? []), { offset: segment.offset, bytes }]);
    }
    const broken = this.#plan.source?.code !== undefined;
    for (const [file, stores] of byFile) {
      if (inOrder) for (const { offset, bytes } of stores) file.expect(offset, bytes);
      else file.settle(stores, cancelledOrStopped || broken);
    }
  }

  #checkSink({ result, cut }: Ended, whole: boolean): void {
    const { sink, operation, threads } = this.#plan;
    const stores = this.#reaches.map(({ segment, mapped }, i) => ({
      offset: segment.fileOffset,
      bytes: this.#memory[i]!.subarray(0, operation === 'copyOut' ? mapped : undefined),
    }));
    if (sink!.file !== undefined && sink!.code === undefined)
      settleFile(sink!.file, stores, whole && threads === 1, whole);
    if (sink!.taken === undefined || sink!.code !== undefined) return;
    const taken = sink!.taken();
    const sent = Buffer.concat(stores.map(({ bytes }, i) => bytes.fill(0, this.#reaches[i]!.mapped)));
    must(taken.length === result.bytes, () => `${taken.length} bytes came, not ${result.bytes}`);
    const same = taken.every((byte, i) => byte === sent[i] || (cut && byte === 0));
    must(same, () => 'other bytes came than were sent');
  }

  /** What is stored in a segment, or must be found there; for a stream, its bytes after the first `streamed`. */
  #bytesFor({ fileOffset, length }: Segment, streamed: number): Buffer {
    const { operation, source, seed } = this.#plan;
    if (operation.endsWith('Pattern')) return patternBytes(seed, fileOffset, length);
    if (operation === 'copyInStream') return source!.read(streamed, length);
    return source?.read(fileOffset, length) ?? Buffer.alloc(length);
  }

  #expectedFaults(reaches: readonly Reach[]): JobFault[] {
    const { operation, source, sink } = this.#plan;
    const writing = NATURES[operation].stores;
    const memory: Kind = { side: 'device', action: writing ? 'write' : 'read', code: 'SIGBUS' };
    return reaches.flatMap((reach) => {
      const { segment, given, mapped } = reach;
      const faults =
        source?.code === undefined
          ? [part(segment, mapped, Math.max(given, mapped), memory)]
          : [part(segment, 0, segment.length, { side: 'file', action: 'read', code: source.code })];
      if (sink?.code !== undefined)
        faults.push(
          part(segment, 0, operation === 'copyOut' ? mapped : segment.length, {
            side: 'file',
            action: 'write',
            code: sink.code,
          }),
        );
      if (source !== undefined && source.code === undefined && operation !== 'copyInStream')
        faults.push(part(segment, given, segment.length, { side: 'file', action: 'read', code: 'EUNDERRUN' }));
      return faults.filter(({ length }) => length > 0);
    });
  }
}

/** operations that report a difference */
const COMPARING: ReadonlySet<JobOperation> = new Set(['compare', 'compareMemory', 'verifyPattern']);

function isSweep(operation: JobOperation): boolean {
  return operation === 'writeBack' || operation === 'invalidate';
}

function reachesOf({ operation, segments, devices, source }: JobPlan): Reach[] {
  let streamed = 0;
  return segments.map((segment) => {
    const { offset, fileOffset, length } = segment;
    const device = devices[segment.device]!;
    const from = operation === 'copyInStream' ? streamed : fileOffset;
    streamed += length;
    const given = clamp((source?.length ?? Number.POSITIVE_INFINITY) - from, length);
    return { segment, device, given, mapped: clamp(device.file.reach - offset, length) };
  });
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}

/** Bytes `from` to `to` of a segment as a fault. */
function part(segment: Segment, from: number, to: number, kind: Kind): JobFault {
  const { device, offset, fileOffset } = segment;
  return { device, offset: offset + from, fileOffset: fileOffset + from, length: to - from, ...kind };
}

/** Faults in a form that does not depend on where they were cut or how often they were listed. */
function merged(faults: readonly JobFault[]): JobFault[] {
  const sorted = faults
    .map(({ device, offset, fileOffset, length, side, action, code }) => ({
      device,
      offset,
      fileOffset,
      length,
      side,
      action,
      code: code!,
    }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : a.offset - b.offset));
  const runs: JobFault[] = [];
  for (const fault of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && keyOf(last) === keyOf(fault) && fault.offset <= last.offset + last.length)
      last.length = Math.max(last.length, fault.offset + fault.length - last.offset);
    else runs.push(fault);
  }
  return runs;
}

function keyOf({ device, offset, fileOffset, side, action, code }: JobFault): string {
  return `${device} ${side} ${action} ${code} ${fileOffset - offset}`;
}

function continues(before: JobFault, next: JobFault): boolean {
  return keyOf(before) === keyOf(next) && before.offset + before.length === next.offset;
}

function settleFile(file: ModelFile, stores: readonly Store[], inOrder: boolean, whole: boolean): void {
  const most = stores.reduce(
    (end, { offset, bytes }) => (bytes.length > 0 ? Math.max(end, offset + bytes.length) : end),
    file.length,
  );
  if (inOrder) {
    for (const { offset, bytes } of stores) if (bytes.length > 0) file.expect(offset, bytes);
  } else {
    file.settle(stores, !whole);
    file.settleLength(most);
    must(!whole || file.length === most, () => `${file.length} bytes in place of ${most}`);
  }
  file.check();
}
