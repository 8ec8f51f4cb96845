/** Runs repairs: inspects, plans, decides, saves an undo image, applies, and inspects again until nothing is left to do. */

import { isDeepStrictEqual } from 'node:util';
import type { KernelFormName } from '../../format/kernel/forms.js';
import type { MappedDevice } from '../../native/device.js';
import { lockBlocking } from '../host/lockPatience.js';
import { apply } from '../media/sharedMemory.js';
import { refuseMounted } from '../pool/mountOfPool.js';
import type { Target } from '../pool/openTarget.js';
import { refuseClient } from '../pool/role.js';
import { type CheckReport, type InspectOptions, inspect, reportOf } from './checks/inspect.js';
import type { Inspection } from './checks/inspection.js';
import { planRepairs } from './repairs/planRepairs.js';
import type { Repair } from './repairs/repair.js';
import { RepairDevices } from './repairs/repairDevices.js';
import { masterOf } from './repairs/superblockRepair.js';
import { actionOf } from './repairs/words.js';
import type { UndoWriter } from './undo/undoWriter.js';

/** More repairs than one run can need. The file system is inspected again after each. */
const MOST_PASSES = 1000;

/** no: only check; preen: make safe repairs; yes: make all; ask: ask about each. */
export type Mode = 'no' | 'preen' | 'yes' | 'ask';

export interface RepairOptions {
  readonly mode: Mode;
  /** findings of each code to list */
  readonly keep: number;
  /** forms of maps; findings report the maps that kernels with these forms object to */
  readonly kernels: readonly KernelFormName[];
  /** report also what exceeds the limits of the reference tools */
  readonly reference: boolean;
  /** file of this host with the journal of a rewrite; undefined where none was named */
  readonly journal?: string | undefined;
  /** check the log as it was after so many entries, as InspectOptions have it; only in mode `no` */
  readonly at?: number | undefined;
  /** this host becomes the Master if nothing names one; in mode `ask` the question says so, and the answer decides */
  readonly masterHere: boolean;
  /** called in mode `ask` before the first question, with the findings */
  readonly show: (found: CheckReport) => void;
  /** asked in mode `ask` */
  readonly confirm: (question: string) => Promise<boolean>;
  /** called before each stage of each inspection */
  readonly begin?: InspectOptions['begin'];
  /** makes the undo image before the first repair; undefined for none */
  readonly openUndo: (() => UndoWriter) | undefined;
}

/** Options of a check that repairs nothing, asks nothing and lists no findings. */
export const CHECK_ONLY: RepairOptions = {
  mode: 'no',
  keep: 0,
  kernels: [],
  reference: false,
  masterHere: false,
  show: () => {},
  confirm: async () => false,
  openUndo: undefined,
};

/** A planned repair, and whether it was made. */
export interface Decision {
  readonly repair: Repair;
  readonly done: boolean;
}

export interface RepairReport {
  /** before any repair */
  readonly found: CheckReport;
  /** after the repairs; the same if none was made */
  readonly left: CheckReport;
  readonly decisions: readonly Decision[];
  /** path of the undo image; undefined if none was written */
  readonly undo: string | undefined;
  /** whether `found` was given to `show` */
  readonly shown: boolean;
}

/**
 * Checks a file system on its daxdevs and repairs it as `mode` says. `journal` is that of a rewrite, if one was named. The
 * primary must be writable unless the mode is `no`. Throws NO_FAMFS, MOUNTED, NOT_MASTER, BUSY or UNDO_FILE; after UNDO_FILE,
 * only complete repairs have been made.
 */
export async function checkAndRepair(
  target: Target,
  options: RepairOptions,
  journal?: MappedDevice,
): Promise<RepairReport> {
  const { host, finder, primary } = target;
  const alone = options.mode !== 'no';
  const mayBeMaster = options.masterHere || options.mode === 'ask';
  if (alone) claim(target);
  // a finder remembers what it has read, so a fresh one is needed after a repair
  const inspectAgain = () => inspect(finder.fresh(), primary, { ...options, alone, journal });
  let inspection = inspectAgain();
  const found = reportOf(inspection);
  // the past cannot be repaired
  if (options.at !== undefined) return { found, left: found, decisions: [], undo: undefined, shown: false };
  const decisions: Decision[] = [];
  const isDecided = (repair: Repair) => decisions.some((decision) => isSame(decision.repair, repair));
  const devices = new RepairDevices(host, alone);
  let undo: UndoWriter | undefined;
  let shown = false;
  try {
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      const repair = planRepairs(inspection, { mayBeMaster, devices }).find((candidate) => !isDecided(candidate));
      if (repair === undefined) break;
      const possible = mayBeDone(repair, options);
      if (possible) refuseOther(inspection);
      if (possible && options.mode === 'ask' && !shown) {
        options.show(found);
        shown = true;
      }
      const done = possible && (await isWanted(repair, inspection, options));
      decisions.push({ repair, done });
      if (!done) continue;
      undo ??= options.openUndo?.();
      undo?.record(repair.steps);
      apply(repair.steps);
      inspection = inspectAgain();
    }
  } finally {
    undo?.close();
    devices.close();
  }
  return { found, left: reportOf(inspection), decisions, undo: undo?.path, shown };
}

/** The same repair with another outcome is another repair: the log's count may be repaired twice. */
function isSame(left: Repair, right: Repair): boolean {
  return left.id === right.id && isDeepStrictEqual(left.values, right.values);
}

function mayBeDone({ safety, needs }: Repair, { mode }: RepairOptions): boolean {
  if (needs !== undefined) return false;
  return mode === 'ask' || mode === 'yes' || (mode === 'preen' && safety === 'preen');
}

function isWanted(repair: Repair, { replay }: Inspection, { mode, confirm }: RepairOptions): Promise<boolean> | true {
  if (mode !== 'ask') return true;
  const found = repair.fixes.filter((code) => replay.findings.has(code)).join(', ');
  return confirm(`${found}: ${actionOf(repair)}?`);
}

/** Nobody else may write while repairs are made. */
function claim({ host, primary }: Target): void {
  refuseMounted(host, primary, () => 'check it without repairs: famfs fsck -n');
  lockBlocking(host, primary);
}

/** Throws NOT_MASTER if another host is the Master, as far as anything names it. */
function refuseOther(inspection: Inspection): void {
  const { finder, primary } = inspection;
  const master = masterOf(inspection);
  if (master !== undefined) refuseClient(finder.host, primary.path, master);
}
