/** Copies of the uuids in a lost superblock. The uuids are random, so nothing else can prove them. */
import type { Superblock } from '../../../format/superblock.js';
import { NIL_UUID } from '../../../format/uuid.js';
import { readSystemUuid } from '../../host/systemUuid.js';
import { recordedFsUuid } from '../../media/poolDefaults.js';
import { famfsOn } from '../../pool/finder.js';
import type { Inspection } from '../checks/inspection.js';

/** Uuids of a lost superblock; undefined if there is no copy. */
export interface Witnesses {
  readonly fsUuid: string | undefined;
  readonly deviceUuid: string | undefined;
  readonly systemUuid: string | undefined;
  /** allocation unit, bytes: that of a secondary */
  readonly unit: number | undefined;
  /** intact records beside the superblock that have them, in words */
  readonly sources: readonly string[];
}

/**
 * Secondaries have the file-system uuid and the Master; the default interleave has the former. The old superblock is believed if
 * its CRC is right, or if it names this host, which cannot be the result of damage. The log only has the uuids of added daxdevs.
 */
export function witnessesOf(inspection: Inspection): Witnesses {
  const { reading, superblock, finder, primary } = inspection;
  const secondary = secondaryOf(inspection);
  const recorded = recordedFsUuid(primary);
  const whole = reading.state === 'damaged' && superblock.crc === reading.crcFound;
  const own = superblock.systemUuid === readSystemUuid(finder.host);
  const old = (uuid: string, isBelieved: boolean) => (isBelieved && uuid !== NIL_UUID ? uuid : undefined);
  const isReadable = own || reading.state === 'damaged';
  return {
    fsUuid: old(superblock.fsUuid, whole) ?? secondary?.fsUuid ?? recorded ?? old(superblock.fsUuid, isReadable),
    deviceUuid: old(superblock.deviceUuid, isReadable),
    systemUuid: old(superblock.systemUuid, whole) ?? secondary?.systemUuid ?? old(superblock.systemUuid, own),
    unit: secondary?.allocationUnit,
    sources: [
      ...(whole ? ['its old superblock'] : []),
      ...(secondary === undefined ? [] : ['a secondary']),
      ...(recorded === undefined ? [] : ['its default interleave']),
    ],
  };
}

/** The sound superblock of a secondary that the log names; undefined if several contradict each other. */
function secondaryOf({ finder, replay }: Inspection): Superblock | undefined {
  const uuids = new Set(replay.daxdevs.slice(1).map(({ uuid }) => uuid));
  if (uuids.size === 0) return undefined;
  const found = finder.find((superblock) => uuids.has(superblock.deviceUuid));
  const sound = found.filter(({ reading }) => reading.state === 'valid').flatMap((one) => famfsOn(one) ?? []);
  const [first, ...others] = sound;
  const agree = others.every(({ fsUuid, systemUuid }) => fsUuid === first?.fsUuid && systemUuid === first.systemUuid);
  return agree ? first : undefined;
}
