/** fsck without repair: looks at everything once and collects what is wrong. */

import type { KernelFormName } from '../../../format/kernel/forms.js';
import { ALLOCATION_UNIT, SUPERBLOCK_REGION, type Superblock } from '../../../format/superblock.js';
import type { MappedDevice } from '../../../native/device.js';
import { type MemberSpace, memberSpaces } from '../../allocate/memberSpace.js';
import { FamfsError } from '../../errors.js';
import type { Finding } from '../../finding/finding.js';
import type { FindingCode } from '../../finding/values.js';
import type { Log } from '../../log/log.js';
import { Replay } from '../../log/replay.js';
import { rewritingOf } from '../../log/rewriting.js';
import { checkSuperblock, readSuperblock, type SuperblockReading } from '../../media/superblockReader.js';
import type { Finder } from '../../pool/finder.js';
import type { Mounted } from '../../pool/mounted.js';
import { type Role, roleOf } from '../../pool/role.js';
import { primaryFacts } from '../../pool/volume.js';
import { countOf } from '../catalogue/catalogue.js';
import type { Inspection, RewritingLog } from './inspection.js';
import { checkKernels } from './kernelStage.js';
import { checkLog, checkRewriting, findLog, type LogPlace } from './logStage.js';
import { checkMountedPool, checkPool, findOriginal } from './poolStage.js';
import { isRecognisable } from './proof.js';
import { checkOverlaps } from './spaceStage.js';

export interface CheckReport {
  readonly device: string;
  /** bytes */
  readonly deviceSize: number;
  /** where it is mounted, if it was looked at there */
  readonly mountPoint: string | undefined;
  readonly role: Role;
  readonly superblock: Superblock;
  /** the first of each code, up to a limit */
  readonly findings: readonly Finding[];
  /** how often each code was found */
  readonly counts: ReadonlyMap<FindingCode, number>;
  readonly errors: number;
  readonly warnings: number;
  /** undefined when no log was found */
  readonly log: CheckedLog | undefined;
  /** the daxdevs of the pool on this host, and how much of them files use */
  readonly daxdevs: readonly MemberSpace[];
}

export interface CheckedLog {
  readonly capacity: number;
  readonly entries: number;
  readonly skipped: number;
  readonly files: number;
  readonly directories: number;
  /** sum of the sizes of the files, bytes */
  readonly fileBytes: number;
  /** sum of the extents of the files, bytes */
  readonly allocatedBytes: number;
}

export interface InspectOptions {
  /** how many findings of each code are listed */
  readonly keep: number;
  /** the caller holds the exclusive lock, so that no writer is waited for */
  readonly alone: boolean;
  /** the journal of a rewrite in a file of this host, where one was given */
  readonly journal?: MappedDevice | undefined;
  /** forms of maps; what kernels that use them object to is reported */
  readonly kernels: readonly KernelFormName[];
  /** called before each stage; those that there is nothing to do in are left out */
  readonly begin?: ((stage: Stage) => void) | undefined;
}

/** The stages of a check, in their order. */
export const STAGES = ['superblock', 'log', 'space', 'daxdevs', 'kernels'] as const;
export type Stage = (typeof STAGES)[number];

/**
 * Looks at the file system on an opened primary, once.
 * @param finder what was named, and where the other members of its pool are looked for
 * Throws NO_FAMFS when the magic is not there, and no log either.
 */
export function inspect(finder: Finder, primary: MappedDevice, options: InspectOptions): Inspection {
  const { size: deviceSize } = primary;
  const place = { device: primary, offset: SUPERBLOCK_REGION };
  const read = inspectPrimary({ finder, primary, place, deviceSize }, options);
  const { superblock, replay, inspectedLog } = read;
  options.begin?.('daxdevs');
  const members = checkPool(finder, primary, superblock, replay, !isUnknown(read.rewriting));
  if (inspectedLog !== undefined && options.kernels.length > 0) {
    options.begin?.('kernels');
    checkKernels(inspectedLog.log, replay, members, options.kernels);
  }
  const isUnrecognisable = inspectedLog !== undefined && !isRecognisable(inspectedLog);
  const original = isUnrecognisable ? findOriginal(finder, primary, superblock, replay.findings) : undefined;
  return { finder, primary, deviceSize, members, original, ...read };
}

/**
 * Looks at a mounted file system through its meta files, once; `finder` names nothing. Throws NO_FAMFS as inspect does.
 * @param deviceSize bytes of the primary; undefined where the kernel keeps it to itself
 */
export function inspectMounted(
  finder: Finder,
  mounted: Mounted,
  deviceSize: number | undefined,
  options: InspectOptions,
): Inspection {
  const { superblock: primary, mountPoint } = mounted;
  const place = { device: mounted.log, offset: 0 };
  const read = inspectPrimary({ finder, primary, place, deviceSize }, options);
  options.begin?.('daxdevs');
  const members = checkMountedPool(finder, mounted, read.superblock, read.replay);
  const log = read.inspectedLog?.log;
  if (log !== undefined && options.kernels.length > 0) {
    options.begin?.('kernels');
    checkKernels(log, read.replay, members, options.kernels);
  }
  return { finder, primary, deviceSize, mountPoint, members, original: undefined, ...read };
}

interface PrimaryPlace {
  readonly finder: Finder;
  /** has the superblock */
  readonly primary: MappedDevice;
  readonly place: LogPlace;
  readonly deviceSize: number | undefined;
}

/** Inspects all but the other daxdevs of the pool. */
function inspectPrimary({ finder, primary, place, deviceSize }: PrimaryPlace, options: InspectOptions) {
  const { keep, alone, journal, begin } = options;
  begin?.('superblock');
  const reading = readSuperblock(primary);
  const { superblock } = reading;
  const log =
    superblock && mayHaveLog(reading, superblock) ? findLog(place, superblock, reading.state === 'valid') : undefined;
  if (superblock === undefined || (reading.state === 'none' && log === undefined))
    throw new FamfsError('NO_FAMFS', `no famfs on ${primary.path}`, { hint: 'name the device or image that has one' });
  const known = primaryFacts(deviceSize ?? Number.MAX_SAFE_INTEGER, superblock);
  // a damaged superblock may say anything, so the log that was found decides
  const reserved = log === undefined ? known.reserved : log.deviceOffset + log.length;
  const unit = log?.unit ?? ALLOCATION_UNIT;
  const facts = { ...known, reserved, unit };
  const replay = new Replay(facts, keep);
  checkSuperblock(reading, deviceSize, 0, replay.findings);
  const role = roleOf(finder.host, superblock.systemUuid);
  const writers = alone ? 'none' : role === 'Master' ? 'this host' : 'another host';
  if (log !== undefined) begin?.('log');
  const found = log && rewritingOf(log, superblock.fsUuid, journal);
  if (log !== undefined && found !== undefined) {
    checkRewriting(log, found, replay);
    return { reading, superblock, facts, replay, inspectedLog: undefined, rewriting: { log, found } };
  }
  const inspectedLog = log && checkLog(log, replay, writers);
  if (log !== undefined) begin?.('space');
  if (log !== undefined) for (const daxdev of replay.daxdevs) checkOverlaps(log, daxdev, replay.findings);
  return { reading, superblock, facts, replay, inspectedLog, rewriting: undefined };
}

/** Whether nothing says what a log that is being rewritten will hold. */
function isUnknown(rewriting: RewritingLog | undefined): boolean {
  return rewriting !== undefined && (rewriting.found.state === 'lost' || rewriting.found.state === 'in file');
}

/** What an inspection found, for reports. */
export function reportOf(inspection: Inspection): CheckReport {
  const { finder, primary, superblock, replay, members, inspectedLog, mountPoint } = inspection;
  const { findings } = replay;
  return {
    device: mountPoint ?? primary.path,
    deviceSize: inspection.deviceSize ?? superblock.deviceSize,
    mountPoint,
    role: roleOf(finder.host, superblock.systemUuid),
    superblock,
    findings: findings.kept,
    counts: findings.counts,
    errors: countOf('error', findings),
    warnings: countOf('warning', findings),
    log: inspectedLog && summarize(inspectedLog.log, replay),
    daxdevs: memberSpaces({ members, replay }),
  };
}

/** An intact superblock of another version may have a log of another format; a damaged one proves nothing. */
function mayHaveLog({ state, crcFound }: SuperblockReading, superblock: Superblock): boolean {
  return state !== 'other-version' || superblock.crc !== crcFound;
}

function summarize(log: Log, replay: Replay): CheckedLog {
  const { namespace, daxdevs } = replay;
  return {
    capacity: log.capacity,
    entries: replay.next,
    skipped: replay.skipped,
    files: namespace.fileCount,
    directories: namespace.directoryCount,
    fileBytes: namespace.fileBytes,
    allocatedBytes: daxdevs.reduce((sum, daxdev) => sum + daxdev.ledger.claimedByFiles, 0),
  };
}
