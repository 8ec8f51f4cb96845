import { type Break, breaksOf } from '../break.js';

/** Breaks of src/fs/fsck that others than test/breaks/rows/fsck.ts has: its stages, its repairs and their words. */
export const fsckRepairsBreaks: readonly Break[] = [
  ...breaksOf('src/fs/fsck/checks/kernelStage.ts', [
    {
      from: 'for (const form of forms) checkFile',
      to: 'for (const form of forms.slice(0, 1)) checkFile',
      why: 'fsck --kernel judges maps for the first kernel only',
      killer: 'fs/fsck/kernel',
      title: '--kernel names files that share',
    },
  ]),
  ...breaksOf('src/fs/fsck/checks/poolStage.ts', [
    {
      from: "if (only.size !== size) findings.add('MEMBER_SIZE'",
      to: "if (only.size < size) findings.add('MEMBER_SIZE'",
      why: 'fsck is silent about a daxdev that is larger than the log says',
      killer: 'fs/fsck/pool',
    },
  ]),
  ...breaksOf('src/fs/fsck/checks/proof.ts', [
    {
      from: 'return end > 0 || right.some(Boolean);',
      to: 'return true;',
      why: 'fsck -p makes an empty log out of what never was one',
      killer: 'fs/fsck/proof',
    },
  ]),
  ...breaksOf('src/fs/fsck/checks/logStage.ts', [
    {
      from: '  frames.skipTo(Math.min(slots, log.capacity));\n',
      to: '',
      why: 'fsck -p drops entries from the end of a log whose header is damaged',
      killer: 'fs/fsck/repairs',
    },
  ]),
  ...breaksOf('src/fs/fsck/checks/referenceStage.ts', [
    {
      from: "entry.type === 'MKDIR' && mode > PERMISSIONS",
      to: "entry.type !== 'MKDIR' && mode > PERMISSIONS",
      why: 'fsck does not say that the reference tools cannot use the mode of a directory',
      killer: 'fs/fsck/fields',
      title: 'fsck names sticky bit',
    },
  ]),
  ...breaksOf('src/fs/fsck/mountedCheck.ts', [
    {
      from: '  refuseRepairs(mounted.mountPoint, options.mode);\n',
      to: '',
      why: 'fsck -y of a mount says that all is repaired, and repairs nothing',
      killer: 'scenarios/mounted',
      title: 'a mounted file system is neither',
    },
  ]),
  ...breaksOf('src/fs/fsck/fsck.ts', [
    {
      from: "checkAndRepair(target, primary.writable ? options : { ...options, mode: 'no' }, journal)",
      to: 'checkAndRepair(target, options, journal)',
      why: 'fsck -y of an image that nobody may write to ends with an internal error',
      killer: 'fs/fsck/modes',
      title: 'an image that nobody',
    },
  ]),
  ...breaksOf('src/fs/fsck/repairs/conflict.ts', [
    {
      from: '  for (const daxdev of replay.daxdevs) checkOverlaps(log, daxdev, replay.findings);\n',
      to: '',
      why: 'fsck -p brings back an entry whose space belongs to another file now',
      killer: 'fs/fsck/conflicts',
      title: 'found before the repair',
    },
  ]),
  ...breaksOf('src/fs/fsck/repairs/repairDevices.ts', [
    {
      from: "(!this.writable || device.lock('exclusive', false))",
      to: 'true',
      why: 'fsck repairs a daxdev while another process writes to it',
      killer: 'fs/fsck/members',
      title: 'a secondary that another process',
    },
  ]),
  ...breaksOf('src/fs/fsck/repairs/memberRepair.ts', [
    {
      from: 'if (missing.length !== 1 || replay.skipped > 0) return undefined;',
      to: 'if (missing.length === 0) return undefined;',
      why: 'fsck -y guesses which of two lost daxdevs a device is, and swaps the bytes of their files',
      killer: 'fs/fsck/members',
      title: 'a device without a superblock',
    },
  ]),
  ...breaksOf('src/fs/fsck/repairs/rewriteRepair.ts', [
    {
      from: "if (found.state !== 'whole' && found.state !== 'journal') return undefined;",
      to: "if (found.state !== 'journal') return undefined;",
      why: 'fsck -p leaves a log closed whose rewrite only lacks its last step',
      killer: 'fs/rewrite/stopped',
      title: 'a rewrite that was stopped',
    },
  ]),
  ...breaksOf('src/fs/fsck/repairs/witnesses.ts', [
    {
      from: 'return agree ? first : undefined;',
      to: 'return first;',
      why: 'where secondaries contradict each other, fsck -y believes the first',
      killer: 'fs/fsck/superblock',
      title: 'secondaries that contradict',
    },
  ]),
  ...breaksOf('src/fs/fsck/repairs/torn.ts', [
    {
      from: '(slot > 0 && missing(SEQUENCE, WORD))',
      to: 'missing(SEQUENCE, WORD)',
      why: 'fsck -p drops a damaged first entry as if it had never been whole',
      killer: 'fs/fsck/repairs',
      title: 'a damaged first entry',
    },
  ]),
  ...breaksOf('src/fs/fsck/repairs/words.ts', [
    {
      from: '{before - 1}`;',
      to: '{before}`;',
      why: 'the question names one more lost entry than there is',
      killer: 'fs/fsck/texts',
    },
  ]),
  ...breaksOf('src/fs/fsck/undo/words.ts', [
    {
      from: '[...writes].reverse()',
      to: '[...writes]',
      why: 'undo refuses, or takes for its own, bytes that several writes of a repair changed',
      killer: 'fs/fsck/undoWords',
    },
  ]),
  ...breaksOf('src/fs/fsck/undo/runs.ts', [
    {
      from: 'at(first).device !== at(i).device || at(i).offset >= end',
      to: 'at(i).offset >= end',
      why: 'undo writes the bytes of one daxdev to another',
      killer: 'fs/fsck/undoWords',
      title: 'ranges of two',
    },
  ]),
  ...breaksOf('src/fs/mkfs/admission.ts', [
    {
      from: '  refuseMember(volume, device);\n',
      to: '',
      why: 'daxdev add wipes a daxdev that is a member already',
      killer: 'commands/daxdevAdd',
      title: 'a daxdev that cannot join',
    },
  ]),
  ...breaksOf('src/fs/mkfs/existingPool.ts', [
    {
      from: 'wanted === undefined || wanted === found ? []',
      to: 'wanted === undefined || found !== undefined ? []',
      why: 'mkfs --exist-ok accepts a file system with other settings',
      killer: 'commands/mkfs',
      title: 'mkfs --exist-ok',
    },
  ]),
  ...breaksOf('src/fs/mkfs/makeImage.ts', [
    {
      from: 'return stats === undefined || (stats.isFile() && stats.size === 0);',
      to: 'return stats === undefined || stats.isFile();',
      why: 'mkfs --size takes a file of the user for a missing image',
      killer: 'commands/mkfs',
      title: 'mkfs --size',
    },
  ]),
  ...breaksOf('src/fs/mkfs/newImages.ts', [
    {
      from: 'if (wasThere) truncateSync(path, 0);\n      else unlinkSync(path);',
      to: 'unlinkSync(path);',
      why: 'an empty file of the user is gone after a mkfs that failed',
      killer: 'commands/mkfs',
      title: 'mkfs --size',
    },
  ]),
];
