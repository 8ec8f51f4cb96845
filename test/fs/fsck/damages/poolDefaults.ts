/** Damages of the default interleave, which g2 gets first. */
import {
  encodePoolDefaults,
  POOL_DEFAULTS_CRC_SPAN,
  POOL_DEFAULTS_OFFSET,
  poolDefaultsStruct,
} from '../../../../src/format/poolDefaults.js';
import { crc32 } from '../../../../src/native/device.js';
import { poke, type Value } from '../../../support/patch.js';
import { type Change, type Damage, type DamagesOf, HUGE, OTHER_UUID } from './damage.js';

/** file-system uuid of g2 */
const FS_UUID = '14b4a1fd-435a-46b6-8720-1fcd053eac2d';

/** Writes a sound default interleave, 4 strips of 2 MiB, then another value into one of its fields. */
function changed(field: string, value: Value, fixCrc = true): Change {
  return (image) => {
    image.set(encodePoolDefaults({ fsUuid: FS_UUID, stripes: 4, chunkSize: 0x200000 }, crc32), POOL_DEFAULTS_OFFSET);
    const set = (name: string, to: Value) => poke(image, POOL_DEFAULTS_OFFSET, poolDefaultsStruct, name, to);
    set(field, value);
    const covered = image.subarray(POOL_DEFAULTS_OFFSET, POOL_DEFAULTS_OFFSET + POOL_DEFAULTS_CRC_SPAN);
    if (fixCrc) set('crc', crc32(covered));
  };
}

/** A damaged default interleave is ignored, which loses no file: a warning. */
function warned(what: string, change: Change): Damage {
  return [what, ['POOL_DEFAULTS'], change, { exitCode: 0 }];
}

export const poolDefaultsDamages: DamagesOf<typeof poolDefaultsStruct> = {
  magic: [warned('magic of the default interleave', changed('magic', 1))],
  version: [warned('version of the default interleave', changed('version', 2))],
  fsUuid: [warned('file-system uuid of the default interleave, without crc', changed('fsUuid', OTHER_UUID, false))],
  stripes: [warned('17 strips by default', changed('stripes', 17))],
  padding: [warned('padding of the default interleave', changed('padding', 1))],
  chunkSize: [
    warned('default chunk no power of two', changed('chunkSize', 0x600000)),
    warned('default chunk over 2^53', changed('chunkSize', HUGE)),
  ],
  crc: [warned('crc of the default interleave', changed('crc', 1, false))],
};
