/**
 * Superblocks of secondaries. All that one says follows from the log, which has its uuid and size, and from the primary,
 * which has the file system's: what is left to find out is which device it was.
 */
import { FLAG_SECONDARY, FORMAT_MAJOR, FORMAT_MINOR } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import { type ProblemCode, ProblemTally } from '../finding/problem.js';
import { foreignContent } from '../media/foreignContent.js';
import { checkSuperblock, readSuperblock } from '../media/superblockReader.js';
import { superblockSteps } from '../media/superblockWriter.js';
import { famfsOn, type ProbedDaxdev, secondaryOn } from '../pool/finder.js';
import type { Member } from '../pool/members.js';
import type { Inspection } from './inspection.js';
import type { Repair, Safety } from './repair.js';
import type { RepairDevices } from './repairDevices.js';
import { restoredSuperblock } from './restored.js';
import { correctUncovered } from './uncoveredRepair.js';

const FIXES: readonly ProblemCode[] = ['MEMBER_SUPERBLOCK', 'MEMBER_MISSING', 'MEMBER_FOREIGN', 'MEMBER_ORPHAN'];
const UNCOVERED: ReadonlySet<ProblemCode> = new Set(['SB_FLAGS', 'SB_RESERVED', 'SB_DEVICE_SIZE', 'SB_NAME']);

/** A device that is taken for a member of the pool. */
interface Identified {
  readonly found: ProbedDaxdev;
  readonly safety: Safety;
  /** what speaks for it beside its uuids, as the end of a sentence */
  readonly why: string;
}

/** The repairs of the secondaries that the log names, where nothing speaks against what the primary says. */
export function repairMembers(inspection: Inspection, devices: RepairDevices): Repair[] {
  const secondaries = inspection.members.all().slice(1);
  if (!isBelieved(inspection, secondaries)) return [];
  return secondaries.flatMap((member) => repairMember(inspection, member, devices));
}

/** Whether the primary's superblock is sound, and no sound member of its log says that it is of another file system. */
function isBelieved({ reading, primary, superblock }: Inspection, secondaries: readonly Member[]): boolean {
  const tally = new ProblemTally(0);
  checkSuperblock(reading, primary.size, 0, tally);
  if ([...tally.counts.keys()].some((code) => !UNCOVERED.has(code))) return false;
  const sound = secondaries.flatMap(({ found }) => found).filter((found) => found.reading.state === 'valid');
  return sound.every((found) => famfsOn(found)?.fsUuid === superblock.fsUuid);
}

function repairMember(inspection: Inspection, member: Member, devices: RepairDevices): Repair[] {
  if (member.state === 'ambiguous') return [];
  const [found] = member.found;
  if (found === undefined) return rebuild(inspection, member, lostMember(inspection, member, devices), devices);
  if (famfsOn(found)?.fsUuid !== inspection.superblock.fsUuid)
    return rebuild(inspection, member, strayMember(found), devices);
  const faults = faultsOf(found, inspection);
  if (faults.length === 0) return [];
  if (faults.every((code) => UNCOVERED.has(code))) return correct(found, member, devices);
  if (found.reading.state === 'other-version') return restore(found, devices);
  return rebuild(inspection, member, damagedMember(found), devices);
}

/** Codes of what is wrong with the superblock of a secondary. */
function faultsOf({ reading, size }: ProbedDaxdev, { superblock }: Inspection): ProblemCode[] {
  const tally = new ProblemTally(0);
  checkSuperblock(reading, size, 1, tally);
  const contradicts = reading.superblock?.systemUuid !== superblock.systemUuid;
  return [...tally.counts.keys(), ...(contradicts ? (['MEMBER_SUPERBLOCK'] as const) : [])];
}

function correct(found: ProbedDaxdev, { size }: Member, devices: RepairDevices): Repair[] {
  const device = devices.open(found);
  if (device === undefined) return [];
  const faults = new ProblemTally(0);
  checkSuperblock(readSuperblock(device), device.size, 1, faults);
  const repairs = correctUncovered({
    device,
    faults,
    flags: FLAG_SECONDARY,
    size: device.size === size ? 'preen' : undefined,
  });
  return repairs.map((repair) => ({ ...repair, fixes: ['MEMBER_SUPERBLOCK'] }));
}

/** A version that is not ours is another tool's, unless the crc proves that it is damage. */
function restore(found: ProbedDaxdev, devices: RepairDevices): Repair[] {
  const device = devices.open(found);
  const restored = device && restoredSuperblock(device);
  if (restored === undefined) return [];
  return [{ id: 'MEMBER', safety: 'ask', fixes: FIXES, what: restored.what, steps: [[restored.write]] }];
}

/** Both uuids are right. A crc that is right too was written with the rest: somebody meant it. */
function damagedMember(found: ProbedDaxdev): Identified | undefined {
  const { reading } = found;
  const whole = reading.superblock?.crc === reading.crcFound;
  if (whole && isOtherFormat(found)) return undefined;
  return { found, safety: whole ? 'ask' : 'preen', why: whole ? ', though its crc is right' : '' };
}

/** A superblock of another format that is whole is no damage: another tool made it. */
function isOtherFormat({ reading }: ProbedDaxdev): boolean {
  const { formatMajor, formatMinor = 0 } = reading.superblock ?? {};
  return formatMajor !== FORMAT_MAJOR || formatMinor > FORMAT_MINOR;
}

/** The device uuid is right and the file-system uuid is not: where the crc is right, it is of that file system. */
function strayMember(found: ProbedDaxdev): Identified | undefined {
  const { reading } = found;
  if (reading.state !== 'damaged' || reading.superblock?.crc === reading.crcFound) return undefined;
  return { found, safety: 'ask', why: ', whose device uuid it has' };
}

/** No superblock has its uuid: one that was named may have lost its magic, or all of it. */
function lostMember(inspection: Inspection, member: Member, devices: RepairDevices): Identified | undefined {
  const { finder, superblock } = inspection;
  const killed = finder.named().filter(({ reading }) => {
    const { deviceUuid, fsUuid } = reading.superblock ?? {};
    return reading.state === 'none' && deviceUuid === member.uuid && fsUuid === superblock.fsUuid;
  });
  const [found, ...others] = killed;
  if (found !== undefined && others.length === 0) return { found, safety: 'ask', why: ', whose uuids it has' };
  return found === undefined ? leftOver(inspection, member, devices) : undefined;
}

/** The only member of its size that is missing, and the only device that could be it. */
function leftOver(inspection: Inspection, { size }: Member, devices: RepairDevices): Identified | undefined {
  const { members, replay } = inspection;
  const missing = members.all().filter((member) => member.state === 'missing' && member.size === size);
  if (missing.length !== 1 || replay.skipped > 0) return undefined;
  const [found, ...others] = namelessDevices(inspection).filter((candidate) => candidate.size === size);
  if (found === undefined || others.length > 0) return undefined;
  const device = devices.open(found);
  if (device === undefined || foreignContent(device) !== undefined) return undefined;
  return { found, safety: 'ask', why: ', the only one of its size that is missing' };
}

/** Devices that were named and hold no famfs, and damaged secondaries of this pool with a uuid that the log does not know. */
function namelessDevices({ finder, primary, superblock, replay }: Inspection): ProbedDaxdev[] {
  const known = new Set(replay.daxdevs.map(({ uuid }) => uuid));
  const blank = finder.named().filter(({ reading }) => reading.state === 'none');
  const strange = finder.all().filter((found) => {
    const secondary = secondaryOn(found);
    return (
      secondary?.fsUuid === superblock.fsUuid && found.reading.state === 'damaged' && !known.has(secondary.deviceUuid)
    );
  });
  return [...blank, ...strange].filter(({ identity }) => identity !== primary.identity);
}

function rebuild(
  { superblock }: Inspection,
  { index, uuid, size }: Member,
  identified: Identified | undefined,
  devices: RepairDevices,
): Repair[] {
  const device = identified && identified.found.size === size ? devices.open(identified.found) : undefined;
  if (identified === undefined || device === undefined) return [];
  const { safety, why } = identified;
  const what = `make the superblock of ${device.path} anew as that of daxdev ${index} (uuid ${uuid})${why}`;
  return [{ id: 'MEMBER', safety, fixes: FIXES, what, steps: stepsOf(device, uuid, superblock) }];
}

function stepsOf(device: MappedDevice, deviceUuid: string, { fsUuid, systemUuid }: Inspection['superblock']) {
  const identity = { fsUuid, deviceUuid, systemUuid };
  return superblockSteps({ device, role: 'secondary', identity, name: device.path, logLength: 0 });
}
