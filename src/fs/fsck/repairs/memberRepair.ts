/**
 * Superblocks of secondaries. All values follow from the log, which has uuid and size, and from the primary, which has those of
 * the file system; only the identity of the device must be found out.
 */
import { FLAG_SECONDARY, FORMAT_MAJOR, FORMAT_MINOR } from '../../../format/superblock.js';
import type { MappedDevice } from '../../../native/device.js';
import { FindingTally } from '../../finding/tally.js';
import type { FindingCode } from '../../finding/values.js';
import { foreignContent } from '../../media/foreignContent.js';
import { checkSuperblock, readSuperblock } from '../../media/superblockReader.js';
import { superblockSteps } from '../../media/superblockWriter.js';
import { famfsOn, type ProbedDaxdev, secondaryOn } from '../../pool/finder.js';
import type { Member } from '../../pool/members.js';
import type { Inspection } from '../checks/inspection.js';
import type { Repair, Safety } from './repair.js';
import type { RepairDevices } from './repairDevices.js';
import { restoredSuperblock } from './restoredSuperblock.js';
import { correctUncovered, UNCOVERED_CODES } from './uncoveredRepair.js';
import type { MemberEvidence } from './values.js';

const FIXES = ['MEMBER_SUPERBLOCK', 'MEMBER_MISSING', 'MEMBER_FOREIGN', 'MEMBER_ORPHAN'] as const;

/** A device that can only be one certain member of the pool. */
interface IdentifiedMember {
  readonly found: ProbedDaxdev;
  readonly safety: Safety;
  readonly evidence: MemberEvidence;
}

/** The repairs of the secondaries that the log names, if nothing contradicts the primary. */
export function repairMembers(inspection: Inspection, devices: RepairDevices): Repair[] {
  const secondaries = inspection.members.all().slice(1);
  if (!isBelieved(inspection, secondaries)) return [];
  return secondaries.flatMap((member) => repairMember(inspection, member, devices));
}

/** Whether the primary's superblock is sound, and no sound member of its log names another file system. */
function isBelieved({ reading, primary, superblock }: Inspection, secondaries: readonly Member[]): boolean {
  const tally = new FindingTally(0);
  checkSuperblock(reading, primary.size, 0, tally);
  if ([...tally.counts.keys()].some((code) => !UNCOVERED_CODES.has(code))) return false;
  const sound = secondaries.flatMap(({ candidates }) => candidates).filter(({ reading }) => reading.state === 'valid');
  return sound.every((daxdev) => famfsOn(daxdev)?.fsUuid === superblock.fsUuid);
}

function repairMember(inspection: Inspection, member: Member, devices: RepairDevices): Repair[] {
  if (member.state === 'ambiguous') return [];
  const [found] = member.candidates;
  if (found === undefined) return rebuild(inspection, member, lostMember(inspection, member, devices), devices);
  if (famfsOn(found)?.fsUuid !== inspection.superblock.fsUuid)
    return rebuild(inspection, member, strayMember(found), devices);
  const faults = faultsOf(found, inspection);
  if (faults.length === 0) return [];
  if (faults.every((code) => UNCOVERED_CODES.has(code))) return correct(found, member, devices);
  if (found.reading.state === 'other-version') return restore(found, devices);
  return rebuild(inspection, member, damagedMember(found), devices);
}

/** Codes of the faults of a secondary's superblock. */
function faultsOf({ reading, size }: ProbedDaxdev, { superblock, replay: { unit } }: Inspection): FindingCode[] {
  const tally = new FindingTally(0);
  checkSuperblock(reading, size, 1, tally);
  const { systemUuid, allocationUnit } = reading.superblock ?? {};
  const contradicts = systemUuid !== superblock.systemUuid || allocationUnit !== unit;
  return [...tally.counts.keys(), ...(contradicts ? (['MEMBER_SUPERBLOCK'] as const) : [])];
}

function correct(found: ProbedDaxdev, { size }: Member, devices: RepairDevices): Repair[] {
  const device = devices.open(found);
  if (device === undefined) return [];
  const findings = new FindingTally(0);
  checkSuperblock(readSuperblock(device), device.size, 1, findings);
  return correctUncovered({
    isSecondary: true,
    device,
    findings,
    flags: FLAG_SECONDARY,
    size: device.size === size ? 'preen' : undefined,
  });
}

/** A superblock with another version belongs to another tool, unless the CRC proves damage. */
function restore(found: ProbedDaxdev, devices: RepairDevices): Repair[] {
  const device = devices.open(found);
  const proven = device && restoredSuperblock(device);
  if (device === undefined || proven === undefined) return [];
  return [
    {
      id: 'MEMBER',
      safety: 'ask',
      fixes: FIXES,
      values: { device: device.path, restored: proven.restored },
      steps: [[proven.write]],
    },
  ];
}

/** Both uuids are right. If the CRC is right too, it was written with the other fields, on purpose. */
function damagedMember(found: ProbedDaxdev): IdentifiedMember | undefined {
  const { reading } = found;
  const whole = reading.superblock?.crc === reading.crcFound;
  if (whole && isOtherFormat(found)) return undefined;
  return { found, safety: whole ? 'ask' : 'preen', evidence: whole ? 'uuids despite crc' : 'uuids' };
}

/** An intact superblock of another format is not damaged: another tool made it. */
function isOtherFormat({ reading }: ProbedDaxdev): boolean {
  const { formatMajor, formatMinor = 0 } = reading.superblock ?? {};
  return formatMajor !== FORMAT_MAJOR || formatMinor > FORMAT_MINOR;
}

/** The device uuid is right and the file-system uuid is wrong; if the CRC is right, it belongs to that file system. */
function strayMember(found: ProbedDaxdev): IdentifiedMember | undefined {
  const { reading } = found;
  if (reading.state !== 'damaged' || reading.superblock?.crc === reading.crcFound) return undefined;
  return { found, safety: 'ask', evidence: 'device uuid' };
}

/** No superblock has its uuid: a named device may have lost its magic, or its whole superblock. */
function lostMember(inspection: Inspection, member: Member, devices: RepairDevices): IdentifiedMember | undefined {
  const { finder, superblock } = inspection;
  const withoutMagic = finder.named().filter(({ reading }) => {
    const { deviceUuid, fsUuid } = reading.superblock ?? {};
    return reading.state === 'none' && deviceUuid === member.uuid && fsUuid === superblock.fsUuid;
  });
  const [found, ...others] = withoutMagic;
  if (found !== undefined && others.length === 0) return { found, safety: 'ask', evidence: 'uuids without magic' };
  return found === undefined ? leftOver(inspection, member, devices) : undefined;
}

/** The only member of its size that is missing, and the only device that could be it. */
function leftOver(inspection: Inspection, { size }: Member, devices: RepairDevices): IdentifiedMember | undefined {
  const { members, replay } = inspection;
  const missing = members.all().filter((member) => member.state === 'missing' && member.size === size);
  if (missing.length !== 1 || replay.skipped > 0) return undefined;
  const [found, ...others] = namelessDevices(inspection).filter((candidate) => candidate.size === size);
  if (found === undefined || others.length > 0) return undefined;
  const device = devices.open(found);
  const { host } = inspection.finder;
  if (device === undefined || (famfsOn(found) === undefined && foreignContent(host, device) !== undefined))
    return undefined;
  return { found, safety: 'ask', evidence: 'only one missing' };
}

/**
 * Named devices without a famfs or with a copy of the primary's superblock, and damaged secondaries of this pool with a uuid that
 * the log does not know.
 */
function namelessDevices({ finder, primary, superblock, replay }: Inspection): ProbedDaxdev[] {
  const known = new Set(replay.daxdevs.map(({ uuid }) => uuid));
  const empty = finder.named().filter((found) => {
    const theirs = famfsOn(found);
    return theirs === undefined || (theirs.fsUuid === superblock.fsUuid && theirs.deviceUuid === superblock.deviceUuid);
  });
  const damaged = finder.all().filter((found) => {
    const secondary = secondaryOn(found);
    return (
      secondary?.fsUuid === superblock.fsUuid && found.reading.state === 'damaged' && !known.has(secondary.deviceUuid)
    );
  });
  return [...empty, ...damaged].filter(({ identity }) => identity !== primary.identity);
}

function rebuild(
  inspection: Inspection,
  { index, uuid, size }: Member,
  identified: IdentifiedMember | undefined,
  devices: RepairDevices,
): Repair[] {
  const device = identified && identified.found.size === size ? devices.open(identified.found) : undefined;
  if (identified === undefined || device === undefined) return [];
  const { safety, evidence } = identified;
  const values = { device: device.path, daxdev: index, uuid, evidence };
  return [{ id: 'MEMBER', safety, fixes: FIXES, values, steps: stepsOf(device, uuid, inspection) }];
}

function stepsOf(device: MappedDevice, deviceUuid: string, { superblock, replay: { unit } }: Inspection) {
  const { fsUuid, systemUuid } = superblock;
  const identity = { fsUuid, deviceUuid, systemUuid };
  return superblockSteps({ device, role: 'secondary', identity, name: device.path, logLength: 0, unit });
}
