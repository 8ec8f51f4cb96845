/** Records as they lie on media, sound or not: their bytes, their fields, their checksum, and what is wrong with them. */

import { EntryCursor, snapshotOf } from '../../format/entries/cursor.js';
import { rawEntry } from '../../format/entries/rawEntry.js';
import { readEntry } from '../../format/entries/reader.js';
import { LOG_ENTRY_SIZE, logEntryStruct } from '../../format/logEntry.js';
import { lastIndexOf, logHeaderStruct, slotOffset } from '../../format/logHeader.js';
import { LOG_HISTORY_OFFSET, logHistoryStruct } from '../../format/logHistory.js';
import { POOL_DEFAULTS_OFFSET, poolDefaultsStruct } from '../../format/poolDefaults.js';
import { POOL_LABEL_OFFSET, poolLabelStruct } from '../../format/poolLabel.js';
import { type AnyStruct, numberOf, type RawField, rawFields } from '../../format/rawFields.js';
import {
  ALLOCATION_UNITS,
  DEFAULT_ALLOCATION_UNIT,
  SUPERBLOCK_REGION,
  superblockStruct,
} from '../../format/superblock.js';
import { crc32, type MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { Finding } from '../finding/finding.js';
import { FindingTally } from '../finding/tally.js';
import { findLog } from '../fsck/checks/logStage.js';
import { checkHeader, Log } from '../log/log.js';
import { logHistoryFault } from '../media/logHistory.js';
import { poolDefaultsFault } from '../media/poolDefaults.js';
import { poolLabelFault } from '../media/poolLabel.js';
import { readShared } from '../media/sharedMemory.js';
import { checkSuperblock, isSecondary, readSuperblock } from '../media/superblockReader.js';
import type { PrimaryDevices } from './places.js';

/** more findings of one code than a record can have */
const MOST_FINDINGS = 1000;

export interface InspectedRecord {
  /** of the device or image, or of the file of a mount that shows a part of it */
  readonly path: string;
  /** name of its struct */
  readonly record: string;
  /** bytes from the start of the daxdev */
  readonly deviceOffset: number;
  readonly bytes: Buffer;
  readonly fields: readonly RawField[];
  /** of the bytes before its field `crc` */
  readonly checksum: { readonly stored: bigint; readonly computed: number };
  /** what its values have that the format does not allow */
  readonly findings: readonly Finding[];
}

/**
 * The superblock of a daxdev. Throws BAD_RANGE for a device without room for one.
 * @param deviceSize bytes of the daxdev; undefined if it is not known
 */
export function inspectSuperblock(device: MappedDevice, deviceSize: number | undefined): InspectedRecord {
  const tally = new FindingTally(MOST_FINDINGS);
  const record = recordOf(device, 0, 0, superblockStruct);
  const reading = readSuperblock(device);
  const isPrimary = reading.superblock === undefined || !isSecondary(reading.superblock);
  checkSuperblock(reading, deviceSize, isPrimary ? 0 : 1, tally);
  return { ...record, findings: tally.kept.map((finding) => ({ ...finding, place: {} })) };
}

/** The record of the default interleave, which a primary need not have. Throws BAD_RANGE for a device without room for one. */
export function inspectDefaults({ superblock: device }: PrimaryDevices): InspectedRecord {
  return withFault(device, POOL_DEFAULTS_OFFSET, poolDefaultsStruct, 'POOL_DEFAULTS', poolDefaultsFault);
}

/** The record of the label, likewise. */
export function inspectLabel({ superblock: device }: PrimaryDevices): InspectedRecord {
  return withFault(device, POOL_LABEL_OFFSET, poolLabelStruct, 'POOL_LABEL', (primary, { fsUuid }) =>
    poolLabelFault(primary, fsUuid),
  );
}

/** The record of the log's history, likewise. */
export function inspectHistory({ superblock: device }: PrimaryDevices): InspectedRecord {
  return withFault(device, LOG_HISTORY_OFFSET, logHistoryStruct, 'LOG_HISTORY', (at, { fsUuid }) =>
    logHistoryFault(at, fsUuid),
  );
}

/** The header of the log. Throws BAD_RANGE for a device without room for one. */
export function inspectHeader(devices: PrimaryDevices): InspectedRecord {
  const { log: device, logOffset } = devices;
  const record = recordOf(device, logOffset, SUPERBLOCK_REGION, logHeaderStruct);
  const { log, isKnown } = logOn(devices);
  const tally = new FindingTally(MOST_FINDINGS);
  // without a length, nothing says what the others must be
  if (isKnown) checkHeader(log, log.readHeader(), tally);
  return { ...record, findings: tally.kept };
}

/**
 * A slot of the log, used or not. Throws BAD_RANGE for one that the log does not have: as long as superblock or header say, or where
 * neither can be believed, as long as the device allows.
 */
export function inspectSlot(devices: PrimaryDevices, slot: number): InspectedRecord {
  const { log, isKnown } = logOn(devices);
  if (slot >= log.capacity)
    throw new FamfsError('BAD_RANGE', `the log on ${log.device.path} has no slot ${slot}`, {
      hint: `give 0 to ${log.capacity - 1}${isKnown ? '' : ', the most that the device has room for'}`,
      details: { slot, slots: log.capacity },
    });
  const { path } = log.device;
  const deviceOffset = log.deviceOffset + slotOffset(slot);
  const bytes = readShared(log.device, log.offsetOf(slot), LOG_ENTRY_SIZE);
  const checksum = checksumOf(bytes, logEntryStruct);
  const tally = new FindingTally(MOST_FINDINGS);
  for (const { code, ...values } of decoded(bytes, slot, checksum.computed, log.unit).faults)
    tally.add(code, { slot }, values);
  const { name: record } = logEntryStruct;
  return { path, record, deviceOffset, bytes, fields: rawEntry(bytes), checksum, findings: tally.kept };
}

function decoded(bytes: Buffer, slot: number, crc: number, unit: number): EntryCursor {
  const cursor = new EntryCursor();
  const used = bytes.subarray(0, logEntryStruct.offsets.crc).findLastIndex((byte) => byte !== 0) + 1;
  readEntry(cursor, snapshotOf(bytes), 0, slot, crc, used, unit);
  return cursor;
}

/** The log as far as anything says where it ends; `isKnown` is false where only the device does. */
function logOn({ superblock: device, log: inside, logOffset }: PrimaryDevices): { log: Log; isKnown: boolean } {
  const { superblock, state } = readSuperblock(device);
  const place = { device: inside, offset: logOffset };
  const found = superblock && findLog(place, superblock, state === 'valid');
  if (found !== undefined) return { log: found, isKnown: true };
  const length = Math.max(inside.size - logOffset, 0);
  if (lastIndexOf(length) < 0) throw tooShort(inside, SUPERBLOCK_REGION + logHeaderStruct.size + LOG_ENTRY_SIZE);
  return { log: new Log(inside, logOffset, length, DEFAULT_ALLOCATION_UNIT, SUPERBLOCK_REGION), isKnown: false };
}

function withFault(
  device: MappedDevice,
  offset: number,
  struct: AnyStruct,
  code: 'POOL_DEFAULTS' | 'LOG_HISTORY' | 'POOL_LABEL',
  faultOf: typeof poolDefaultsFault,
): InspectedRecord {
  const record = recordOf(device, offset, offset, struct);
  const tally = new FindingTally(MOST_FINDINGS);
  const { fsUuid = '', allocationUnit: unit = 0 } = readSuperblock(device).superblock ?? {};
  const allocationUnit = ALLOCATION_UNITS.includes(unit) ? unit : DEFAULT_ALLOCATION_UNIT;
  const fault = faultOf(device, { fsUuid, allocationUnit });
  if (fault !== undefined) tally.add(code, {}, fault);
  return { ...record, findings: tally.kept };
}

/** @param offset bytes from the start of `device`; @param deviceOffset bytes from the start of the daxdev */
function recordOf(
  device: MappedDevice,
  offset: number,
  deviceOffset: number,
  struct: AnyStruct,
): Omit<InspectedRecord, 'findings'> {
  if (device.size < offset + struct.size) throw tooShort(device, deviceOffset + struct.size);
  const bytes = readShared(device, offset, struct.size);
  const { path } = device;
  const fields = rawFields(struct, bytes);
  return { path, record: struct.name, deviceOffset, bytes, fields, checksum: checksumOf(bytes, struct) };
}

function checksumOf(bytes: Buffer, { offsets, fields }: AnyStruct): InspectedRecord['checksum'] {
  const at = offsets.crc as number;
  const size = fields.crc?.size as number;
  return { stored: numberOf(bytes.subarray(at, at + size)), computed: crc32(bytes.subarray(0, at)) };
}

function tooShort({ path, size }: MappedDevice, needed: number): FamfsError {
  return new FamfsError(
    'BAD_RANGE',
    `${path} has ${size} bytes, and no room for this record, which ends at ${needed}`,
    {
      hint: 'name a daxdev of the file system',
      details: { size, needed },
    },
  );
}
