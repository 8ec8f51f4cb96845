/** Fields of a superblock that its CRC does not cover. Their right values follow from the device and the log. */

import { viewOf } from '../../../format/struct.js';
import { FLAG_PRIMARY, type Superblock, superblockStruct } from '../../../format/superblock.js';
import { NIL_UUID } from '../../../format/uuid.js';
import type { MappedDevice } from '../../../native/device.js';
import type { FindingTally } from '../../finding/tally.js';
import type { FindingCode } from '../../finding/values.js';
import type { Step, Write } from '../../media/sharedMemory.js';
import type { Inspection } from '../checks/inspection.js';
import { isRecognisable } from '../checks/proof.js';
import type { RepairOf, Safety } from './repair.js';

type Fields = Partial<Pick<Superblock, 'deviceSize' | 'flags' | 'padding' | 'deviceUuidCopy' | 'deviceName'>>;

export type UncoveredRepair = RepairOf<'DEVICE_SIZE'> | RepairOf<'FLAGS'> | RepairOf<'NAME'> | RepairOf<'RESERVED'>;

/** The faults that checkSuperblock reports in such fields. */
export const UNCOVERED_CODES: ReadonlySet<FindingCode> = new Set([
  'SB_DEVICE_SIZE',
  'SB_FLAGS',
  'SB_NAME',
  'SB_RESERVED',
]);

/** A daxdev with a superblock that is sound except for such fields. */
export interface UncoveredFields {
  readonly device: MappedDevice;
  /** whether it is a secondary, whose faults are all reported as MEMBER_SUPERBLOCK */
  readonly isSecondary: boolean;
  /** the faults that checkSuperblock found */
  readonly findings: FindingTally;
  /** the right flags */
  readonly flags: number;
  /** the repair of its size; undefined if the device may not have the right one */
  readonly size: Safety | undefined;
}

/** One repair for each wrong field of the primary, if the rest of its superblock is sound. */
export function repairUncovered({ reading, replay, primary, superblock, inspectedLog }: Inspection): UncoveredRepair[] {
  if (reading.state !== 'valid') return [];
  // a device that shrank below its files may be the wrong one
  const loses = superblock.deviceSize > primary.size && replay.findings.has('EXTENT_BOUNDS');
  const flags = replay.daxdevs.length > 1 ? FLAG_PRIMARY : 0;
  const size = loses ? 'ask' : 'preen';
  const repairs = correctUncovered({ device: primary, isSecondary: false, findings: replay.findings, flags, size });
  // without a log, it may be another device with a copy of this superblock
  const isPrimary = inspectedLog !== undefined && isRecognisable(inspectedLog);
  return isPrimary ? repairs : repairs.map((repair) => ({ ...repair, safety: 'ask' }));
}

/** One repair for each wrong field. */
export function correctUncovered(uncovered: UncoveredFields): UncoveredRepair[] {
  const { findings } = uncovered;
  const size = findings.has('SB_DEVICE_SIZE') ? correctSize(uncovered) : [];
  const flags = findings.has('SB_FLAGS') ? [correctFlags(uncovered)] : [];
  const name = findings.has('SB_NAME') ? [correctName(uncovered)] : [];
  const reserved = findings.has('SB_RESERVED') ? [clearReserved(uncovered)] : [];
  return [...size, ...flags, ...name, ...reserved];
}

function correctSize({ device, isSecondary, size: safety }: UncoveredFields): RepairOf<'DEVICE_SIZE'>[] {
  if (safety === undefined) return [];
  const values = { device: device.path, size: device.size, filesBeyond: safety === 'ask' };
  const steps = stepsFor(device, { deviceSize: device.size });
  return [{ id: 'DEVICE_SIZE', safety, fixes: [isSecondary ? 'MEMBER_SUPERBLOCK' : 'SB_DEVICE_SIZE'], values, steps }];
}

function correctFlags({ device, isSecondary, flags }: UncoveredFields): RepairOf<'FLAGS'> {
  const values = { device: device.path, flags };
  const fixes = [isSecondary ? 'MEMBER_SUPERBLOCK' : 'SB_FLAGS'] as const;
  return { id: 'FLAGS', safety: 'preen', fixes, values, steps: stepsFor(device, { flags }) };
}

function correctName({ device, isSecondary }: UncoveredFields): RepairOf<'NAME'> {
  const deviceName = Buffer.from(device.path, 'utf8').subarray(0, superblockStruct.fields.deviceName.size - 1);
  const fixes = [isSecondary ? 'MEMBER_SUPERBLOCK' : 'SB_NAME'] as const;
  const values = { device: device.path };
  return { id: 'NAME', safety: 'preen', fixes, values, steps: stepsFor(device, { deviceName }) };
}

function clearReserved({ device, isSecondary }: UncoveredFields): RepairOf<'RESERVED'> {
  const fixes = [isSecondary ? 'MEMBER_SUPERBLOCK' : 'SB_RESERVED'] as const;
  const values = { device: device.path };
  const steps = stepsFor(device, { padding: 0, deviceUuidCopy: NIL_UUID });
  return { id: 'RESERVED', safety: 'ask', fixes, values, steps };
}

function stepsFor(device: MappedDevice, fields: Fields): readonly Step[] {
  return [Object.entries(fields).map(([name, value]) => writeOf(device, name as keyof Fields, value))];
}

function writeOf(device: MappedDevice, name: keyof Fields, value: Fields[keyof Fields]): Write {
  const image = Buffer.alloc(superblockStruct.size);
  superblockStruct.write(viewOf(image), 0, { [name]: value });
  const offset = superblockStruct.offsets[name];
  const bytes = image.subarray(offset, offset + superblockStruct.fields[name].size);
  return { device, offset, bytes, why: `superblock.${name}` };
}
