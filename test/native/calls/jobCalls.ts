import { JobModel } from './jobModel.js';
import { type JobPlan, planJob } from './jobPlan.js';
import { run } from './jobRun.js';
import type { Mapped } from './mapped.js';
import type { Session } from './session.js';

/** Runs a job, or two at once without a common file, and compares the result with the model. */
export async function runJobs(session: Session): Promise<void> {
  const { random, devices } = session;
  const file = random.pick(devices).file;
  const others = devices.filter((device) => device.file !== file);
  const groups: Mapped[][] = [devices.filter((device) => device.file === file)];
  if (random.chance(0.3) && others.length > 0) groups.push(others);
  else if (random.chance(0.5)) groups[0] = [...devices];
  await Promise.all(groups.map((group) => runOne(session, planJob(session, group))));
}

async function runOne(session: Session, plan: JobPlan): Promise<void> {
  session.say(describe(plan));
  const model = new JobModel(plan);
  try {
    const ended = await run(session, plan);
    if (ended !== undefined) model.check(ended);
    model.checkFiles();
  } finally {
    plan.source?.end();
    plan.sink?.end();
  }
}

function describe(plan: JobPlan): string {
  const { operation, devices, segments, threads, keepGoing, invalidate, seed, source, sink, raw, spoilt, refusals } =
    plan;
  const places = segments.slice(0, 8).map((one) => [one.device, one.offset, one.fileOffset, one.length].join(':'));
  return [
    `${raw ? 'raw ' : ''}job ${operation} on ${devices.join(' ')}, ${segments.length} segments ${places.join(' ')}`,
    `threads ${threads}${keepGoing ? ' keepGoing' : ''}${invalidate ? ' invalidate' : ''} seed ${seed}`,
    `${source?.name ?? sink?.name ?? ''} spoilt ${Object.keys(spoilt)} refused for ${refusals}`,
  ].join('; ');
}
