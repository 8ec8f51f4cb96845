/** ADD_DAXDEV: a secondary daxdev joins the pool. */
import { checkUnused, decimalAt } from '../fieldText.js';
import { readU64, struct, u32, u64, uuid } from '../struct.js';
import { MAX_DAXDEVS, SUPERBLOCK_REGION } from '../superblock.js';
import { formatUuid, NIL_UUID } from '../uuid.js';
import type { EntryType } from './entryType.js';

export const addDaxdevStruct = struct('add_daxdev', 28, {
  deviceSize: u64('bytes'),
  deviceUuid: uuid('of the daxdev that joins the pool'),
  daxdev: u32('dense, in log order; the primary is 0'),
});

export interface AddDaxdevEntry {
  readonly type: 'ADD_DAXDEV';
  /** bytes */
  readonly deviceSize: number;
  readonly deviceUuid: string;
  /** index in the pool */
  readonly daxdev: number;
}

const DAXDEV = addDaxdevStruct.offsets;

export const addDaxdevType: EntryType<AddDaxdevEntry> = {
  code: 3,
  struct: addDaxdevStruct,
  records: [],
  makesNode: false,
  // uuids are random, so neither half is ever all zeros
  neverZero: [
    [DAXDEV.deviceSize, 8],
    [DAXDEV.deviceUuid, 8],
    [DAXDEV.deviceUuid + 8, 8],
  ],

  encode(_image, view, at, { deviceSize, deviceUuid, daxdev }) {
    addDaxdevStruct.write(view, at, { deviceSize, deviceUuid, daxdev });
  },

  read(cursor, { view }, at, end) {
    const sink = cursor.report;
    const deviceSize = readU64(view, at + DAXDEV.deviceSize);
    const deviceUuid = formatUuid(view, at + DAXDEV.deviceUuid);
    const daxdev = view.getUint32(at + DAXDEV.daxdev, true);
    if (deviceSize < SUPERBLOCK_REGION || deviceSize === Number.POSITIVE_INFINITY)
      sink('DAXDEV_SIZE', 'add_daxdev.deviceSize', decimalAt(view, at), `${SUPERBLOCK_REGION}..2^53-1`);
    if (deviceUuid === NIL_UUID)
      sink('DAXDEV_UUID', 'add_daxdev.deviceUuid', deviceUuid, 'a uuid that is not all zeros');
    if (daxdev < 1 || daxdev >= MAX_DAXDEVS) sink('DAXDEV_INDEX', 'add_daxdev.daxdev', daxdev, `1..${MAX_DAXDEVS - 1}`);
    checkUnused(at + addDaxdevStruct.size, end, 'add_daxdev: bytes after the index', sink);
    cursor.keep({ type: 'ADD_DAXDEV', deviceSize, deviceUuid, daxdev });
  },

  text({ daxdev, deviceUuid, deviceSize }) {
    return `daxdev  ${daxdev} uuid ${deviceUuid} size ${deviceSize}`;
  },
};
