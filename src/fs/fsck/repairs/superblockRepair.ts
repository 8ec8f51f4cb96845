/**
 * A lost or damaged superblock. If restoring one field or bit makes its CRC right, that is the repair. Otherwise it is rebuilt:
 * the log's length from the log's header, the uuids from other copies.
 */
import { randomUUID } from 'node:crypto';
import { FORMAT_MAJOR, SMALL_PAGE } from '../../../format/superblock.js';
import { NIL_UUID } from '../../../format/uuid.js';
import { readSystemUuid } from '../../host/systemUuid.js';
import { isHeaderSound } from '../../log/log.js';
import type { Step } from '../../media/sharedMemory.js';
import { superblockSteps } from '../../media/superblockWriter.js';
import type { Inspection } from '../checks/inspection.js';
import type { RepairOf } from './repair.js';
import { restoredSuperblock } from './restoredSuperblock.js';
import type { RepairValues } from './values.js';
import { witnessesOf } from './witnesses.js';

const FIXES = [
  'SB_MAGIC',
  'SB_VERSION',
  'SB_CRC',
  'SB_ALLOC_UNIT',
  'SB_FORMAT',
  'SB_LOG_OFFSET',
  'SB_LOG_LENGTH',
  'SB_UUID',
] as const;

/**
 * The repair of a superblock that is not valid; undefined if it is valid, or if nothing proves its values.
 * @param mayBeMaster whether this host becomes the Master if nothing names one
 */
export function repairSuperblock(inspection: Inspection, mayBeMaster: boolean): RepairOf<'SUPERBLOCK'> | undefined {
  const { reading, primary } = inspection;
  if (reading.state === 'valid') return undefined;
  const restored = restoredSuperblock(primary);
  if (restored === undefined) return rebuilt(inspection, mayBeMaster);
  return repairOf({ device: primary.path, restored: restored.restored }, [[restored.write]]);
}

/** The Master, as far as anything names it; no other host may repair the file system. */
export function masterOf(inspection: Inspection): string | undefined {
  const { reading, superblock, primary } = inspection;
  if (reading.state === 'valid') return superblock.systemUuid;
  return restoredSuperblock(primary)?.superblock.systemUuid ?? witnessesOf(inspection).systemUuid;
}

function rebuilt(inspection: Inspection, mayBeMaster: boolean): RepairOf<'SUPERBLOCK'> | undefined {
  const { primary, inspectedLog, replay, finder } = inspection;
  const here = readSystemUuid(finder.host);
  if (inspectedLog === undefined || here === undefined || isOtherFormat(inspection)) return undefined;
  const { log } = inspectedLog;
  // only a sound header proves the length of the log
  if (!isHeaderSound(log, inspectedLog.reading)) return undefined;
  const { fsUuid, deviceUuid, systemUuid, unit: unitOfOthers, sources } = witnessesOf(inspection);
  const isPool = replay.daxdevs.length > 1;
  const identity = {
    fsUuid: fsUuid ?? randomUUID(),
    deviceUuid: deviceUuid ?? randomUUID(),
    systemUuid: systemUuid ?? here,
  };
  const doubtedMaster = systemUuid === undefined ? namedMaster(inspection) : null;
  const values = { device: primary.path, sources, master: systemUuid ?? null, doubtedMaster };
  const logLength = log.length;
  // a small unit is that of a file, or of the old superblock
  const unit = log.unit === SMALL_PAGE ? log.unit : (unitOfOthers ?? log.unit);
  const role = isPool ? 'primary' : 'single';
  const repair = repairOf(
    values,
    superblockSteps({ device: primary, role, identity, name: primary.path, logLength, unit }),
  );
  // with a new file-system uuid, its secondaries could never be matched to it again
  if (isPool && sources.length === 0) return { ...repair, needs: 'a secondary of the pool, with --dev' };
  return systemUuid === undefined && !mayBeMaster ? { ...repair, needs: '--master-here' } : repair;
}

/** The Master that a damaged superblock names; null where it names none. */
function namedMaster({ reading, superblock }: Inspection): string | null {
  return reading.state === 'damaged' && superblock.systemUuid !== NIL_UUID ? superblock.systemUuid : null;
}

/**
 * A superblock of another version may be sound to another tool, whatever its CRC is here; one of another format, only if its CRC
 * is right.
 */
function isOtherFormat({ reading, superblock }: Inspection): boolean {
  const whole = superblock.crc === reading.crcFound && superblock.formatMajor !== FORMAT_MAJOR;
  return reading.state === 'other-version' || (reading.state === 'damaged' && whole);
}

function repairOf(values: RepairValues['SUPERBLOCK'], steps: readonly Step[]): RepairOf<'SUPERBLOCK'> {
  return { id: 'SUPERBLOCK', safety: 'ask', fixes: FIXES, values, steps };
}
