/** fsck of a pool: is every daxdev of the log here, and does its superblock say what the log says? */
import { LOG_HISTORY_OFFSET, logHistoryStruct } from '../../../format/logHistory.js';
import { POOL_DEFAULTS_OFFSET, poolDefaultsStruct } from '../../../format/poolDefaults.js';
import { POOL_LABEL_OFFSET, poolLabelStruct } from '../../../format/poolLabel.js';
import { ALLOCATION_UNITS, FORMAT_MAJOR, FORMAT_MINOR_POOLS, type Superblock } from '../../../format/superblock.js';
import type { MappedDevice } from '../../../native/device.js';
import { FindingTally } from '../../finding/tally.js';
import type { MemberFault } from '../../finding/values.js';
import type { Replay } from '../../log/replay.js';
import { logHistoryFault } from '../../media/logHistory.js';
import { poolDefaultsFault } from '../../media/poolDefaults.js';
import { poolLabelFault } from '../../media/poolLabel.js';
import { checkSuperblock } from '../../media/superblockReader.js';
import { type Finder, famfsOn, hasLog, type ProbedDaxdev, secondaryOn } from '../../pool/finder.js';
import { type Member, Members } from '../../pool/members.js';
import type { MountedPool } from '../../pool/mounted.js';
import { MountedMembers } from '../../pool/mountedMembers.js';
import { orphansOf } from '../../pool/orphans.js';

/** No superblock can have more faults. */
const MOST_FAULTS = 100;

/**
 * Checks the members of a pool against its log; faults go to the replay's findings. Returns the members as they are here.
 * @param isKnown whether the replayed log tells what the members are now; if not, they are not judged
 */
export function checkPool(
  finder: Finder,
  primary: MappedDevice,
  superblock: Superblock,
  replay: Replay,
  isKnown: boolean,
): Members {
  const { fsUuid, deviceSize } = superblock;
  const { daxdevs, findings, unit } = replay;
  const members = new Members(finder, { primary, fsUuid, unit, primarySize: deviceSize, daxdevs });
  if (!isKnown) return members;
  for (const member of members.all().slice(1)) checkMember(member, superblock, replay);
  checkFormat(superblock, daxdevs, findings);
  checkNamed(finder, primary, superblock, members.all(), findings);
  for (const { path, uuid, left } of orphansOf({ primary, finder, fsUuid, daxdevs }))
    findings.add('MEMBER_ORPHAN', {}, { path, uuid, left });
  checkTwins(finder, superblock, findings);
  checkRecords(primary, { fsUuid, allocationUnit: unit }, findings);
  return members;
}

/**
 * The same for a mounted pool, whose daxdevs belong to the kernel and are not read.
 * @param isNow whether the replayed log is that of now; if not, nothing is judged
 */
export function checkMountedPool(
  finder: Finder,
  mounted: MountedPool,
  superblock: Superblock,
  replay: Replay,
  isNow: boolean,
): Members {
  const { fsUuid, deviceSize } = superblock;
  const { daxdevs, findings, unit } = replay;
  const { superblock: primary } = mounted;
  if (isNow) {
    checkFormat(superblock, daxdevs, findings);
    checkRecords(primary, { fsUuid, allocationUnit: unit }, findings);
  }
  return new MountedMembers(finder, { primary, fsUuid, unit, primarySize: deviceSize, daxdevs }, mounted);
}

function checkRecords(
  primary: MappedDevice,
  own: Pick<Superblock, 'fsUuid' | 'allocationUnit'>,
  findings: FindingTally,
): void {
  const fault = poolDefaultsFault(primary, own);
  const place = { daxdev: 0, deviceOffset: POOL_DEFAULTS_OFFSET, length: poolDefaultsStruct.size };
  if (fault !== undefined) findings.add('POOL_DEFAULTS', place, fault);
  const history = logHistoryFault(primary, own.fsUuid);
  const historyPlace = { daxdev: 0, deviceOffset: LOG_HISTORY_OFFSET, length: logHistoryStruct.size };
  if (history !== undefined) findings.add('LOG_HISTORY', historyPlace, history);
  const label = poolLabelFault(primary, own.fsUuid);
  const labelPlace = { daxdev: 0, deviceOffset: POOL_LABEL_OFFSET, length: poolLabelStruct.size };
  if (label !== undefined) findings.add('POOL_LABEL', labelPlace, label);
}

function checkFormat(
  { formatMajor: major, formatMinor: minor }: Superblock,
  daxdevs: Replay['daxdevs'],
  findings: FindingTally,
): void {
  const added = daxdevs[1];
  if (added === undefined || major !== FORMAT_MAJOR || minor >= FORMAT_MINOR_POOLS) return;
  findings.add('DAXDEV_FORMAT', { slot: added.slot }, { major, minor });
}

function checkMember(member: Member, primary: Superblock, { unit, findings }: Replay): void {
  const { index, uuid, state, candidates, size } = member;
  const place = { daxdev: index };
  const paths = candidates.map(({ path }) => path);
  const [only, ...others] = candidates;
  if (state === 'missing') findings.add('MEMBER_MISSING', place, { uuid });
  else if (state === 'foreign') findings.add('MEMBER_FOREIGN', place, { uuid, path: paths.join() });
  else if (state === 'ambiguous') findings.add('MEMBER_TWIN', place, { uuid, paths, kind: 'ambiguous' });
  if (only === undefined || others.length > 0) return;
  const { path } = only;
  if (only.size !== size) findings.add('MEMBER_SIZE', place, { uuid, found: only.size, logged: size });
  for (const fault of memberFaults(only, index, primary, unit))
    findings.add('MEMBER_SUPERBLOCK', place, { uuid, path, fault });
}

/** The faults of a secondary's superblock, by the rules for every superblock and in comparison with the primary's. */
function memberFaults(
  { reading, size }: ProbedDaxdev,
  index: number,
  primary: Superblock,
  unit: number,
): MemberFault[] {
  const tally = new FindingTally(MOST_FAULTS);
  checkSuperblock(reading, size, index, tally);
  // checkSuperblock finds nothing else
  const faults = tally.kept.map(({ code, values }) => ({ code, values }) as MemberFault);
  const { systemUuid, allocationUnit = unit } = reading.superblock ?? {};
  if (ALLOCATION_UNITS.includes(allocationUnit) && allocationUnit !== unit)
    faults.push({ code: 'OTHER_UNIT', values: { found: allocationUnit, primary: unit } });
  if (systemUuid !== undefined && systemUuid !== primary.systemUuid)
    faults.push({ code: 'OTHER_MASTER', values: { found: systemUuid, primary: primary.systemUuid } });
  return faults;
}

/**
 * The device that the superblock of the primary was copied from: one with the same superblock and a sound log. Only for a primary
 * without a recognisable log of its own; undefined if there is none.
 */
export function findOriginal(
  finder: Finder,
  primary: MappedDevice,
  { fsUuid, deviceUuid: uuid }: Superblock,
  findings: FindingTally,
): ProbedDaxdev | undefined {
  const original = finder.all().find((found) => {
    const superblock = famfsOn(found);
    const isCopy = superblock?.fsUuid === fsUuid && superblock.deviceUuid === uuid;
    return (
      isCopy && found.identity !== primary.identity && secondaryOn(found) === undefined && hasLog(finder.host, found)
    );
  });
  if (original !== undefined)
    findings.add('MEMBER_TWIN', { daxdev: 0 }, { uuid, paths: [original.path], kind: 'primary' });
  return original;
}

/** A secondary with the device uuid of the primary cannot be a member of the log. */
function checkTwins(finder: Finder, { fsUuid, deviceUuid: uuid }: Superblock, findings: FindingTally): void {
  for (const found of finder.all()) {
    const secondary = secondaryOn(found);
    if (secondary?.fsUuid !== fsUuid || secondary.deviceUuid !== uuid) continue;
    findings.add('MEMBER_TWIN', { daxdev: 0 }, { uuid, paths: [found.path], kind: 'secondary' });
  }
}

/** A user who names a device to fsck claims that it belongs to the pool. */
function checkNamed(
  finder: Finder,
  primary: MappedDevice,
  { fsUuid }: Superblock,
  members: readonly Member[],
  findings: FindingTally,
): void {
  const found = members.flatMap((member) => member.candidates.map(({ identity }) => identity));
  // the primary may have lost its superblock, which is reported where superblocks are judged
  const known = new Set([primary.identity, ...found]);
  for (const found of finder.named()) {
    const theirs = famfsOn(found)?.fsUuid;
    if (theirs === fsUuid || known.has(found.identity)) continue;
    findings.add('MEMBER_FOREIGN', {}, { path: found.path, fsUuid: theirs ?? null });
  }
}
