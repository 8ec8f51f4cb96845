/** The superblock's fields that its crc does not cover; what they should be follows from the device and the log. */

import { viewOf } from '../../format/struct.js';
import { FLAG_PRIMARY, type Superblock, superblockStruct } from '../../format/superblock.js';
import { NIL_UUID } from '../../format/uuid.js';
import type { Write } from '../memory.js';
import type { ProblemCode } from '../problem.js';
import type { Inspection } from './inspection.js';
import type { Repair, Safety } from './repair.js';

type Fields = Partial<Pick<Superblock, 'deviceSize' | 'flags' | 'padding' | 'deviceUuidCopy' | 'deviceName'>>;

interface Correction {
  readonly id: string;
  readonly code: ProblemCode;
  readonly safety: Safety;
  readonly fields: Fields;
  readonly what: string;
}

/** One repair for each field that is wrong, where the rest of the superblock is sound. */
export function repairUncovered(inspection: Inspection): Repair[] {
  const { reading, replay, primary } = inspection;
  if (reading.state !== 'valid') return [];
  return corrections(inspection)
    .filter(({ code }) => replay.problems.has(code))
    .map(({ id, code, safety, fields, what }) => {
      const writes = Object.entries(fields).map(([name, value]) => writeOf(inspection, name as keyof Fields, value));
      return { id, safety, fixes: [code], what: `${what} in the superblock of ${primary.path}`, steps: [writes] };
    });
}

function corrections({ primary, replay, superblock }: Inspection): Correction[] {
  const isPool = replay.daxdevs.length > 1;
  // a device that shrank below its files may be the wrong one
  const loses = superblock.deviceSize > primary.size && replay.problems.has('EXTENT_BOUNDS');
  const { size } = primary;
  const flags = isPool ? FLAG_PRIMARY : 0;
  const name = Buffer.from(primary.path, 'utf8').subarray(0, superblockStruct.fields.deviceName.size - 1);
  return [
    {
      id: 'DEVICE_SIZE',
      code: 'SB_DEVICE_SIZE',
      safety: loses ? 'ask' : 'preen',
      fields: { deviceSize: size },
      what: `set device size ${size}${loses ? ', though files lie beyond it,' : ''}`,
    },
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
}

function writeOf({ primary }: Inspection, name: keyof Fields, value: Fields[keyof Fields]): Write {
  const image = Buffer.alloc(superblockStruct.size);
  superblockStruct.write(viewOf(image), 0, { [name]: value });
  const offset = superblockStruct.offsets[name];
  const bytes = image.subarray(offset, offset + superblockStruct.fields[name].size);
  return { device: primary, offset, bytes, why: `superblock.${name}` };
}
