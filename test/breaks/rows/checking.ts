import { type Break, breaksOf } from '../break.js';

/** fsck: what it says, and how it restores a superblock. */
export const checkingBreaks: readonly Break[] = [
  ...breaksOf('src/fs/fsck/catalogue/reference.ts', [
    {
      from: "severity: 'warning', usable: true",
      to: "severity: 'error', usable: true",
      why: 'fsck --reference calls a sound file system damaged',
      killer: 'meta/checks',
      title: 'docs/fsck.md',
    },
  ]),
  ...breaksOf('src/fs/fsck/catalogue/row.ts', [
    {
      from: "repair: 'no', repairs: []",
      to: "repair: 'yes', repairs: []",
      why: 'fsck --list-checks promises to repair entries of the log',
      killer: 'meta/checks',
      title: 'docs/fsck.md',
    },
  ]),
  ...breaksOf('src/fs/fsck/catalogue/superblock.ts', [
    {
      from: "summary: 'superblock CRC is wrong'",
      to: "summary: 'superblock is wrong'",
      why: 'fsck --list-checks does not say what is wrong with a superblock',
      killer: 'meta/checks',
      title: 'docs/fsck.md',
    },
  ]),
  ...breaksOf('src/fs/fsck/repairs/restoredSuperblock.ts', [
    {
      from: 'return isWhole(whole) ? restoredBytes(device, whole, at, 8, { part }) : undefined;',
      to: 'return restoredBytes(device, whole, at, 8, { part });',
      why: 'fsck -y makes a superblock of another tool one of ours',
      killer: 'fs/fsck/superblock',
      title: 'a superblock whose contents',
    },
  ]),
  ...breaksOf('src/fs/fsck/repairs/superblockRepair.ts', [
    {
      from: "return systemUuid === undefined && !mayBeMaster ? { ...repair, needs: '--master-here' } : repair;",
      to: 'return repair;',
      why: 'fsck -y makes this host the Master without being told so',
      killer: 'fs/fsck/superblock',
      title: 'fsck -y repairs a superblock',
    },
    {
      from: 'const unit = log.unit === SMALL_PAGE ? log.unit : (unitOfOthers ?? log.unit);',
      to: 'const unit = unitOfOthers ?? 2 ** 21;',
      why: 'a rebuilt superblock has another allocation unit than the files, which are then refused',
      killer: 'fs/fsck/smallUnits',
      title: 'a lost superblock',
    },
  ]),
  ...breaksOf('src/fs/fsck/samePool.ts', [
    {
      from: 'else known.paths.push(path);',
      to: '',
      why: 'fsck does not look at a daxdev that is named beside its primary',
      killer: 'fs/fsck/pool',
      title: 'devices of one',
    },
  ]),
  ...breaksOf('src/fs/fsck/scan.ts', [
    {
      from: 'end: log.findEnd(),',
      to: 'end: nextIndex,',
      why: 'fsck --scan does not tell of entries that a damaged header does not count',
      killer: 'commands/fsck',
      title: '--scan finds',
    },
  ]),
];
