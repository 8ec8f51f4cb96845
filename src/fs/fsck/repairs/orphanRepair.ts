/**
 * Orphans: secondaries whose superblocks name this pool, but that the log does not name. An interrupted mkfs or daxdev add leaves
 * them, without data. They are added and never cleared: if an orphan is a member after all, clearing it would destroy its
 * identity. One that was taken out of the pool stays out.
 */
import { encodeLogEntry } from '../../../format/entries/encoder.js';
import { encodeLogHeader, logHeaderStruct } from '../../../format/logHeader.js';
import { FORMAT_MINOR_POOLS, MAX_DAXDEVS, SUPERBLOCK_REGION } from '../../../format/superblock.js';
import { crc32 } from '../../../native/device.js';
import { FindingTally } from '../../finding/tally.js';
import type { Log } from '../../log/log.js';
import type { Step } from '../../media/sharedMemory.js';
import { checkSuperblock } from '../../media/superblockReader.js';
import type { ProbedDaxdev } from '../../pool/finder.js';
import { foundOrphans, leftIndex } from '../../pool/orphans.js';
import { countOf } from '../catalogue/catalogue.js';
import type { Inspection } from '../checks/inspection.js';
import type { RepairOf } from './repair.js';
import type { RepairDevices } from './repairDevices.js';

const { nextSequence: NEXT_SEQUENCE } = logHeaderStruct.offsets;

/**
 * Appends the missing entry of an orphan, as daxdev add does, but only if nothing else is wrong: an orphan of a damaged file
 * system may be a member whose entry cannot be read.
 */
export function adoptOrphans(inspection: Inspection, devices: RepairDevices): RepairOf<'ORPHAN'>[] {
  const { inspectedLog, replay, finder, superblock } = inspection;
  if (inspectedLog === undefined || countOf('error', replay.findings) > 0) return [];
  const { log } = inspectedLog;
  const hasRoom = replay.next < log.capacity && replay.daxdevs.length < MAX_DAXDEVS;
  if (!hasRoom || superblock.formatMinor < FORMAT_MINOR_POOLS) return [];
  const orphans = foundOrphans(finder, superblock.fsUuid, replay.daxdevs);
  const search = { finder, primary: inspection.primary, fsUuid: superblock.fsUuid };
  const hasLeft = (orphan: ProbedDaxdev) => leftIndex(search, orphan) !== undefined;
  return orphans
    .filter((orphan) => isSound(orphan, orphans, inspection) && !hasLeft(orphan))
    .flatMap((orphan) => {
      // locked until the entry is written, so that no mkfs takes the device meanwhile
      if (devices.open(orphan) === undefined) return [];
      const deviceUuid = orphan.reading.superblock?.deviceUuid as string;
      const values = { device: orphan.path, uuid: deviceUuid };
      const steps = appending(log, replay.next, {
        deviceUuid,
        deviceSize: orphan.size,
        daxdev: replay.daxdevs.length,
      });
      return [{ id: 'ORPHAN', safety: 'ask', fixes: ['MEMBER_ORPHAN'], values, steps }];
    });
}

/** Whether daxdev add could have left it: sound, of the same Master, large enough, and the only one with its uuid. */
function isSound(
  { reading, size }: ProbedDaxdev,
  orphans: readonly ProbedDaxdev[],
  { superblock, replay: { unit } }: Inspection,
): boolean {
  const uuid = reading.superblock?.deviceUuid;
  const tally = new FindingTally(0);
  checkSuperblock(reading, size, 1, tally);
  const single = orphans.filter((other) => other.reading.superblock?.deviceUuid === uuid).length === 1;
  const { systemUuid, allocationUnit } = reading.superblock ?? {};
  const ours = systemUuid === superblock.systemUuid && allocationUnit === unit;
  return single && ours && tally.counts.size === 0 && size >= SUPERBLOCK_REGION + unit;
}

function appending(
  log: Log,
  slot: number,
  daxdev: { deviceUuid: string; deviceSize: number; daxdev: number },
): readonly Step[] {
  const { device } = log;
  const entry = encodeLogEntry({ type: 'ADD_DAXDEV', ...daxdev }, slot, crc32);
  const counts = encodeLogHeader(log.length, slot + 1, crc32).subarray(NEXT_SEQUENCE);
  return [
    [{ device, offset: log.offsetOf(slot), bytes: entry, why: `log entry ${slot}, ADD_DAXDEV` }],
    [{ device, offset: log.offset + NEXT_SEQUENCE, bytes: counts, why: `next index ${slot + 1}` }],
  ];
}
