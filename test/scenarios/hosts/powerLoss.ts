/** Writers that are killed while they work, and what another host finds. */
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { type DeviceFile, until } from './deviceFile.js';
import { ok } from './talk.js';
import type { TestHost } from './testHost.js';

const VICTIMS = ['mkfs', 'creat', 'mkdir'] as const;
type Victim = (typeof VICTIMS)[number];

export interface Scene {
  /** shares the victims' memory and system uuid; judges as a Client with another uuid, repairs as the Master */
  readonly checker: TestHost;
  /** the memory of $DEV/dax0.0 */
  readonly memory: DeviceFile;
  /** entries that a creat or mkdir in bulk appends */
  readonly bulk: number;
  /** longest time from the end of the old superblock to the kill of a mkfs, in ms */
  readonly mkfsTime: number;
}

/** Cuts the power of hosts from `start`, round by round; `found` counts what was found afterwards. */
export async function loseAll(
  rounds: Iterable<number>,
  start: () => Promise<TestHost>,
  scene: Scene,
  found: Map<Finding, number>,
): Promise<void> {
  await ok(scene.checker, 'famfs -q mkfs $DEV/dax0.0');
  for (const round of rounds) {
    const host = await start();
    const finding = await loseNow(VICTIMS[round % VICTIMS.length] as Victim, round, host, scene);
    await host.close();
    found.set(finding, (found.get(finding) ?? 0) + 1);
  }
}

/** The victim, and what was found: `sound`, the code of the finding to repair, or `NO_FAMFS` during a mkfs. */
export type Finding = string;

/** Starts a victim, kills it at a random moment, lets another host judge what it left, and repairs that. */
async function loseNow(victim: Victim, round: number, host: TestHost, scene: Scene): Promise<Finding> {
  const { checker } = scene;
  const name = `${victim}${round}`;
  const work = host.run(scriptOf(victim, name, scene.bulk));
  // it is killed, so its answer does not matter
  let over = false;
  const ended = work
    .catch(() => {})
    .then(() => {
      over = true;
    });
  await Promise.race([ended, victim === 'mkfs' ? momentOfMkfs(scene) : momentOfAppends(scene)]);
  const late = over ? ' (after its end)' : '';
  await host.kill();
  await ended;
  const reported = host.report().split('\n').filter(Boolean);
  const finding =
    victim === 'mkfs'
      ? await judgeMkfs(checker, reported)
      : await judgeAppends(checker, name, reported, round % 2 === 0);
  return `${victim}${late}: ${finding}`;
}

/** Writes each reported name to $REPORT at once, before the next command starts. */
function scriptOf(victim: Victim, name: string, bulk: number): string {
  const report = 'cut -d: -f1 >>$REPORT';
  if (victim === 'mkfs') return 'famfs -q mkfs -f $DEV/dax0.0 && echo made >>$REPORT';
  if (victim === 'mkdir') return `famfs mkdir ${name}-first | ${report}; famfs mkdir ${name}-{1..${bulk}} | ${report}`;
  return `famfs creat -s 2M ${name}-first | ${report}; printf '${name}-%s 4096\\n' {1..${bulk}} | famfs creat --from - | ${report}`;
}

async function momentOfMkfs({ memory, mkfsTime }: Scene): Promise<void> {
  const before = memory.magic();
  await until(() => memory.magic() !== before);
  await setTimeout(Math.random() * mkfsTime);
}

/** Any of its appends after the first, which is reported before the bulk begins. */
async function momentOfAppends({ memory, bulk }: Scene): Promise<void> {
  const target = memory.nextIndex() + 1 + Math.floor(Math.random() * bulk);
  await until(() => memory.nextIndex() >= target);
}

async function judgeMkfs(checker: TestHost, reported: readonly string[]): Promise<Finding> {
  const { status, stdout, stderr } = await fsckAsClient(checker);
  if (status === 0) return 'sound';
  assert.deepEqual([status, reported], [8, []], stdout + stderr);
  assert.match(stderr, /"NO_FAMFS"/);
  await ok(checker, 'famfs -q mkfs -f $DEV/dax0.0');
  return 'NO_FAMFS';
}

async function judgeAppends(
  checker: TestHost,
  name: string,
  reported: readonly string[],
  repair: boolean,
): Promise<Finding> {
  const { status, stdout, stderr } = await fsckAsClient(checker);
  const listed = new Set((await ok(checker, 'famfs ls')).split('\n').map((line) => line.replace(/\/$/, '')));
  assert.deepEqual(
    reported.flatMap((line) => pathsOf(line, name)).filter((path) => !listed.has(path)),
    [],
    'reported, and gone',
  );
  if (status === 0) return 'sound';
  assert.equal(status, 4, stdout + stderr);
  assert.deepEqual(JSON.parse(stdout).counts, { LOG_ENTRY_BEYOND: 1 });
  // a complete entry that the header does not count yet: a repair counts it, and so does the Master's next append
  const heal = repair ? 'famfs fsck -p --no-undo $DEV/dax0.0; [ $? = 1 ]' : `famfs mkdir ${name}-healed`;
  await ok(checker, heal);
  const healed = await fsckAsClient(checker);
  assert.equal(healed.status, 0, healed.stdout + healed.stderr);
  return `LOG_ENTRY_BEYOND, healed by ${repair ? 'fsck -p' : 'the next append'}`;
}

/** The paths that a line reports: one, or those of a whole list, if the kill came after its end. */
function pathsOf(line: string, name: string): string[] {
  const [, files] = /^(\d+) files made, 0 existed$/.exec(line) ?? [];
  return files === undefined ? [line] : Array.from({ length: Number(files) }, (_, i) => `${name}-${i + 1}`);
}

function fsckAsClient(checker: TestHost) {
  const uuid = '99999999-2222-4333-8444-555555555555';
  return checker.run(`echo ${uuid} >$TMP/other; FAMFS_SYSTEM_UUID_FILE=$TMP/other famfs fsck --json --dev $DEV/dax0.0`);
}
