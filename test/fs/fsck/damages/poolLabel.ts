/** Damages of the label, which g2 gets first. */
import {
  encodePoolLabel,
  POOL_LABEL_CRC_SPAN,
  POOL_LABEL_OFFSET,
  poolLabelStruct,
} from '../../../../src/format/poolLabel.js';
import { crc32 } from '../../../../src/native/device.js';
import { poke, type Value } from '../../../support/patch.js';
import { type Change, type Damage, type DamagesOf, OTHER_UUID } from './damage.js';

/** file-system uuid of g2 */
const FS_UUID = '14b4a1fd-435a-46b6-8720-1fcd053eac2d';

/** Writes a sound label, then another value into one of its fields. */
function changed(field: string, value: Value, fixCrc = true): Change {
  return (image) => {
    image.set(encodePoolLabel({ fsUuid: FS_UUID, label: 'weights' }, crc32), POOL_LABEL_OFFSET);
    const set = (name: string, to: Value) => poke(image, POOL_LABEL_OFFSET, poolLabelStruct, name, to);
    set(field, value);
    const covered = image.subarray(POOL_LABEL_OFFSET, POOL_LABEL_OFFSET + POOL_LABEL_CRC_SPAN);
    if (fixCrc) set('crc', crc32(covered));
  };
}

/** A damaged label is ignored, which loses no file: a warning. */
function warned(what: string, change: Change): Damage {
  return [what, ['POOL_LABEL'], change, { exitCode: 0 }];
}

function label(text: string): Uint8Array {
  const field = Buffer.alloc(poolLabelStruct.offsets.crc - poolLabelStruct.offsets.label);
  field.write(text);
  return field;
}

export const poolLabelDamages: DamagesOf<typeof poolLabelStruct> = {
  magic: [warned('magic of the label', changed('magic', 1))],
  version: [warned('version of the label', changed('version', 2))],
  fsUuid: [warned('file-system uuid of the label, without crc', changed('fsUuid', OTHER_UUID, false))],
  label: [
    warned('label with a control character', changed('label', label('a\u001b[2Jb'))),
    warned('label without its NUL', changed('label', label('x'.repeat(64)))),
    warned('label with bytes after its NUL', changed('label', label('a\0b'))),
  ],
  crc: [warned('crc of the label', changed('crc', 1, false))],
};
