/** What a metadata image has: the daxdevs of a file system, and the ranges of each that hold metadata. */

import { LOG_ENTRY_SIZE } from '../../format/logEntry.js';
import { logHeaderStruct, MIN_LOG_LENGTH } from '../../format/logHeader.js';
import { JOURNAL_HEAD, rewriteJournalStruct } from '../../format/rewriteJournal.js';
import { viewOf } from '../../format/struct.js';
import { DEFAULT_ALLOCATION_UNIT, SUPERBLOCK_REGION } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import { findLog } from '../fsck/checks/logStage.js';
import type { Host } from '../host/host.js';
import { openDevice } from '../host/openDevice.js';
import { partsOf, readExtents } from '../log/journal.js';
import { Log, slotsInUse } from '../log/log.js';
import { logLengthAt } from '../log/logOfHeader.js';
import { isRewriting } from '../log/rewriting.js';
import { readShared } from '../media/sharedMemory.js';
import { isSecondary, readSuperblock } from '../media/superblockReader.js';
import { Finder, famfsOn, hasLog, type ProbedDaxdev, secondaryOn } from '../pool/finder.js';
import { locate, withOrigin } from '../pool/locate.js';
import { closeMounted, type MountedPool, mountPointOf, openMounted } from '../pool/mounted.js';
import { findPrimary } from '../pool/primary.js';
import { REGION_RECORDS, type RegionRecord } from './regionRecords.js';

/** What a range of metadata holds; `slots` and `journal entries` are entries, back to back. */
export type RangeKind = RegionRecord['kind'] | 'header' | 'slots' | 'journal' | 'journal entries';

/** A range of a daxdev, read from a device at another offset where that shows only a part of it. Bytes. */
export interface MetadataRange {
  readonly kind: RangeKind;
  readonly device: MappedDevice;
  readonly offset: number;
  /** from the start of the daxdev */
  readonly deviceOffset: number;
  readonly length: number;
  /** slots that the log counts, of `slots` and `journal entries`; others may hold anything */
  readonly counted?: number;
  /** the first slot, of `journal entries` */
  readonly firstSlot?: number;
}

/** A daxdev to save. */
export interface SourceDaxdev {
  readonly path: string;
  /** of the device, as MappedDevice has it */
  readonly identity: string;
  /** bytes */
  readonly size: number;
  readonly ranges: readonly MetadataRange[];
}

/**
 * Finds what to save of the named daxdevs or mount point, or else of those of the configuration or this host, and passes it to `work`,
 * the primary first. Nothing is refused because it is damaged. Throws NO_FAMFS where nothing on a named device can be recognised, and
 * what locate and openDevice throw.
 */
export function withSources<T>(host: Host, named: readonly string[], work: (daxdevs: readonly SourceDaxdev[]) => T): T {
  const { paths, origin } = locate(host, named);
  const mountPoint = withOrigin(origin, () => mountPointOf(host, paths));
  if (mountPoint !== undefined)
    return withMounted(
      host,
      withOrigin(origin, () => openMounted(host, mountPoint, false)),
      work,
    );
  const devices: MappedDevice[] = [];
  try {
    // an error of `work` need not be about a daxdev
    withOrigin(origin, () => {
      for (const path of daxdevPaths(host, paths)) devices.push(openDevice(host, path, false));
    });
    return work(devices.map(sourceOf));
  } finally {
    for (const device of devices) device.close();
  }
}

/** The kernel owns the daxdevs of a mounted pool, so only the primary is saved, from the files in which the mount shows it. */
function withMounted<T>(host: Host, mount: MountedPool, work: (daxdevs: readonly SourceDaxdev[]) => T): T {
  try {
    const { mountPoint, superblock, log } = mount;
    const size = readSuperblock(superblock).superblock?.deviceSize ?? 0;
    const least = SUPERBLOCK_REGION + log.size;
    host.warn('MOUNTED', `${mountPoint} shows only its primary: other daxdevs of its pool are not saved`);
    const ranges = [...recordRanges(superblock), ...logRanges(superblock, log, 0)];
    const known = Number.isSafeInteger(size) ? Math.max(size, least) : least;
    return work([{ path: mountPoint, identity: log.identity, size: known, ranges }]);
  } finally {
    closeMounted(mount);
  }
}

/** The primary, the named devices, and every device that says that it belongs to the same file system. */
function daxdevPaths(host: Host, paths: readonly string[]): string[] {
  const finder = new Finder(host, paths);
  const named = finder.named();
  const primary = primaryOf(finder);
  if (primary === undefined && !named.some(isRecognisable))
    throw new FamfsError('NO_FAMFS', `no famfs on ${paths.join(', ')}: neither a superblock nor a log`, {
      hint: 'name the device or image that has one',
    });
  const uuids = new Set((primary === undefined ? named : [primary]).map((daxdev) => famfsOn(daxdev)?.fsUuid));
  uuids.delete(undefined);
  // copies of the primary do not belong to it, but one with a log tells of a primary that has none
  const isLogless = primary !== undefined && !hasLog(host, primary);
  const members = finder
    .all()
    .filter((daxdev) => uuids.has(famfsOn(daxdev)?.fsUuid))
    .filter((daxdev) => secondaryOn(daxdev) !== undefined || (isLogless && hasLog(host, daxdev)));
  const all = [...(primary === undefined ? [] : [primary]), ...named, ...members];
  const seen = new Set<string>();
  return all.filter(({ identity }) => !seen.has(identity) && seen.add(identity)).map(({ path }) => path);
}

function primaryOf(finder: Finder): ProbedDaxdev | undefined {
  try {
    return findPrimary(finder, true);
  } catch (error) {
    if (error instanceof FamfsError) return undefined;
    throw error;
  }
}

function isRecognisable(daxdev: ProbedDaxdev): boolean {
  return famfsOn(daxdev) !== undefined || daxdev.reading.lacksMagic || daxdev.hasLostLog;
}

function sourceOf(device: MappedDevice): SourceDaxdev {
  const { path, size, identity } = device;
  const { superblock, state } = readSuperblock(device);
  const hasLog = superblock === undefined || state === 'none' ? hasHeader(device) : !isSecondary(superblock);
  const ranges = [...recordRanges(device), ...(hasLog ? logRanges(device, device, SUPERBLOCK_REGION) : [])];
  return { path, identity, size, ranges };
}

/** Without a superblock, only the header tells a log from the data of a secondary. */
function hasHeader(device: MappedDevice): boolean {
  return logLengthAt(device, SUPERBLOCK_REGION) !== undefined;
}

function recordRanges(device: MappedDevice): MetadataRange[] {
  const inside = REGION_RECORDS.filter(({ offset, length }) => offset + length <= device.size);
  return inside.map(({ kind, offset, length }) => ({ kind, device, offset, deviceOffset: offset, length }));
}

/**
 * The log, as long as it seems to be, and the journal of a rewrite that was stopped.
 * @param primary has the superblock; @param device has the log, at `offset`
 */
function logRanges(primary: MappedDevice, device: MappedDevice, offset: number): MetadataRange[] {
  const { superblock, state } = readSuperblock(primary);
  const place = { device, offset };
  const log = (superblock && findLog(place, superblock, state === 'valid')) ?? shortestLog(device, offset);
  if (log === undefined) return [];
  const { deviceOffset } = log;
  const reading = log.readHeader();
  const counted = Math.min(slotsInUse(log, reading), log.capacity);
  return [
    { kind: 'header', device, offset, deviceOffset, length: logHeaderStruct.size },
    {
      kind: 'slots',
      device,
      offset: log.offsetOf(0),
      deviceOffset: deviceOffset + logHeaderStruct.size,
      length: log.capacity * LOG_ENTRY_SIZE,
      counted,
    },
    ...(isRewriting(reading) ? journalRanges(log, reading.header.length) : []),
  ];
}

/** Where nothing says how long a log is, it has at least the shortest length. */
function shortestLog(device: MappedDevice, offset: number): Log | undefined {
  if (device.size < offset + MIN_LOG_LENGTH) return undefined;
  return new Log(device, offset, MIN_LOG_LENGTH, DEFAULT_ALLOCATION_UNIT, SUPERBLOCK_REGION);
}

/** @param at offset of the journal, as the header says */
function journalRanges(log: Log, at: number): MetadataRange[] {
  const { device, offset, deviceOffset, length, capacity, unit } = log;
  // a mount shows the log alone; and an offset that no journal can have was not a journal's
  if (offset !== deviceOffset || at % unit !== 0 || at < deviceOffset + length) return [];
  if (!Number.isSafeInteger(at) || at + JOURNAL_HEAD > device.size) return [];
  const image = readShared(device, at, rewriteJournalStruct.size);
  const record = rewriteJournalStruct.read(viewOf(image), 0);
  const first = at + JOURNAL_HEAD;
  const room = Math.floor((device.size - first) / LOG_ENTRY_SIZE);
  const known = partsOf(log, device, at, readExtents(device, at, record), Math.min(record.entries, capacity));
  // without a table, what is most likely
  const runs = known?.map(({ from, to, log: inside }) => ({ from, to, start: inside.offsetOf(from) }));
  const parts = runs ?? [{ from: 0, to: Math.min(record.entries, capacity, room), start: first }];
  const entries = parts.map(({ from, to, start }): MetadataRange => {
    const range = { device, offset: start, deviceOffset: start, length: (to - from) * LOG_ENTRY_SIZE };
    return { kind: 'journal entries', ...range, firstSlot: from, counted: to };
  });
  const beginning = { device, offset: at, deviceOffset: at, length: JOURNAL_HEAD };
  return [{ kind: 'journal', ...beginning } as const, ...entries].toSorted((a, b) => a.deviceOffset - b.deviceOffset);
}
