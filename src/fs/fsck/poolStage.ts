/** fsck of a pool: is every daxdev of the log here, and does its superblock say what the log says? */
import { POOL_DEFAULTS_OFFSET, poolDefaultsStruct } from '../../format/poolDefaults.js';
import { FORMAT_MAJOR, FORMAT_MINOR_POOLS, type Superblock } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import { type ProblemCode, ProblemTally } from '../finding/problem.js';
import type { Replay } from '../log/replay.js';
import { poolDefaultsFault } from '../media/poolDefaults.js';
import { checkSuperblock } from '../media/superblockReader.js';
import { type Finder, famfsOn, type ProbedDaxdev, secondaryOn } from '../pool/finder.js';
import { explain, type Member, Members } from '../pool/members.js';
import type { Mounted } from '../pool/mounted.js';
import { MountedMembers } from '../pool/mountedMembers.js';
import { orphansOf } from '../pool/orphans.js';

/** More than one superblock can have wrong. */
const MOST_FAULTS = 100;

/** Checks the members of a pool against its log; problems go to the replay's tally. Returns the members as they are here. */
export function checkPool(finder: Finder, primary: MappedDevice, superblock: Superblock, replay: Replay): Members {
  const { fsUuid, deviceSize } = superblock;
  const { daxdevs, problems } = replay;
  const members = new Members(finder, { primary, fsUuid, primarySize: deviceSize, daxdevs });
  for (const member of members.all().slice(1)) checkMember(member, superblock, problems);
  checkFormat(superblock, daxdevs, problems);
  checkNamed(finder, primary, superblock, members.all(), problems);
  for (const { path, uuid } of orphansOf(finder, fsUuid, daxdevs))
    problems.add('MEMBER_ORPHAN', {}, `${path} (uuid ${uuid}) says it is of this pool, and the log does not know it`);
  checkTwins(finder, superblock, problems);
  checkDefaults(primary, fsUuid, problems);
  return members;
}

/** The same for a mounted pool, whose daxdevs are the kernel's and are not looked at. */
export function checkMountedPool(finder: Finder, mounted: Mounted, superblock: Superblock, replay: Replay): Members {
  const { fsUuid, deviceSize } = superblock;
  const { daxdevs, problems } = replay;
  const { superblock: primary } = mounted;
  checkFormat(superblock, daxdevs, problems);
  checkDefaults(primary, fsUuid, problems);
  return new MountedMembers(finder, { primary, fsUuid, primarySize: deviceSize, daxdevs }, mounted);
}

function checkDefaults(primary: MappedDevice, fsUuid: string, problems: ProblemTally): void {
  const fault = poolDefaultsFault(primary, fsUuid);
  const place = { daxdev: 0, deviceOffset: POOL_DEFAULTS_OFFSET, length: poolDefaultsStruct.size };
  if (fault !== undefined) problems.add('POOL_DEFAULTS', place, fault);
}

function checkFormat(
  { formatMajor, formatMinor }: Superblock,
  daxdevs: Replay['daxdevs'],
  problems: ProblemTally,
): void {
  const added = daxdevs[1];
  if (added === undefined || formatMajor !== FORMAT_MAJOR || formatMinor >= FORMAT_MINOR_POOLS) return;
  const text = `format ${formatMajor}.${formatMinor} has no ADD_DAXDEV, which is log entry ${added.slot}`;
  problems.add('DAXDEV_FORMAT', { slot: added.slot }, text);
}

function checkMember(member: Member, primary: Superblock, problems: ProblemTally): void {
  const { index, uuid, state, found, size } = member;
  const report = (code: ProblemCode, text: string) =>
    problems.add(code, { daxdev: index }, `daxdev ${index} (uuid ${uuid}) ${text}`);
  if (state === 'missing') report('MEMBER_MISSING', explain(member));
  else if (state === 'foreign') report('MEMBER_FOREIGN', explain(member));
  else if (state === 'ambiguous') report('MEMBER_TWIN', explain(member));
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) return;
  if (only.size !== size) report('MEMBER_SIZE', `has ${only.size} bytes, the log says ${size}`);
  for (const fault of superblockFaults(only, index, primary)) report('MEMBER_SUPERBLOCK', `(${only.path}): ${fault}`);
}

/** What is wrong with the superblock of a secondary, by the rules for every superblock and against the primary's. */
function superblockFaults({ reading, size }: ProbedDaxdev, index: number, primary: Superblock): string[] {
  const tally = new ProblemTally(MOST_FAULTS);
  checkSuperblock(reading, size, index, tally);
  const faults = tally.kept.map(({ message }) => message);
  const systemUuid = reading.superblock?.systemUuid;
  if (systemUuid !== primary.systemUuid)
    faults.push(`system uuid ${systemUuid}, allowed is ${primary.systemUuid}, that of the primary`);
  return faults;
}

/** A secondary with the device uuid of the primary is no member that the log can mean. */
function checkTwins(finder: Finder, { fsUuid, deviceUuid }: Superblock, problems: ProblemTally): void {
  for (const found of finder.all()) {
    const secondary = secondaryOn(found);
    if (secondary?.fsUuid !== fsUuid || secondary.deviceUuid !== deviceUuid) continue;
    problems.add('MEMBER_TWIN', { daxdev: 0 }, `${found.path} is a secondary with the uuid of the primary`);
  }
}

/** Whoever names a device to fsck says that it belongs to the pool. */
function checkNamed(
  finder: Finder,
  primary: MappedDevice,
  { fsUuid }: Superblock,
  members: readonly Member[],
  problems: ProblemTally,
): void {
  const found = members.flatMap((member) => member.found.map(({ identity }) => identity));
  // the primary may have lost its superblock: that is said where superblocks are judged
  const known = new Set([primary.identity, ...found]);
  for (const found of finder.named()) {
    const theirs = famfsOn(found)?.fsUuid;
    if (theirs === fsUuid || known.has(found.identity)) continue;
    const what = theirs === undefined ? 'holds no famfs' : `belongs to the file system ${theirs}`;
    problems.add('MEMBER_FOREIGN', {}, `${found.path} was named, but ${what}`);
  }
}
