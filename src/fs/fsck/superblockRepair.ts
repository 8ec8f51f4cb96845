/**
 * A superblock that is lost or damaged. Where restoring the magic or flipping one bit back makes its crc right, that is what
 * it was. Else it is made anew: its log's length from the log's header, its uuids from whatever else has them.
 */
import { randomUUID } from 'node:crypto';
import { readU64, viewOf } from '../../format/struct.js';
import {
  ALLOCATION_UNIT,
  FORMAT_MAJOR,
  SUPERBLOCK_CRC_SPAN,
  SUPERBLOCK_MAGIC,
  SUPERBLOCK_VERSION,
  superblockStruct,
} from '../../format/superblock.js';
import { NIL_UUID } from '../../format/uuid.js';
import { crc32, type MappedDevice } from '../../native/device.js';
import { isHeaderSound } from '../log.js';
import { readShared, type Step } from '../memory.js';
import type { ProblemCode } from '../problem.js';
import { superblockSteps } from '../superblockWriter.js';
import { readSystemUuid } from '../systemUuid.js';
import type { Inspection } from './inspection.js';
import type { Repair } from './repair.js';
import { witnessesOf } from './witnesses.js';

const { magic: MAGIC, version: VERSION, crc: CRC } = superblockStruct.offsets;
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
  return restored === undefined ? rebuilt(inspection, mayBeMaster) : repairOf(restored.what, restored.steps);
}

/** The host whose file system it is, as far as anything says that; nobody else may repair it. */
export function masterOf(inspection: Inspection): string | undefined {
  const { reading, superblock, primary } = inspection;
  if (reading.state === 'valid') return superblock.systemUuid;
  return restoredSuperblock(primary)?.systemUuid ?? witnessesOf(inspection).systemUuid;
}

interface Restored {
  readonly systemUuid: string;
  readonly what: string;
  readonly steps: readonly Step[];
}

/** The superblock as its crc says it was, if the magic or one bit is all that is wrong. */
function restoredSuperblock(primary: MappedDevice): Restored | undefined {
  const image = readShared(primary, 0, superblockStruct.size);
  const view = viewOf(image);
  const change = (at: number, length: number, what: string): Restored => {
    const bytes = image.subarray(at, at + length);
    const { systemUuid } = superblockStruct.read(view, 0);
    return { systemUuid, what, steps: [[{ device: primary, offset: at, bytes, why: what }]] };
  };
  if (readU64(view, MAGIC) !== SUPERBLOCK_MAGIC) {
    superblockStruct.write(view, 0, { magic: SUPERBLOCK_MAGIC });
    const what = `restore the magic of the superblock of ${primary.path}, with which its crc is right`;
    return isWhole(image) ? change(MAGIC, VERSION, what) : undefined;
  }
  for (let bit = 0; bit < (CRC + 8) * 8; bit++) {
    const byte = Math.floor(bit / 8);
    const kept = image[byte] as number;
    image[byte] = kept ^ (1 << (bit % 8));
    const what = `flip bit ${bit % 8} of byte ${byte} of the superblock of ${primary.path} back, which makes its crc right`;
    if (isWhole(image)) return change(byte, 1, what);
    image[byte] = kept;
  }
  return undefined;
}

function isWhole(image: Buffer): boolean {
  const { version, crc } = superblockStruct.read(viewOf(image), 0);
  return version === SUPERBLOCK_VERSION && crc === crc32(image.subarray(0, SUPERBLOCK_CRC_SPAN));
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

/** A superblock that is whole but of another version or format is no damage: another tool made it. */
function isOtherFormat({ reading, superblock }: Inspection): boolean {
  const whole = reading.state !== 'none' && superblock.crc === reading.crcFound;
  return whole && (superblock.version !== SUPERBLOCK_VERSION || superblock.formatMajor !== FORMAT_MAJOR);
}

function repairOf(what: string, steps: readonly Step[]): Repair {
  return { id: 'SUPERBLOCK', safety: 'ask', fixes: FIXES, what, steps };
}
