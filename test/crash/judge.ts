/** What must hold in every state, whatever was stopped. */
import assert from 'node:assert/strict';
import type { FsckReport } from '../support/pool.js';
import type { CrashState } from './scenario.js';
import type { Stand } from './stand.js';

/** the file that the judge makes after the crash */
export const LATER = 'made-after-the-crash';
const WRITE = ['creat', '-s', '2M', LATER, '--dev', 'pool'];

export interface Healing {
  /** options of fsck; -p must suffice after a crash of any writer */
  readonly options?: readonly string[];
  /** repairs that may be needed; an append can only leave its count */
  readonly repairs?: readonly string[];
  /** only fsck may repair it: the damage was there before */
  readonly fsckAlone?: boolean;
  /** one in so many of the states that fsck repairs gets a further file and is checked again; by default each */
  readonly one?: number;
}

/**
 * The file system is sound, or fsck makes it so, and then a file can be made. In every second state the next writer comes before
 * fsck, and must repair or refuse. Returns the paths that exist.
 */
export async function judgeSound(stand: Stand, state: CrashState, healing?: Healing): Promise<ReadonlySet<string>> {
  await heal(stand, state, healing);
  const { entries } = await stand.json<{ entries: { path: string }[] }>('ls', '-R', '--dev', 'pool');
  return new Set(entries.map(({ path }) => path));
}

/** The same without a look at the paths. */
export async function heal(
  stand: Stand,
  { number, idle }: CrashState,
  { options = ['-p'], repairs = ['LOG_COUNT'], fsckAlone = false, one = 1 }: Healing = {},
): Promise<void> {
  const written = !idle && !fsckAlone && number % 2 === 1 && (await isWritten(stand));
  if (written) await judgeClean(stand, 'after a further file');
  else if ((await isRepaired(stand, options, idle ? [] : repairs)) && number % one === 0) {
    await stand.ok(...WRITE);
    await judgeClean(stand, 'after its repair and a further file');
  }
}

async function isRepaired(stand: Stand, options: readonly string[], repairs: readonly string[]): Promise<boolean> {
  const { exitCode, stdout, stderr } = await stand.run('fsck', ...options, '--no-undo', '--json', 'pool');
  assert.ok(exitCode === 0 || exitCode === 1, `fsck ${options.join(' ')} exits ${exitCode}: ${stderr}${stdout}`);
  const { repairs: made } = JSON.parse(stdout) as FsckReport;
  const others = made.filter(({ id, done }) => done && !repairs.includes(id));
  assert.deepEqual(others, [], 'repairs that should not be necessary');
  return exitCode === 1;
}

/** Whether the next writer accepts the log; if not, it must say why. */
async function isWritten(stand: Stand): Promise<boolean> {
  const { exitCode, stderr } = await stand.run(...WRITE);
  if (exitCode !== 0) assert.match(stderr, /run: famfs fsck/);
  return exitCode === 0;
}

async function judgeClean(stand: Stand, when: string): Promise<void> {
  const { exitCode, stdout } = await stand.run('fsck', '-n', 'pool');
  assert.equal(exitCode, 0, `not clean ${when}: ${stdout}`);
}

/** Older and reported paths must exist, and as many new ones as the log counted. Returns the new ones. */
export function judgeNames(
  there: ReadonlySet<string>,
  old: readonly string[],
  made: readonly string[],
  { reported, counted }: CrashState,
): string[] {
  for (const name of [...old, ...reported]) assert.ok(there.has(name), `${name} is lost`);
  const left = made.filter((name) => there.has(name));
  assert.ok(left.length >= counted, `${counted} new entries were counted, left are ${left.join(', ') || 'none'}`);
  const known = new Set([...old, ...made, LATER]);
  const strange = [...there].filter((name) => !known.has(name));
  assert.deepEqual(strange, [], 'nobody made that');
  return left;
}
