/** Runs repairs: looks, plans, decides, keeps an undo image, applies, and looks again until nothing is left to do. */
import type { KernelForm } from '../../format/kernel/rules.js';
import { apply } from '../media/sharedMemory.js';
import { refuseMounted } from '../pool/mountOfPool.js';
import type { Target } from '../pool/openTarget.js';
import { refuseClient } from '../pool/role.js';
import { type CheckReport, inspect, reportOf } from './inspect.js';
import type { Inspection } from './inspection.js';
import { planRepairs } from './planRepairs.js';
import type { Repair } from './repair.js';
import { RepairDevices } from './repairDevices.js';
import { masterOf } from './superblockRepair.js';
import type { UndoWriter } from './undoImage.js';

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
  /** this host is the Master where nothing says who is; in mode `ask` the question says so, and the answer decides */
  readonly masterHere: boolean;
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
 * Checks a file system on its daxdevs and repairs it as `mode` says. The primary must be writable unless the mode is `no`.
 * Throws NO_FAMFS, MOUNTED, NOT_MASTER, BUSY or UNDO_FILE; after the last only whole repairs have been made.
 */
export async function checkAndRepair(target: Target, options: RepairOptions): Promise<RepairReport> {
  const { host, finder, primary } = target;
  const alone = options.mode !== 'no';
  const mayBeMaster = options.masterHere || options.mode === 'ask';
  if (alone) claim(target);
  // a finder remembers what it read: after a repair a fresh one reads it again
  const look = () => inspect(finder.fresh(), primary, { ...options, alone });
  let inspection = look();
  const found = reportOf(inspection);
  const decisions = new Map<string, Decision>();
  const decided = (repair: Repair) => decisions.has(keyOf(repair));
  const devices = new RepairDevices(host, alone);
  let undo: UndoWriter | undefined;
  try {
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      const repair = planRepairs(inspection, { mayBeMaster, devices }).find((candidate) => !decided(candidate));
      if (repair === undefined) break;
      if (mayBeDone(repair, options)) refuseOther(inspection);
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
    devices.close();
  }
  return { found, left: reportOf(inspection), decisions: [...decisions.values()], undo: undo?.path };
}

/** The same repair with another outcome is another one: the log's count may be looked at twice. */
function keyOf({ id, what }: Repair): string {
  return `${id} ${what}`;
}

function mayBeDone({ safety, needs }: Repair, { mode }: RepairOptions): boolean {
  if (needs !== undefined) return false;
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
function claim({ host, primary }: Target): void {
  refuseMounted(host, primary, () => 'look at it as it is with: famfs fsck -n');
  primary.lock('exclusive', true);
}

/** Throws NOT_MASTER where another host is the Master, as far as anything says who is. */
function refuseOther(inspection: Inspection): void {
  const { finder, primary } = inspection;
  const master = masterOf(inspection);
  if (master !== undefined) refuseClient(finder.host, primary.path, master);
}
