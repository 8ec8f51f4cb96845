/**
 * A superblock that is lost or damaged. Where restoring the magic or flipping one bit back makes its crc right, that is what
 * it was. Else it is made anew: its log's length from the log's header, its uuids from the secondaries that the log names.
 */
import { randomUUID } from 'node:crypto';
import { readU64, viewOf } from '../../format/struct.js';
import {
  ALLOCATION_UNIT,
  FORMAT_MAJOR,
  SUPERBLOCK_CRC_SPAN,
  SUPERBLOCK_MAGIC,
  SUPERBLOCK_VERSION,
  type Superblock,
  superblockStruct,
} from '../../format/superblock.js';
import { NIL_UUID } from '../../format/uuid.js';
import { crc32, type MappedDevice } from '../../native/device.js';
import { famfsOn } from '../finder.js';
import { isHeaderSound } from '../log.js';
import { readShared, type Step } from '../memory.js';
import type { ProblemCode } from '../problem.js';
import { superblockSteps } from '../superblockWriter.js';
import { readSystemUuid } from '../systemUuid.js';
import type { Inspection } from './inspection.js';
import type { Repair } from './repair.js';

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

/** The repair of a superblock that is not valid; undefined where it is, or where nothing says what it was. */
export function repairSuperblock(inspection: Inspection): Repair | undefined {
  const { reading, primary } = inspection;
  if (reading.state === 'valid') return undefined;
  return restored(primary) ?? rebuilt(inspection);
}

/** The superblock as its crc says it was. */
function restored(primary: MappedDevice): Repair | undefined {
  const image = readShared(primary, 0, superblockStruct.size);
  const view = viewOf(image);
  if (readU64(view, MAGIC) !== SUPERBLOCK_MAGIC) {
    superblockStruct.write(view, 0, { magic: SUPERBLOCK_MAGIC });
    const why = `restore the magic of the superblock of ${primary.path}, with which its crc is right`;
    if (isWhole(image))
      return repairOf(why, [[{ device: primary, offset: MAGIC, bytes: image.subarray(MAGIC, VERSION), why }]]);
    return undefined;
  }
  for (let bit = 0; bit < (CRC + 8) * 8; bit++) {
    const byte = Math.floor(bit / 8);
    const kept = image[byte] as number;
    image[byte] = kept ^ (1 << (bit % 8));
    if (isWhole(image)) {
      const why = `flip bit ${bit % 8} of byte ${byte} of the superblock of ${primary.path} back, which makes its crc right`;
      return repairOf(why, [[{ device: primary, offset: byte, bytes: image.subarray(byte, byte + 1), why }]]);
    }
    image[byte] = kept;
  }
  return undefined;
}

function isWhole(image: Buffer): boolean {
  const { version, crc } = superblockStruct.read(viewOf(image), 0);
  return version === SUPERBLOCK_VERSION && crc === crc32(image.subarray(0, SUPERBLOCK_CRC_SPAN));
}

function rebuilt(inspection: Inspection): Repair | undefined {
  const { reading, superblock, primary, inspectedLog, replay, finder } = inspection;
  const here = readSystemUuid(finder.host);
  if (inspectedLog === undefined || here === undefined || isOtherFormat(inspection)) return undefined;
  const { log } = inspectedLog;
  // nothing but a sound header says how long the log is
  if (!isHeaderSound(log, inspectedLog.reading) || log.unit !== ALLOCATION_UNIT) return undefined;
  const isPool = replay.daxdevs.length > 1;
  const kin = isPool ? secondaryOf(inspection) : undefined;
  const partly = reading.state === 'damaged' ? superblock : undefined;
  const identity = {
    fsUuid: kin?.fsUuid ?? known(partly?.fsUuid),
    deviceUuid: known(partly?.deviceUuid),
    systemUuid: kin?.systemUuid ?? here,
  };
  const sources = kin === undefined ? 'its log' : 'its log and a secondary';
  const master = identity.systemUuid === here ? 'this host as its Master' : `Master ${identity.systemUuid}`;
  const what = `make the superblock of ${primary.path} anew from ${sources}, with ${master}`;
  const role = isPool ? 'primary' : 'single';
  return repairOf(
    what,
    superblockSteps({ device: primary, role, identity, name: primary.path, logLength: log.length }),
  );
}

/** A superblock that is whole but of another version or format is no damage: another tool made it. */
function isOtherFormat({ reading, superblock }: Inspection): boolean {
  const whole = reading.state !== 'none' && superblock.crc === reading.crcFound;
  return whole && (superblock.version !== SUPERBLOCK_VERSION || superblock.formatMajor !== FORMAT_MAJOR);
}

/** The sound superblock of any secondary that the log names. */
function secondaryOf({ finder, replay }: Inspection): Superblock | undefined {
  const uuids = new Set(replay.daxdevs.slice(1).map(({ uuid }) => uuid));
  const [found] = finder.find((superblock) => uuids.has(superblock.deviceUuid));
  return found?.reading.state === 'valid' ? famfsOn(found) : undefined;
}

function known(uuid: string | undefined): string {
  return uuid === undefined || uuid === NIL_UUID ? randomUUID() : uuid;
}

function repairOf(what: string, steps: readonly Step[]): Repair {
  return { id: 'SUPERBLOCK', safety: 'ask', fixes: FIXES, what, steps };
}
