/** A superblock's fields that its crc does not cover; what they should be follows from the device and the log. */

import { viewOf } from '../../format/struct.js';
import { FLAG_PRIMARY, type Superblock, superblockStruct } from '../../format/superblock.js';
import { NIL_UUID } from '../../format/uuid.js';
import type { MappedDevice } from '../../native/device.js';
import type { ProblemCode, ProblemTally } from '../finding/problem.js';
import type { Write } from '../media/sharedMemory.js';
import type { Inspection } from './inspection.js';
import type { Repair, Safety } from './repair.js';

type Fields = Partial<Pick<Superblock, 'deviceSize' | 'flags' | 'padding' | 'deviceUuidCopy' | 'deviceName'>>;

/** A daxdev whose superblock is sound but for such fields. */
export interface Uncovered {
  readonly device: MappedDevice;
  /** what checkSuperblock found in it */
  readonly faults: ProblemTally;
  /** what its flags should be */
  readonly flags: number;
  /** the repair of its size; undefined where the device may not have the right one */
  readonly size: Safety | undefined;
}

interface Correction {
  readonly id: string;
  readonly code: ProblemCode;
  readonly safety: Safety;
  readonly fields: Fields;
  readonly what: string;
}

/** One repair for each field that is wrong in the primary, where the rest of its superblock is sound. */
export function repairUncovered({ reading, replay, primary, superblock }: Inspection): Repair[] {
  if (reading.state !== 'valid') return [];
  // a device that shrank below its files may be the wrong one
  const loses = superblock.deviceSize > primary.size && replay.problems.has('EXTENT_BOUNDS');
  const flags = replay.daxdevs.length > 1 ? FLAG_PRIMARY : 0;
  return correctUncovered({ device: primary, faults: replay.problems, flags, size: loses ? 'ask' : 'preen' });
}

/** One repair for each field that is wrong; its `fixes` is the code of checkSuperblock. */
export function correctUncovered(uncovered: Uncovered): Repair[] {
  const { device, faults } = uncovered;
  return corrections(uncovered)
    .filter(({ code }) => faults.has(code))
    .map(({ id, code, safety, fields, what }) => {
      const writes = Object.entries(fields).map(([name, value]) => writeOf(device, name as keyof Fields, value));
      return { id, safety, fixes: [code], what: `${what} in the superblock of ${device.path}`, steps: [writes] };
    });
}

function corrections({ device, flags, size }: Uncovered): Correction[] {
  const name = Buffer.from(device.path, 'utf8').subarray(0, superblockStruct.fields.deviceName.size - 1);
  const all: Correction[] = [
    { id: 'FLAGS', code: 'SB_FLAGS', safety: 'preen', fields: { flags }, what: `set flags ${flags}` },
    { id: 'NAME', code: 'SB_NAME', safety: 'preen', fields: { deviceName: name }, what: 'write the device name anew' },
    {
      id: 'RESERVED',
      code: 'SB_RESERVED',
      safety: 'ask',
      fields: { padding: 0, deviceUuidCopy: NIL_UUID },
      what: 'clear reserved bytes',
    },
  ];
  if (size === undefined) return all;
  const what = `set device size ${device.size}${size === 'ask' ? ', though files lie beyond it,' : ''}`;
  return [
    { id: 'DEVICE_SIZE', code: 'SB_DEVICE_SIZE', safety: size, fields: { deviceSize: device.size }, what },
    ...all,
  ];
}

function writeOf(device: MappedDevice, name: keyof Fields, value: Fields[keyof Fields]): Write {
  const image = Buffer.alloc(superblockStruct.size);
  superblockStruct.write(viewOf(image), 0, { [name]: value });
  const offset = superblockStruct.offsets[name];
  const bytes = image.subarray(offset, offset + superblockStruct.fields[name].size);
  return { device, offset, bytes, why: `superblock.${name}` };
}
