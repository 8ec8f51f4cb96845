/** What can happen to daxdev 1 of a pool of three, other than damage to its superblock. */
import { copyFileSync, mkdirSync, renameSync, truncateSync } from 'node:fs';
import type { FindingCode } from '../../../../src/fs/finding/values.js';
import type { PoolSandbox } from '../../../support/pool.js';
import { OTHER_UUID } from './damage.js';

const MIB = 2 ** 20;

export interface MemberDamage {
  /** the name of the test, unique */
  readonly what: string;
  /** all that fsck finds, first the check that is meant to find it */
  readonly codes: readonly FindingCode[];
  readonly message: RegExp;
  /** is called with the sandbox and the path of daxdev 1 */
  readonly damage: (box: PoolSandbox, path: string) => unknown;
  /** options of fsck in addition to those that name the primary */
  readonly options?: readonly string[];
  /** exit code of fsck; default 4 */
  readonly exitCode?: number;
}

export const memberDamages: readonly MemberDamage[] = [
  {
    what: 'given the uuid of the primary',
    codes: ['MEMBER_MISSING', 'MEMBER_TWIN'],
    message: /p1\.img is a secondary with the uuid of the primary/,
    damage: async (box, path) => box.damage(path, 'deviceUuid', (await box.list()).daxdevs[0]?.uuid ?? ''),
  },
  {
    what: 'left as it was, with --reference',
    codes: ['REFERENCE_DAXDEV', 'REFERENCE_SIZE'],
    message: /extent is on daxdev [12], which the reference tools take for the primary/,
    damage: () => {},
    options: ['--reference'],
    exitCode: 0,
  },
  {
    what: 'taken away',
    codes: ['MEMBER_MISSING'],
    message: /daxdev 1 \(uuid .*is not on this host/,
    damage: (box, path) => {
      mkdirSync(box.path('away'));
      renameSync(path, box.path('away/x'));
    },
  },
  {
    what: 'copied with another uuid, as a daxdev add that was cut off leaves it',
    codes: ['MEMBER_ORPHAN'],
    message: /orphan\.img \(uuid 99999999.*is not in its log/,
    damage: (box, path) => {
      copyFileSync(path, box.path('orphan.img'));
      box.damage(box.path('orphan.img'), 'deviceUuid', OTHER_UUID);
    },
    exitCode: 0,
  },
  {
    what: 'killed, but named',
    codes: ['MEMBER_MISSING', 'MEMBER_FOREIGN'],
    message: /p1\.img was named, but holds no famfs/,
    damage: (box, path) => box.damage(path, 'magic', 0),
    options: ['--dev', 'p1.img'],
  },
  {
    what: 'taken by another pool',
    codes: ['MEMBER_MISSING', 'MEMBER_FOREIGN'],
    message: /p1\.img was named, but belongs to the file system/,
    damage: (box, path) => box.ok(['mkfs', '--force', box.image('other.img', 64 * MIB), path]),
    options: ['--dev', 'p1.img'],
  },
  {
    what: 'grown',
    codes: ['MEMBER_SIZE', 'MEMBER_SUPERBLOCK'],
    message: /has 134217728 bytes, but 67108864 in the log/,
    damage: (_box, path) => truncateSync(path, 128 * MIB),
  },
  {
    what: 'cut short',
    codes: ['MEMBER_SIZE', 'MEMBER_SUPERBLOCK'],
    message: /has 33554432 bytes, but 67108864 in the log/,
    damage: (_box, path) => truncateSync(path, 32 * MIB),
  },
  {
    what: 'cut down to nothing',
    codes: ['MEMBER_MISSING'],
    message: /is not on this host/,
    damage: (_box, path) => truncateSync(path, 0),
  },
  {
    what: 'copied',
    codes: ['MEMBER_TWIN'],
    message: /could be each of .*copy\.img, .*p1\.img/,
    damage: (box, path) => copyFileSync(path, box.path('copy.img')),
  },
];
