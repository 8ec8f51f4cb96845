import { type Break, breaksOf } from '../break.js';

export const fsckBreaks: readonly Break[] = [
  ...breaksOf('src/fs/fsck/runner.ts', [
    {
      from: '  lockBlocking(host, primary);',
      to: '',
      why: 'fsck repairs while a writer appends',
      killer: 'fs/fsck/locks',
    },
  ]),
  ...breaksOf('src/fs/fsck/checks/inspect.ts', [
    {
      from: 'for (const daxdev of replay.daxdevs) checkOverlaps(',
      to: 'for (const daxdev of replay.daxdevs.slice(0, 1)) checkOverlaps(',
      why: 'overlaps are looked for on the primary only',
      killer: 'fs/fsck/overlaps',
      title: 'overlaps on a secondary',
    },
    {
      from: '  if (at === undefined) checkSuperblock(',
      to: '  checkSuperblock(',
      why: 'fsck --at blames an earlier state for what the superblock says now',
      killer: 'fs/fsck/at',
    },
  ]),
  ...breaksOf('src/fs/fsck/undo/undo.ts', [
    {
      from: 'if (!dryRun) lockBlocking(host, device);',
      to: '',
      why: 'undo writes while a writer appends',
      killer: 'fs/fsck/locks',
    },
    {
      from: '    refuseOtherHost(host, device, own);',
      to: '    void refuseOtherHost;',
      why: 'a Client undoes a repair of the Master',
      killer: 'fs/fsck/locks',
    },
    {
      from: '    refuseOtherTarget(device, own);',
      to: '    void refuseOtherTarget;',
      why: 'undo writes into any file that an undo image names',
      killer: 'fs/fsck/undoImage',
    },
  ]),
  ...breaksOf('src/fs/fsck/undo/target.ts', [
    {
      from: 'if (offset + before.length > end)',
      to: 'if (offset > device.size)',
      why: 'undo writes to the data of files',
      killer: 'fs/fsck/undoImage',
      title: 'offsets beyond',
    },
    {
      from: ' && isOurs(0, records, image)',
      to: '',
      why: 'undo takes any file for a daxdev whose superblock was lost',
      killer: 'fs/fsck/undoImage',
      title: 'a file that only pretends',
    },
    {
      from: "state === 'valid' && superblock !== undefined ? superblock.systemUuid : known.systemUuid",
      to: 'superblock?.systemUuid ?? known.systemUuid',
      why: 'a damaged superblock makes a Client the Master for undo',
      killer: 'fs/fsck/undoImage',
      title: 'a Client restores nothing',
    },
  ]),
  ...breaksOf('src/fs/fsck/undo/undoRecord.ts', [
    {
      from: 'if (crc32(image.subarray(at, crcAt)) !== image.readUInt32LE(crcAt))',
      to: 'if (crcAt < at)',
      why: 'undo restores bytes of a damaged undo image',
      killer: 'fs/fsck/undoImage',
      title: 'garbage and incomplete',
    },
    {
      from: 'isAbsolute(device) && ',
      to: '',
      why: 'an undo image names a file by a relative path',
      killer: 'fs/fsck/undoImage',
      title: 'records with paths',
    },
  ]),
  ...breaksOf('src/fs/fsck/undo/undoReader.ts', [
    {
      from: ' && !interrupted)',
      to: ' && interrupted)',
      why: 'undo restores a part of what an undo image that is cut short had',
      killer: 'fs/fsck/undoImage',
      title: 'garbage and incomplete',
    },
    {
      from: 'records.length === MOST_RECORDS',
      to: 'records.length < 0',
      why: 'an undo image with millions of records fills the memory',
      killer: 'fs/fsck/undoImage',
      title: 'an image of more records',
    },
  ]),
  ...breaksOf('src/fs/fsck/undo/undoWriter.ts', [
    {
      from: "openSync(path, 'wx', 0o600)",
      to: "openSync(path, 'w', 0o600)",
      why: '--undo overwrites a file',
      killer: 'commands/fsck',
      title: '--undo does not',
    },
    {
      from: "!== 'EEXIST' || !isUnused(path)",
      to: "!== 'EEXIST'",
      why: '--undo overwrites a file',
      killer: 'fs/fsck/undoImage',
      title: '--undo overwrites nothing',
    },
    {
      from: 'if (this.#records === 0) this.#remove();\n    else this.#finish();',
      to: 'this.#finish();',
      why: 'a failed run leaves an undo image that makes the next one fail',
      killer: 'fs/fsck/undoImage',
      title: 'a run that fails',
    },
  ]),
  ...breaksOf('src/fs/fsck/repairs/headerRepair.ts', [
    {
      from: 'const isProven = recognisable && counted === null',
      to: 'const isProven = counted === null',
      why: 'fsck -p writes a log header to a device that has no log',
      killer: 'fs/fsck/proof',
    },
    {
      from: 'recognisable && counted === null && blank === 0 &&',
      to: 'recognisable && blank === 0 &&',
      why: 'fsck -p gives up entries that the header counted',
      killer: 'fs/fsck/proof',
    },
    {
      from: ' && blank === 0 && conflict === null;',
      to: ' && conflict === null;',
      why: 'fsck -p opens a log with lost entries for new files on their space',
      killer: 'fs/fsck/proof',
    },
    {
      from: 'unusable === null && conflict === null',
      to: 'unusable === null',
      why: 'fsck -p brings back entries whose space a newer file has',
      killer: 'fs/fsck/conflicts',
    },
    {
      from: 'most === next + 1 ? null : most',
      to: 'null',
      why: 'fsck -p forgets how many entries the other count says there are',
      killer: 'fs/fsck/proof',
    },
  ]),
  ...breaksOf('src/fs/fsck/repairs/planRepairs.ts', [
    {
      from: '  if (inspection.original !== undefined) return [];',
      to: '',
      why: 'fsck -y repairs a secondary as the primary whose superblock it carries',
      killer: 'fs/fsck/proof',
    },
  ]),
  ...breaksOf('src/fs/fsck/repairs/uncoveredRepair.ts', [
    {
      from: 'return isPrimary ? repairs :',
      to: 'return isPrimary || repairs.length > 0 ? repairs :',
      why: 'fsck -p corrects a superblock on a device that has no log',
      killer: 'fs/fsck/proof',
    },
  ]),
  ...breaksOf('src/fs/fsck/repairs/bitRepair.ts', [
    {
      from: "id: 'ENTRY_BITS', safety: 'ask'",
      to: "id: 'ENTRY_BITS', safety: 'preen'",
      why: 'fsck -p makes another entry of one with three flipped bits',
      killer: 'fs/fsck/flippedBits',
    },
  ]),
  ...breaksOf('src/fs/fsck/repairs/recordRepair.ts', [
    {
      from: 'finding.values.field !== `',
      to: 'finding.values.field !== `no ',
      why: 'fsck -y clears a record that a newer famfs wrote',
      killer: 'fs/fsck/repairs',
    },
    {
      from: "safety: 'ask'",
      to: "safety: 'preen'",
      why: 'fsck -p gives up a label unasked',
      killer: 'fs/fsck/repairs',
    },
  ]),
  ...breaksOf('src/fs/finding/tally.ts', [
    {
      from: 'if (slot === (run.place.lastSlot ?? run.place.slot)) return;',
      to: '',
      why: 'a file with several bad extents counts several times',
      killer: 'fs/finding/tally',
    },
  ]),
  ...breaksOf('src/commands/fsck.ts', [
    {
      from: "if (left.counts.has('SB_MAGIC')) return repaired | EXIT_UNCHECKED;",
      to: '',
      why: 'the exit codes of fsck -n and -y differ though nothing was changed',
      killer: 'fs/fsck/superblock',
    },
  ]),
  ...breaksOf('src/fs/fsck/checks/spaceStage.ts', [
    {
      from: 'if (earlier.owner < 0 || later.owner < 0) return;',
      to: 'if (earlier.owner <= 0 || later.owner < 0) return;',
      why: 'overlaps with the first file of the log are not found',
      killer: 'fs/fsck/overlaps',
    },
    {
      from: 'Math.min(earlier.end, later.end) - later.start',
      to: 'earlier.end - later.start',
      why: 'an overlap is reported longer than it is',
      killer: 'fs/fsck/overlaps',
    },
  ]),
];
