/**
 * A superblock that is lost or damaged. Where restoring one field or bit makes its crc right, that is what it was. Else it is made anew: its log's length from the log's header, its uuids from whatever else has them.
 */
import { randomUUID } from 'node:crypto';
import { ALLOCATION_UNIT, FORMAT_MAJOR } from '../../format/superblock.js';
import { NIL_UUID } from '../../format/uuid.js';
import type { ProblemCode } from '../finding/problem.js';
import { readSystemUuid } from '../host/systemUuid.js';
import { isHeaderSound } from '../log/log.js';
import type { Step } from '../media/sharedMemory.js';
import { superblockSteps } from '../media/superblockWriter.js';
import type { Inspection } from './inspection.js';
import type { Repair } from './repair.js';
import { restoredSuperblock } from './restored.js';
import { witnessesOf } from './witnesses.js';

const FIXES: readonly ProblemCode[] = [
  'SB_MAGIC',
  'SB_VERSION',
  'SB_CRC',
  'SB_ALLOC_UNIT',
  'SB_FORMAT',
  'SB_LOG_OFFSET',
  'SB_LOG_LENGTH',
  'SB_UUID',
];

/**
 * The repair of a superblock that is not valid; undefined where it is, or where nothing says what it was.
 * @param mayBeMaster whether this host is the Master where nothing says who is
 */
export function repairSuperblock(inspection: Inspection, mayBeMaster: boolean): Repair | undefined {
  const { reading, primary } = inspection;
  if (reading.state === 'valid') return undefined;
  const restored = restoredSuperblock(primary);
  return restored === undefined ? rebuilt(inspection, mayBeMaster) : repairOf(restored.what, [[restored.write]]);
}

/** The host whose file system it is, as far as anything says that; nobody else may repair it. */
export function masterOf(inspection: Inspection): string | undefined {
  const { reading, superblock, primary } = inspection;
  if (reading.state === 'valid') return superblock.systemUuid;
  return restoredSuperblock(primary)?.superblock.systemUuid ?? witnessesOf(inspection).systemUuid;
}

function rebuilt(inspection: Inspection, mayBeMaster: boolean): Repair | undefined {
  const { primary, inspectedLog, replay, finder } = inspection;
  const here = readSystemUuid(finder.host);
  if (inspectedLog === undefined || here === undefined || isOtherFormat(inspection)) return undefined;
  const { log } = inspectedLog;
  // nothing but a sound header says how long the log is
  if (!isHeaderSound(log, inspectedLog.reading) || log.unit !== ALLOCATION_UNIT) return undefined;
  const { fsUuid, deviceUuid, systemUuid, sources } = witnessesOf(inspection);
  const isPool = replay.daxdevs.length > 1;
  const identity = {
    fsUuid: fsUuid ?? randomUUID(),
    deviceUuid: deviceUuid ?? randomUUID(),
    systemUuid: systemUuid ?? here,
  };
  const master = systemUuid === undefined ? `this host as its Master, ${despite(inspection)}` : `Master ${systemUuid}`;
  const from = ['its log', ...sources].join(' and ');
  const what = `make the superblock of ${primary.path} anew from ${from}, with ${master}`;
  const logLength = log.length;
  const role = isPool ? 'primary' : 'single';
  const repair = repairOf(what, superblockSteps({ device: primary, role, identity, name: primary.path, logLength }));
  // with another file-system uuid, the secondaries would be strangers for ever
  if (isPool && sources.length === 0) return { ...repair, needs: 'a secondary of the pool, with --dev' };
  return systemUuid === undefined && !mayBeMaster ? { ...repair, needs: '--master-here' } : repair;
}

/** What speaks against this host as the Master: nothing for it, or the old superblock for another. */
function despite({ reading, superblock }: Inspection): string {
  const named = reading.state === 'damaged' && superblock.systemUuid !== NIL_UUID;
  return named ? `though the damaged one names ${superblock.systemUuid}` : 'which nothing else says';
}

/** A superblock of another version may be sound to another tool, whatever its crc seems; of another format, if it is right. */
function isOtherFormat({ reading, superblock }: Inspection): boolean {
  const whole = superblock.crc === reading.crcFound && superblock.formatMajor !== FORMAT_MAJOR;
  return reading.state === 'other-version' || (reading.state === 'damaged' && whole);
}

function repairOf(what: string, steps: readonly Step[]): Repair {
  return { id: 'SUPERBLOCK', safety: 'ask', fixes: FIXES, what, steps };
}
