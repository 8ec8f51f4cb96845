import { type Break, breaksOf } from '../break.js';

/** Parts of src/fs outside of fsck and mounts, and of the format. */
export const fsPartsBreaks: readonly Break[] = [
  ...breaksOf('src/format/departure.ts', [
    {
      from: 'encodeWithCrc(departureStruct, { magic: DEPARTURE_MAGIC,',
      to: 'encodeWithCrc(departureStruct, { magic: 0,',
      why: 'a daxdev that has left a pool is not known as free',
      killer: 'commands/daxdevRemove',
    },
  ]),
  ...breaksOf('src/format/poolDefaults.ts', [
    {
      from: '{ ...known, ...values }',
      to: '{ ...values, ...known, stripes: 0 }',
      why: 'mkfs --stripes is not recorded',
      killer: 'fs/allocate/creationPlan',
      title: 'files are interleaved',
    },
  ]),
  ...breaksOf('src/format/rawFields.ts', [
    {
      from: 'bytes.reduceRight(',
      to: 'bytes.reduce(',
      why: 'inspect prints every number with its bytes turned round',
      killer: 'commands/inspect',
    },
    {
      from: '.filter(([field]) => !without.includes(field))',
      to: '',
      why: 'inspect prints the extents of an entry twice',
      killer: 'commands/inspect',
    },
  ]),
  ...breaksOf('src/fs/allocate/plannedBlocks.ts', [
    {
      from: 'this.#count += block.to - block.from;',
      to: '',
      why: 'cp forgets which files it is going to make, and makes a name twice',
      killer: 'fs/transfer/treeFiles',
      title: 'of two trees',
    },
  ]),
  ...breaksOf('src/fs/errorTable.ts', [
    {
      from: "    'something exists, but not as the manifest",
      to: "    'something is there, but not as the manifest",
      why: 'docs/errors.md tells another reason than the program',
      killer: 'meta/errors',
      title: 'docs/errors.md',
    },
  ]),
  ...breaksOf('src/fs/host/lockPatience.ts', [
    {
      from: 'if (Date.now() >= end) throw stillLocked(device, lockWait);',
      to: 'if (Date.now() >= end) return;',
      why: 'with --no-wait, two writers append at the same time',
      killer: 'fs/fsck/locks',
      title: 'fsck -p and undo that do not',
    },
  ]),
  ...breaksOf('src/fs/media/logHistory.ts', [
    {
      from: 'return reading === undefined || isLeftover(reading, fsUuid) ? undefined : commonFault(KIND, reading);',
      to: 'return undefined;',
      why: 'fsck is silent about a damaged history record',
      killer: 'fs/fsck/repairs',
      title: 'a damaged record',
    },
  ]),
  ...breaksOf('src/fs/media/superblockFile.ts', [
    {
      from: 'return superblock.magic === SUPERBLOCK_MAGIC ? superblock : undefined;',
      to: 'return undefined;',
      why: 'list finds no image in a directory',
      killer: 'commands/list',
      title: 'list prints',
    },
  ]),
  ...breaksOf('src/fs/pool/follow.ts', [
    {
      from: 'const to = Math.min(next, replay.next + MOST_AT_ONCE);',
      to: 'const to = Math.min(next, replay.next + 1);',
      why: 'refresh of a program sees one new entry only',
      killer: 'library/famfs',
      title: 'new entries',
    },
  ]),
  ...breaksOf('src/fs/pool/kernelFacts.ts', [
    {
      from: '      add(later.owner, earlier.owner);\n',
      to: '',
      why: 'of two files that share pages only one is named DANGEROUS',
      killer: 'fs/fsck/kernel',
      title: '--kernel names files that share',
    },
  ]),
  ...breaksOf('src/fs/pool/openVolume.ts', [
    {
      from: 'replayTarget(target, options)',
      to: 'replayTarget(target, {})',
      why: '--at shows the file system as it is now',
      killer: 'commands/logList',
    },
  ]),
  ...breaksOf('src/fs/shadow/playLog.ts', [
    {
      from: 'eachApplied(volume, (entry) => player.play(entry));',
      to: '',
      why: 'logplay --shadow makes an empty tree',
      killer: 'scenarios/shadow',
      title: 'playing again',
    },
  ]),
  ...breaksOf('src/fs/shadow/readYaml.ts', [
    {
      from: 'Number.parseInt(value as string, 8)',
      to: 'Number.parseInt(value as string, 10)',
      why: 'logplay rewrites a tree because of its modes',
      killer: 'scenarios/shadow',
      title: 'YAML with the same',
    },
    {
      from: 'return document.toJS({ maxAliasCount: 0 });',
      to: 'return document.toJS();',
      why: 'a planted file of aliases fills the memory of logplay',
      killer: 'scenarios/shadow',
      title: 'a file of a tree that',
    },
    {
      from: 'if (count !== extents.length) throw',
      to: 'if (count > extents.length) throw',
      why: 'a file of a tree that counts fewer extents than it lists is taken as right',
      killer: 'scenarios/shadow',
      title: 'a file of a tree that',
    },
  ]),
  ...breaksOf('src/fs/transfer/filled.ts', [
    {
      from: 'existed: !one.isNew',
      to: 'existed: false',
      why: 'cp --json calls a file new that it has overwritten',
      killer: 'commands/cp',
      title: 'an existing',
    },
  ]),
  ...breaksOf('src/fs/transfer/listedFiles.ts', [
    {
      from: 'return this.bytes?.length ?? this.#table.size(this.index);',
      to: 'return this.#table.size(this.index);',
      why: 'a file of /proc below a directory is copied as an empty one',
      killer: 'fs/transfer/pseudoFiles',
      title: 'files of procfs',
    },
  ]),
  ...breaksOf('src/fs/transfer/planIn.ts', [
    {
      from: "name === '.' || name === '..' ? '' : name",
      to: 'name',
      why: "cp -r . makes a directory with the name '.'",
      killer: 'commands/cp',
      title: 'files go into',
    },
  ]),
  ...breaksOf('src/fs/usage/trial.ts', [
    {
      from: "error.code === 'NO_SPACE') return undefined;",
      to: "error.code === 'NO_SPACE') throw error;",
      why: 'balance ends with an error where a pool is full',
      killer: 'commands/planCapacity',
    },
  ]),
];
