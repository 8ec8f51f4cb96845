/** Damages of the record of the log's history, which g2 gets first. */
import {
  encodeLogHistory,
  LOG_HISTORY_CRC_SPAN,
  LOG_HISTORY_OFFSET,
  logHistoryStruct,
} from '../../../../src/format/logHistory.js';
import { crc32 } from '../../../../src/native/device.js';
import { poke, type Value } from '../../../support/patch.js';
import { type Change, type Damage, type DamagesOf, OTHER_UUID } from './damage.js';

/** file-system uuid of g2 */
const FS_UUID = '14b4a1fd-435a-46b6-8720-1fcd053eac2d';
const HISTORY_UUID = '6f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9';

/** Writes a sound record, then another value into one of its fields. */
function changed(field: string, value: Value, fixCrc = true): Change {
  return (image) => {
    image.set(encodeLogHistory({ fsUuid: FS_UUID, historyUuid: HISTORY_UUID }, crc32), LOG_HISTORY_OFFSET);
    poke(image, LOG_HISTORY_OFFSET, logHistoryStruct, field, value);
    const covered = image.subarray(LOG_HISTORY_OFFSET, LOG_HISTORY_OFFSET + LOG_HISTORY_CRC_SPAN);
    if (fixCrc) poke(image, LOG_HISTORY_OFFSET, logHistoryStruct, 'crc', crc32(covered));
  };
}

/** Nothing is lost with the record: a warning. */
function warned(what: string, change: Change): Damage {
  return [what, ['LOG_HISTORY'], change, { exitCode: 0 }];
}

export const logHistoryDamages: DamagesOf<typeof logHistoryStruct> = {
  magic: [warned('magic of the history', changed('magic', 1))],
  version: [warned('version of the history', changed('version', 2))],
  fsUuid: [warned('file-system uuid of the history, without crc', changed('fsUuid', OTHER_UUID, false))],
  historyUuid: [warned('uuid of the history, without crc', changed('historyUuid', OTHER_UUID, false))],
  crc: [warned('crc of the history', changed('crc', 1, false))],
};
