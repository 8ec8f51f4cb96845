import type { Inspection } from '../checks/inspection.js';
import { repairBits } from './bitRepair.js';
import { repairHeader } from './headerRepair.js';
import { repairMembers } from './memberRepair.js';
import { adoptOrphans } from './orphanRepair.js';
import { clearRecords } from './recordRepair.js';
import type { Repair } from './repair.js';
import type { RepairDevices } from './repairDevices.js';
import { repairRewrite } from './rewriteRepair.js';
import { repairSuperblock } from './superblockRepair.js';
import { repairUncovered } from './uncoveredRepair.js';

export interface PlanOptions {
  /** whether this host may become the Master if nothing names one */
  readonly mayBeMaster: boolean;
  /** the secondaries to be repaired are opened here */
  readonly devices: RepairDevices;
}

/** The possible repairs of the findings, in the order in which to make them. Nothing is written. */
export function planRepairs(inspection: Inspection, { mayBeMaster, devices }: PlanOptions): Repair[] {
  // data on a device with a copied superblock is not a log
  if (inspection.original !== undefined) return [];
  // nothing else is certain until that is complete
  if (inspection.rewriting !== undefined)
    return [repairSuperblock(inspection, mayBeMaster), repairRewrite(inspection)].filter((one) => one !== undefined);
  // an entry that can be restored is not torn, so bits are flipped before the end of the log is judged
  const log = [...repairBits(inspection), repairHeader(inspection)];
  const pool = [...repairMembers(inspection, devices), ...adoptOrphans(inspection, devices)];
  const own = [repairSuperblock(inspection, mayBeMaster), ...repairUncovered(inspection), ...clearRecords(inspection)];
  const all = [...own, ...log, ...pool];
  return all.filter((repair) => repair !== undefined);
}
