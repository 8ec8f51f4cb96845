/** fsck without repair: examines everything once and collects the findings. */

import type { KernelFormName } from '../../../format/kernel/forms.js';
import { DEFAULT_ALLOCATION_UNIT, SUPERBLOCK_REGION, type Superblock } from '../../../format/superblock.js';
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
import { rewriting } from '../../pool/historyWatch.js';
import type { Members } from '../../pool/members.js';
import type { MountedPool } from '../../pool/mounted.js';
import { type Role, roleOf } from '../../pool/role.js';
import { primaryFacts } from '../../pool/volume.js';
import { countOf } from '../catalogue/catalogue.js';
import type { Inspection, RewritingLog } from './inspection.js';
import { checkKernels } from './kernelStage.js';
import { checkLog, checkLogAt, checkRewriting, findLog, type LogPlace } from './logStage.js';
import { checkMountedPool, checkPool, findOriginal } from './poolStage.js';
import { isRecognisable } from './proof.js';
import { checkReference } from './referenceStage.js';
import { checkOverlaps } from './spaceStage.js';

export interface CheckReport {
  readonly device: string;
  /** bytes */
  readonly deviceSize: number;
  /** its mount point, if it was examined through that */
  readonly mountPoint: string | undefined;
  readonly role: Role;
  readonly superblock: Superblock;
  /** the first of each code, up to a limit */
  readonly findings: readonly Finding[];
  /** number of findings by code */
  readonly counts: ReadonlyMap<FindingCode, number>;
  readonly errors: number;
  readonly warnings: number;
  /** undefined if no log was found */
  readonly log: CheckedLog | undefined;
  /** the daxdevs of the pool on this host, with the space that files use on each */
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
  /** findings of each code to list */
  readonly keep: number;
  /** the caller holds the exclusive lock, so there is no writer to wait for */
  readonly alone: boolean;
  /**
   * check only the log as it was after so many entries, with its names, space and maps: superblock, header and the other daxdevs
   * have no earlier states
   */
  readonly at?: number | undefined;
  /** the journal of a rewrite in a file of this host, where one was given */
  readonly journal?: MappedDevice | undefined;
  /** forms of maps; findings report the maps that kernels with these forms object to */
  readonly kernels: readonly KernelFormName[];
  /** report also what exceeds the limits of the reference tools */
  readonly reference: boolean;
  /** called before each stage, except those with nothing to do */
  readonly begin?: ((stage: Stage) => void) | undefined;
}

/** The stages of a check, in their order. */
export const STAGES = ['superblock', 'log', 'space', 'daxdevs', 'kernels', 'reference'] as const;
export type Stage = (typeof STAGES)[number];

/**
 * Examines the file system on an opened primary, once. Throws NO_FAMFS if there is neither a magic nor a log.
 * @param finder knows the named daxdevs, and searches for the other members of the pool
 */
export function inspect(finder: Finder, primary: MappedDevice, options: InspectOptions): Inspection {
  const { size: deviceSize } = primary;
  const place = { device: primary, offset: SUPERBLOCK_REGION };
  const read = inspectPrimary({ finder, primary, place, deviceSize }, options);
  const { superblock, replay, inspectedLog } = read;
  options.begin?.('daxdevs');
  const isKnown = !isUnknown(read.rewriting);
  const members = checkPool(finder, primary, superblock, replay, isKnown && options.at === undefined);
  inspectKernels(read, members, options);
  inspectForReference(read, deviceSize, options);
  const isUnrecognisable = inspectedLog !== undefined && options.at === undefined && !isRecognisable(inspectedLog);
  const original = isUnrecognisable ? findOriginal(finder, primary, superblock, replay.findings) : undefined;
  return { finder, primary, deviceSize, members, original, ...read };
}

/**
 * Examines a mounted file system through its meta files, once; `finder` has no named daxdevs. Throws NO_FAMFS as inspect does.
 * @param deviceSize bytes of the primary; undefined if the kernel does not allow it to be measured
 */
export function inspectMounted(
  finder: Finder,
  mounted: MountedPool,
  deviceSize: number | undefined,
  options: InspectOptions,
): Inspection {
  const { superblock: primary, mountPoint } = mounted;
  const place = { device: mounted.log, offset: 0 };
  const read = inspectPrimary({ finder, primary, place, deviceSize }, options);
  options.begin?.('daxdevs');
  const members = checkMountedPool(finder, mounted, read.superblock, read.replay, options.at === undefined);
  inspectKernels(read, members, options);
  inspectForReference(read, deviceSize, options);
  return { finder, primary, deviceSize, mountPoint, members, original: undefined, ...read };
}

interface PrimaryPlace {
  readonly finder: Finder;
  /** has the superblock */
  readonly primary: MappedDevice;
  readonly place: LogPlace;
  readonly deviceSize: number | undefined;
}

/** Inspects everything but the other daxdevs of the pool. Throws NO_FAMFS; with `at`, also NO_SUCH_ENTRY and LOG_REWRITING. */
function inspectPrimary({ finder, primary, place, deviceSize }: PrimaryPlace, options: InspectOptions) {
  const { keep, alone, journal, begin, at } = options;
  begin?.('superblock');
  const reading = readSuperblock(primary);
  const { superblock } = reading;
  const log =
    superblock && mayHaveLog(reading, superblock) ? findLog(place, superblock, reading.state === 'valid') : undefined;
  if (superblock === undefined || (reading.state === 'none' && log === undefined))
    throw new FamfsError('NO_FAMFS', `no famfs on ${primary.path}`, { hint: 'name the device or image that has one' });
  const known = primaryFacts(deviceSize ?? Number.MAX_SAFE_INTEGER, superblock);
  // a damaged superblock proves nothing, so the log that was found decides
  const reserved = log === undefined ? known.reserved : log.deviceOffset + log.length;
  const unit = log?.unit ?? DEFAULT_ALLOCATION_UNIT;
  const facts = { ...known, reserved, unit };
  const replay = new Replay(facts, keep);
  if (at === undefined) checkSuperblock(reading, deviceSize, 0, replay.findings);
  const role = roleOf(finder.host, superblock.systemUuid);
  const writers = alone ? 'none' : role === 'Master' ? 'this host' : 'another host';
  if (log !== undefined) begin?.('log');
  const found = log && rewritingOf(log, superblock.fsUuid, journal);
  if (log !== undefined && found !== undefined) {
    if (at !== undefined) throw rewriting(primary.path);
    checkRewriting(log, found, replay);
    return { reading, superblock, facts, replay, inspectedLog: undefined, rewriting: { log, found } };
  }
  const inspectedLog = log && (at === undefined ? checkLog(log, replay, writers) : checkLogAt(log, replay, at));
  if (log !== undefined) begin?.('space');
  if (log !== undefined) for (const daxdev of replay.daxdevs) checkOverlaps(log, daxdev, replay.findings);
  return { reading, superblock, facts, replay, inspectedLog, rewriting: undefined };
}

function inspectKernels(
  { inspectedLog, replay }: Pick<Inspection, 'inspectedLog' | 'replay'>,
  members: Members,
  { kernels, begin }: InspectOptions,
): void {
  if (inspectedLog === undefined || kernels.length === 0) return;
  begin?.('kernels');
  checkKernels(inspectedLog.log, replay, members, kernels);
}

function inspectForReference(
  { inspectedLog, replay, superblock }: Pick<Inspection, 'inspectedLog' | 'replay' | 'superblock'>,
  deviceSize: number | undefined,
  { reference, begin }: InspectOptions,
): void {
  if (inspectedLog === undefined || !reference) return;
  begin?.('reference');
  checkReference(inspectedLog.log, replay, deviceSize ?? superblock.deviceSize);
}

/** Whether nothing tells the future contents of a log that is being rewritten. */
function isUnknown(rewriting: RewritingLog | undefined): boolean {
  return rewriting !== undefined && (rewriting.found.state === 'lost' || rewriting.found.state === 'in file');
}

/** The results of an inspection, for reports. */
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
