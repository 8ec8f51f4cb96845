/** How fast is fsck of a full 256 MiB log, and how much memory does it take? */
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreationPlan } from '../src/fs/allocate/creationPlan.js';
import type { Host } from '../src/fs/host/host.js';
import { WriteSession } from '../src/fs/pool/writeSession.js';
import { runCommand } from '../test/support/runCommand.js';
import { benchFolder, median, report, timedAsync } from './report.js';

const LOG_LENGTH = 256 * 1024 ** 2;
const UNIT = 2 * 1024 ** 2;
const ROUNDS = 5;
const FILES_PER_DIRECTORY = 1000;

const folder = benchFolder();
const host: Host = { env: { FAMFS_SYSTEM_UUID_FILE: join(folder, 'uuid') }, cwd: folder, warn: () => {} };
const image = join(folder, 'pool.img');

/** Fills the log with directories of a thousand files each. Returns the number of entries. */
async function fill(): Promise<number> {
  writeFileSync(image, '');
  truncateSync(image, 2 * 1024 ** 4);
  await runCommand(['mkfs', '--loglen', String(LOG_LENGTH), image], { env: host.env });
  const session = WriteSession.open(host, [image]);
  const plan = new CreationPlan(session);
  const layout = { stripes: undefined, chunkSize: UNIT, policy: 'fill', contiguous: false } as const;
  const owner = { uid: 0, gid: 0 };
  for (let d = 0; plan.length < session.slotsFree; d++) {
    plan.addDirectory({ path: `directory${d}`, mode: 0o755, ...owner }, false);
    for (let f = 0; f < FILES_PER_DIRECTORY && plan.length < session.slotsFree; f++)
      plan.addFile({ path: `directory${d}/file${f}`, size: 1 + f, mode: 0o644, ...owner }, layout, false);
  }
  plan.commit();
  session.close();
  return session.volume.replay.next;
}

// another process fills the image, so that its memory does not count here
if (process.env.FAMFS_BENCH_IMAGE === undefined) {
  const { spawnSync } = await import('node:child_process');
  const entries = await fill();
  const env = { ...process.env, FAMFS_BENCH_IMAGE: image, FAMFS_BENCH_ENTRIES: String(entries) };
  const { status } = spawnSync(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' });
  rmSync(folder, { recursive: true });
  process.exitCode = status ?? 1;
} else {
  await measure(process.env.FAMFS_BENCH_IMAGE, Number(process.env.FAMFS_BENCH_ENTRIES));
}

async function measure(path: string, entries: number): Promise<void> {
  const run = async () => {
    const { exitCode, stdout } = await runCommand(['fsck', path], { env: host.env });
    if (exitCode !== 0) throw new Error(`fsck of a sound file system says ${stdout}`);
  };
  const first = await timedAsync(run);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await timedAsync(run));
  const peak = process.resourceUsage().maxRSS / 1024;
  report(`fsck: a full 256 MiB log of ${entries} entries`, [
    { 'first run, ms': first, 'entries per second': Math.round((entries / first) * 1000) },
    { 'later runs, ms': median(times), 'entries per second': Math.round((entries / median(times)) * 1000) },
    { 'peak memory, MiB': Math.round(peak) },
  ]);
  rmSync(folder, { recursive: true, force: true });
}
