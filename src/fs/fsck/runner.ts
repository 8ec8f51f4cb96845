/** Runs repairs: looks, plans, decides, keeps an undo image, applies, and looks again until nothing is left to do. */
import type { KernelForm } from '../../format/kernelRules.js';
import type { MappedDevice } from '../../native/device.js';
import { type CheckReport, inspect, reportOf } from '../check.js';
import { FamfsError } from '../errors.js';
import type { Finder } from '../finder.js';
import { apply } from '../memory.js';
import { mountOf } from '../mounts.js';
import { readSystemUuid } from '../systemUuid.js';
import type { UndoWriter } from '../undoImage.js';
import type { Inspection } from './inspection.js';
import { planRepairs } from './planRepairs.js';
import type { Repair } from './repair.js';

/** More repairs than one run can need: each looks at the file system afresh. */
const MOST_PASSES = 1000;

/** no: only look; preen: do what is safe unasked; yes: do all; ask: ask about each. */
export type Mode = 'no' | 'preen' | 'yes' | 'ask';

export interface RepairOptions {
  readonly mode: Mode;
  /** how many problems of each code are listed */
  readonly keep: number;
  /** kernels whose objections to maps are reported too */
  readonly kernels: readonly KernelForm[];
  /** asked in mode `ask` */
  readonly confirm: (question: string) => Promise<boolean>;
  /** makes the undo image at the first repair; undefined for none */
  readonly openUndo: (() => UndoWriter) | undefined;
}

/** A repair that was thought of, and whether it was made. */
export interface Decision {
  readonly repair: Repair;
  readonly done: boolean;
}

export interface RepairReport {
  /** before any repair */
  readonly found: CheckReport;
  /** after the repairs; the same where none was made */
  readonly left: CheckReport;
  readonly decisions: readonly Decision[];
  /** path of the undo image; undefined when none was written */
  readonly undo: string | undefined;
}

/**
 * Checks the file system on an opened primary, with the daxdevs that `find` finds, and repairs it as `mode` says. The
 * primary must be writable unless the mode is `no`. Throws NO_FAMFS, MOUNTED, NOT_MASTER, BUSY or UNDO_FILE; after the last only whole repairs have been made.
 */
export async function checkAndRepair(
  find: () => Finder,
  primary: MappedDevice,
  options: RepairOptions,
): Promise<RepairReport> {
  const alone = options.mode !== 'no';
  if (alone) claim(find(), primary);
  // a finder remembers what it saw: after a repair a new one looks
  const look = () => inspect(find(), primary, { ...options, alone });
  let inspection = look();
  const found = reportOf(inspection);
  const decisions = new Map<string, Decision>();
  const decided = (repair: Repair) => decisions.has(keyOf(repair));
  let undo: UndoWriter | undefined;
  try {
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      const repair = planRepairs(inspection).find((candidate) => !decided(candidate));
      if (repair === undefined) break;
      if (mayBeDone(repair, options)) refuseClient(inspection);
      const done = mayBeDone(repair, options) && (await isWanted(repair, inspection, options));
      decisions.set(keyOf(repair), { repair, done });
      if (!done) continue;
      undo ??= options.openUndo?.();
      undo?.record(repair.steps);
      apply(repair.steps);
      inspection = look();
    }
  } finally {
    undo?.close();
  }
  return { found, left: reportOf(inspection), decisions: [...decisions.values()], undo: undo?.path };
}

/** The same repair with another outcome is another one: the log's count may be looked at twice. */
function keyOf({ id, what }: Repair): string {
  return `${id} ${what}`;
}

function mayBeDone({ safety }: Repair, { mode }: RepairOptions): boolean {
  return mode === 'ask' || mode === 'yes' || (mode === 'preen' && safety === 'preen');
}

function isWanted(
  { what, fixes }: Repair,
  { replay }: Inspection,
  { mode, confirm }: RepairOptions,
): Promise<boolean> | true {
  if (mode !== 'ask') return true;
  const found = fixes.filter((code) => replay.problems.has(code)).join(', ');
  return confirm(`${found}: ${what}?`);
}

/** Nobody else may write while repairs are made. */
function claim({ host }: Finder, primary: MappedDevice): void {
  const mount = mountOf(host, primary.path);
  if (mount !== undefined)
    throw new FamfsError('MOUNTED', `${primary.path} is mounted on ${mount.mountPoint}; it is not repaired`, {
      hint: `unmount it first: umount ${mount.mountPoint}; fsck -n looks at it as it is`,
    });
  primary.lock('exclusive', true);
}

/** A superblock that is not sound does not say reliably whose the file system is. */
function refuseClient({ reading, superblock, finder, primary }: Inspection): void {
  if (reading.state !== 'valid' || superblock.systemUuid === readSystemUuid(finder.host)) return;
  const { path } = primary;
  throw new FamfsError('NOT_MASTER', `this host is a Client of the famfs on ${path}; only its Master may repair it`, {
    hint: `run fsck on the host with system uuid ${superblock.systemUuid}`,
    details: { device: path, masterSystemUuid: superblock.systemUuid },
  });
}
