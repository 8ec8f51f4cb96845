/**
 * How evenly does each policy fill a pool of 24 daxdevs with 1,000 files of mixed sizes, and does it cost more to place, replay
 * and check an entry in a pool than on one daxdev?
 */
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreationPlan } from '../src/fs/allocate/creationPlan.js';
import { memberSpaces } from '../src/fs/allocate/memberSpace.js';
import { type Layout, POLICIES, type Policy } from '../src/fs/allocate/placement.js';
import { makeRandom } from '../src/fs/allocate/random.js';
import type { Host } from '../src/fs/host/host.js';
import { openVolume } from '../src/fs/pool/openVolume.js';
import { WriteSession } from '../src/fs/pool/writeSession.js';
import { runCommand } from '../test/support/runCommand.js';
import { benchFolder, type Figure, median, processorTime, report } from './report.js';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const DAXDEVS = 24;
const DAXDEV_SIZE = 64 * GIB;
const FILES = 1000;
/** logarithms of sizes are distributed evenly, from 1 MiB to 4 GiB */
const SIZE_DOUBLINGS = 12;
const SIZE_SEED = 1;
const PLACE_SEED = 2;
const ENTRIES = 100_000;
const ROUNDS = 5;

const folder = benchFolder();
const host: Host = { env: { FAMFS_SYSTEM_UUID_FILE: join(folder, 'uuid') }, cwd: folder, warn: () => {} };
const owner = { uid: 0, gid: 0, mode: 0o644 };

async function makePool(count: number, size: number, ...options: string[]): Promise<string[]> {
  const paths = Array.from({ length: count }, (_, i) => join(folder, `p${i}.img`));
  for (const path of paths) {
    writeFileSync(path, '');
    truncateSync(path, size);
  }
  const { exitCode, stderr } = await runCommand(['mkfs', '--force', ...options, ...paths], { env: host.env });
  if (exitCode !== 0) throw new Error(stderr);
  return paths;
}

/** GiB used of each daxdev once the files are placed. */
async function usedBy(policy: Policy, stripes: number): Promise<number[]> {
  const [primary = ''] = await makePool(DAXDEVS, DAXDEV_SIZE);
  const session = WriteSession.open(host, [primary]);
  const sizes = makeRandom(SIZE_SEED);
  const plan = new CreationPlan(session, makeRandom(PLACE_SEED));
  const layout: Layout = { stripes, chunkSize: undefined, policy, contiguous: false };
  for (let i = 0; i < FILES; i++) {
    const size = Math.floor(MIB * 2 ** (sizes() * SIZE_DOUBLINGS));
    plan.addFile({ path: `f${i}`, size, ...owner }, layout, false);
  }
  plan.commit();
  const used = memberSpaces(session.volume).map((space) => space.used / GIB);
  session.close();
  return used;
}

interface Costs {
  /** microseconds of processor time per entry */
  readonly place: number;
  readonly replay: number;
  readonly fsck: number;
}

async function costs(count: number): Promise<Costs> {
  const paths = await makePool(count, (48 * DAXDEV_SIZE) / count, '--loglen', '64M');
  const [primary = ''] = paths;
  const session = WriteSession.open(host, paths);
  const layout: Layout = { stripes: 4, chunkSize: undefined, policy: 'random', contiguous: false };
  const perEntry = (milliseconds: number) => (milliseconds * 1000) / ENTRIES;
  const placements: number[] = [];
  let plan = new CreationPlan(session);
  for (let round = 0; round < ROUNDS; round++) {
    plan = new CreationPlan(session, makeRandom(PLACE_SEED));
    const start = process.cpuUsage();
    for (let i = 0; i < ENTRIES; i++) plan.addFile({ path: `f${i}`, size: 8 * MIB, ...owner }, layout, false);
    placements.push(perEntry(processorTime(start)));
  }
  plan.commit();
  session.close();
  const replays: number[] = [];
  const checks: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    openVolume(host, paths).close();
    replays.push(perEntry(processorTime(before)));
    const between = process.cpuUsage();
    const { exitCode, stdout } = await runCommand(['fsck', '--dev', primary], { env: host.env });
    if (exitCode !== 0) throw new Error(stdout);
    checks.push(perEntry(processorTime(between)));
  }
  return { place: median(placements), replay: median(replays), fsck: median(checks) };
}

const balance: Figure[] = [];
for (const stripes of [0, 16]) {
  for (const policy of POLICIES) {
    const used = await usedBy(policy, stripes);
    const layout = stripes === 0 ? 'plain' : `${stripes} strips`;
    const [least, most] = [Math.min(...used), Math.max(...used)];
    balance.push({ layout, policy, 'min, GiB': least, 'median, GiB': median(used), 'max, GiB': most });
  }
}
report(`balance: ${FILES} files of 1 MiB to 4 GiB over ${DAXDEVS} daxdevs of ${DAXDEV_SIZE / GIB} GiB`, balance);

// the first run warms up the code
await costs(1);
const one = await costs(1);
const many = await costs(DAXDEVS);
report(`balance: microseconds of processor time an entry, ${ENTRIES} files of 4 strips`, [
  { daxdevs: 1, ...one },
  { daxdevs: DAXDEVS, ...many },
]);
rmSync(folder, { recursive: true });
