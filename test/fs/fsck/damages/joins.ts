/** Damages of ADD_DAXDEV entries, which replace files of g2. */
import type { addDaxdevStruct } from '../../../../src/format/entries/addDaxdev.js';
import { entryOffset, pokeEntry, pokePayload } from '../../../support/patch.js';
import { type DamagesOf, HUGE, NIL, OTHER_UUID } from './damage.js';

/** device uuid of the primary of g2 */
const PRIMARY_UUID = '19991592-966f-4cf5-95ce-61d588c15728';

interface Join {
  readonly deviceSize?: number | bigint;
  readonly deviceUuid?: string;
  readonly daxdev?: number;
}

/** Replaces the entry of a slot with an ADD_DAXDEV entry that is sound as the first of its log, except for the given fields. */
export function joinAt(image: Buffer, slot: number, values: Join = {}): void {
  const payload = entryOffset(slot) + 16;
  image.fill(0, payload, payload + 520);
  const sound = { deviceSize: 2 ** 32, deviceUuid: `22222222-2222-4222-8222-${slot}`.padEnd(36, '0'), daxdev: 1 };
  for (const [name, value] of Object.entries({ ...sound, ...values })) pokePayload(image, slot, 'daxdev', name, value);
  pokeEntry(image, slot, 'type', 3);
}

export const daxdevDamages: DamagesOf<typeof addDaxdevStruct> = {
  deviceSize: [
    ['added daxdev of size 0', ['DAXDEV_SIZE'], (i) => joinAt(i, 12, { deviceSize: 0 })],
    ['added daxdev too small for a superblock', ['DAXDEV_SIZE'], (i) => joinAt(i, 12, { deviceSize: 0x1fffff })],
    ['added daxdev of a size over 2^53', ['DAXDEV_SIZE'], (i) => joinAt(i, 12, { deviceSize: HUGE })],
  ],
  deviceUuid: [
    ['added daxdev without uuid', ['DAXDEV_UUID'], (i) => joinAt(i, 12, { deviceUuid: NIL })],
    [
      'added daxdev with the uuid of the primary',
      ['DAXDEV_DUPLICATE'],
      (i) => joinAt(i, 12, { deviceUuid: PRIMARY_UUID }),
    ],
    [
      'daxdev added twice',
      ['DAXDEV_DUPLICATE', 'MEMBER_MISSING'],
      (i) => [1, 2].map((daxdev) => joinAt(i, 10 + daxdev, { deviceUuid: OTHER_UUID, daxdev })),
    ],
  ],
  daxdev: [
    ['added daxdev with index 0', ['DAXDEV_INDEX'], (i) => joinAt(i, 12, { daxdev: 0 })],
    ['added daxdev with index 64', ['DAXDEV_INDEX'], (i) => joinAt(i, 12, { daxdev: 64 })],
    ['added daxdev with a gap', ['DAXDEV_ORDER'], (i) => joinAt(i, 12, { daxdev: 2 })],
    ['daxdev index repeated', ['DAXDEV_ORDER', 'MEMBER_MISSING'], (i) => [joinAt(i, 11), joinAt(i, 12)]],
  ],
};
