/** Starting a job, through the TypeScript face or directly in C++, and interfering while it runs. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { addon, type JobFault, type JobRequest, type JobResult, type NativeJob } from '../../../src/native/addon.js';
import { runBulk } from '../../../src/native/bulk.js';
import { type MappedDevice, nativeOf } from '../../../src/native/device.js';
import { errnoName } from '../../../src/native/error.js';
import { attemptAsync, must } from './finding.js';
import type { JobPlan } from './jobPlan.js';
import type { Session } from './session.js';

/** The outcome of a job that was not refused. */
export interface Ended {
  readonly result: JobResult;
  /** whether it was cancelled before it ended */
  readonly stopped: boolean;
  /** whether a file was cut short meanwhile */
  readonly cut: boolean;
}

/** Runs the job; undefined if it was rightly refused. */
export async function run(session: Session, plan: JobPlan): Promise<Ended | undefined> {
  const controller = new AbortController();
  const outcome = attemptAsync(plan.refusals, () =>
    plan.raw ? startRaw(plan, controller.signal) : runFaced(plan, controller.signal),
  );
  const { stopped, cut } = await disturb(session, plan, controller);
  const ended = await outcome;
  return 'value' in ended ? { result: ended.value, stopped, cut } : undefined;
}

async function runFaced(plan: JobPlan, signal: AbortSignal): Promise<JobResult> {
  const { operation, devices, segments, threads, keepGoing, invalidate, seed, source, sink } = plan;
  const good = { fd: source?.fd ?? sink?.fd ?? -1, source: source?.device as MappedDevice, seed, segments, threads };
  const given = { ...good, ...plan.spoilt } as typeof good;
  const options = { keepGoing, invalidate, signal, onProgress: () => {} };
  const result = await runBulk({ operation, devices: devices.map(({ face }) => face), ...given, ...options });
  return { more: false, ...result, faults: [...result.faults] };
}

function startRaw(plan: JobPlan, signal: AbortSignal): Promise<JobResult> {
  return new Promise((resolve, reject) => {
    let told = 0;
    const done = (result: JobResult) => {
      must(++told === 1, () => 'done is called twice');
      // of little work, the job is not there yet
      queueMicrotask(() => {
        try {
          must(job.bytes() === result.bytes, () => 'another number of bytes than the result has');
          job.cancel(); // harmless once it has ended
          resolve({ ...result, faults: result.faults.map(nameFault) });
        } catch (error) {
          reject(error);
        }
      });
    };
    const job: NativeJob = new (addon().Job)(toRequest(plan, done));
    signal.addEventListener('abort', () => job.cancel());
  });
}

function nameFault(fault: JobFault): JobFault {
  return { ...fault, code: fault.code ?? errnoName(fault.errno ?? 0) };
}

function toRequest(plan: JobPlan, done: (result: JobResult) => void): JobRequest {
  const { operation, devices, threads, keepGoing, invalidate, seed, traced, source, sink } = plan;
  const fd = source?.fd ?? sink?.fd ?? -1;
  const raw = devices.map((device) => device.raw);
  const from = source?.device && nativeOf(source.device);
  const good = { operation, devices: raw, fd, source: from, seed, threads, keepGoing, invalidate, traced, done };
  const request = { ...good, segments: plan.segments, ...plan.spoilt };
  return { ...request, segments: packed(request.segments) } as JobRequest;
}

/** Segments in the form that C++ takes, unchecked; anything that is not a list of segments stays as it is. */
function packed(segments: JobPlan['segments']): unknown {
  if (!Array.isArray(segments) || typeof segments[0] === 'number') return segments;
  return Float64Array.from(segments.flatMap((one) => [one.device, one.offset, one.fileOffset, one.length]));
}

/** Sometimes cancels it, closes its devices, or cuts its files short. */
async function disturb(session: Session, plan: JobPlan, controller: AbortController) {
  const { random } = session;
  let stopped = false;
  let cut = false;
  const times = random.chance(0.35) ? random.within(1, 3) : 0;
  for (let i = 0; i < times; i++) {
    if (random.chance(0.5)) await (random.chance(0.5) ? nextTurn() : sleep(random.below(3)));
    const what = random.pick(['cancel', 'close', 'cut'] as const);
    session.say(`meanwhile ${what}`);
    if (what === 'cancel') controller.abort();
    if (what === 'close') random.pick(plan.devices).close();
    if (what === 'cut') cutShort(session, plan);
    stopped ||= what === 'cancel';
    cut ||= what === 'cut';
  }
  return { stopped, cut };
}

function cutShort({ random }: Session, plan: JobPlan): void {
  const { file } = random.pick(plan.devices);
  file.truncate(Math.min(file.length, random.below(Math.ceil(file.length / 4096) + 1) * 4096));
}
