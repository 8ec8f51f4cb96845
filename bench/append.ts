/** What does making a file cost, compared with an append that writes back the whole log, as the reference does? */
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILE_FLAG_READ_WRITE } from '../src/format/entries/file.js';
import { CreationPlan } from '../src/fs/allocate/creationPlan.js';
import type { Host } from '../src/fs/host/host.js';
import { WriteSession } from '../src/fs/pool/writeSession.js';
import { runCommand } from '../test/support/runCommand.js';
import { benchFolder, median, processorTime, report } from './report.js';

const FILES = 10_000;
const BATCH = 1000;
/** appends that write back the whole log are measured on fewer files: each costs the same */
const WHOLE_LOG_FILES = 1000;
const LOG_LENGTH = 8 * 1024 ** 2;
const UNIT = 2 * 1024 ** 2;
const ROUNDS = 5;

const folder = benchFolder();
const host: Host = { env: { FAMFS_SYSTEM_UUID_FILE: join(folder, 'uuid') }, cwd: folder, warn: () => {} };
const image = join(folder, 'pool.img');

async function freshSession(): Promise<WriteSession> {
  writeFileSync(image, '');
  truncateSync(image, 32 * 1024 ** 3);
  await runCommand(['mkfs', '-ff', image], { env: host.env });
  return WriteSession.open(host, [image]);
}

/** One creat of 10,000 files: places all, then appends all. Returns ms of processor time per file. */
async function createFiles(): Promise<{ total: number; batches: number[] }> {
  const session = await freshSession();
  const start = process.cpuUsage();
  const plan = new CreationPlan(session);
  const layout = { stripes: undefined, chunkSize: UNIT, policy: 'fill', contiguous: false } as const;
  for (let i = 0; i < FILES; i++)
    plan.addFile({ path: `file${i}`, size: 4096, mode: 0o644, uid: 0, gid: 0 }, layout, false);
  const batches: number[] = [];
  let mark = process.cpuUsage();
  let made = 0;
  plan.commit(() => {
    if (++made % BATCH !== 0) return;
    batches.push(processorTime(mark) / BATCH);
    mark = process.cpuUsage();
  });
  const total = processorTime(start) / FILES;
  session.close();
  return { total, batches };
}

/** The same entries, but each append writes back the whole log. */
async function createWritingBackAll(): Promise<number> {
  const session = await freshSession();
  const { log } = session.volume;
  const start = process.cpuUsage();
  for (let i = 0; i < WHOLE_LOG_FILES; i++) {
    const extents = [{ daxdev: 0, deviceOffset: log.offset + LOG_LENGTH + i * UNIT, length: UNIT }];
    const fmap = { layout: 'simple', extents } as const;
    session.append({
      type: 'FILE',
      path: `file${i}`,
      size: 4096,
      flags: FILE_FLAG_READ_WRITE,
      uid: 0,
      gid: 0,
      mode: 0o644,
      fmap,
    });
    log.device.writeBack(log.offset, log.length);
    log.device.fence();
  }
  const total = processorTime(start) / WHOLE_LOG_FILES;
  session.close();
  return total;
}

const ours: Awaited<ReturnType<typeof createFiles>>[] = [];
const whole: number[] = [];
await createFiles();
for (let round = 0; round < ROUNDS; round++) {
  ours.push(await createFiles());
  whole.push(await createWritingBackAll());
}
const perFile = median(ours.map(({ total }) => total));
const first = median(ours.map(({ batches }) => batches[0] as number));
const last = median(ours.map(({ batches }) => batches.at(-1) as number));
report(`append: ${FILES} files in one creat on an 8 MiB log`, [
  {
    'us per file': perFile * 1000,
    'us per file, whole log written back': median(whole) * 1000,
    'times faster': median(whole) / perFile,
  },
  { 'us per file, first thousand': first * 1000, 'last thousand': last * 1000, ratio: last / first },
]);
rmSync(folder, { recursive: true });
