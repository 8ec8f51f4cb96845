import { type Break, breaksOf } from '../break.js';

export const rewriteBreaks: readonly Break[] = [
  ...breaksOf('src/fs/log/rewriting.ts', [
    {
      from: '  return [[...newLog(log, journal)], next, length, real,',
      to: '  return [length, [...newLog(log, journal)], next, real,',
      why: 'a crash leaves a header that says that the log is whole while it is half written',
      killer: 'crash/crash',
    },
    {
      from: "  if (length === log.length) return { state: 'whole' };",
      to: "  if (length === log.length) return { state: 'lost', why: 'is not named' };",
      why: 'a rewrite that was stopped at its very beginning or end locks the file system for good',
      killer: 'fs/rewrite/stopped',
    },
    {
      from: '  if (zeros > 0) yield',
      to: '  if (zeros < 0) yield',
      why: 'entries of the old log after the new one are taken for entries that are not counted yet',
      killer: 'fs/rewrite/random',
    },
    {
      from: '  yield { device, offset: LOG_HISTORY_OFFSET, bytes,',
      to: '  if (entries < 0) yield { device, offset: LOG_HISTORY_OFFSET, bytes,',
      why: 'whoever reads two logs of one length puts a tree together from both',
      killer: 'fs/rewrite/readers',
      title: 'a stream of the library',
    },
  ]),
  ...breaksOf('src/fs/pool/orphans.ts', [
    {
      from: 'departure?.fsUuid === fsUuid && departure.historyUuid === history ?',
      to: 'departure?.fsUuid === fsUuid ?',
      why: 'after another rewrite, an index means the daxdev that had it long ago',
      killer: 'commands/daxdevRemove',
    },
  ]),
  ...breaksOf('src/fs/mkfs/addDaxdevs.ts', [
    {
      from: '  if (adopted) apply(stayingSteps(device));\n  else {',
      to: '  if (!adopted) {',
      why: 'a daxdev that was added again still says that it leaves',
      killer: 'commands/daxdevRemove',
    },
  ]),
  ...breaksOf('src/fs/fsck/repairs/orphanRepair.ts', [
    {
      from: ' && !hasLeft(orphan)',
      to: '',
      why: 'fsck -y takes a daxdev into the pool again that was just removed',
      killer: 'commands/daxdevRemove',
    },
  ]),
  ...breaksOf('src/fs/log/journal.ts', [
    {
      from: "  return isWhole(journal) ? journal : 'has damaged entries';",
      to: '  return journal;',
      why: 'a damaged entry of the journal gets into the log',
      killer: 'fs/rewrite/stopped',
    },
    {
      from: '    if (start < last) return false;',
      to: '',
      why: 'an extent of a journal lies on the log, or on another one',
      killer: 'fs/rewrite/fragmented',
    },
    {
      from: '    const start = extent.offset - from * LOG_ENTRY_SIZE;',
      to: '    const start = extent.offset;',
      why: 'the entries of later extents of the journal are read from the wrong place',
      killer: 'fs/rewrite/fragmented',
    },
  ]),
  ...breaksOf('src/fs/rewrite/rewriteLog.ts', [
    {
      from: '  refuseInUse(volume);\n  const place',
      to: '  const place',
      why: 'nothing: who uses the file system is looked for again before the old log is touched',
      killer: 'fs/rewrite/inUse',
      equivalent: 'the second look refuses too, and the journal before it is in free space',
    },
    {
      from: '    if (!isNeeded) place.remove();',
      to: '    place.remove();',
      why: 'a rewrite that fails after it has begun removes the only copy of the log',
      killer: 'fs/rewrite/stopped',
    },
  ]),
  ...breaksOf('src/fs/rewrite/newLog.ts', [
    {
      from: '      if (node.parent !== undefined) emit(node.parent);',
      to: '',
      why: 'a directory that was moved into a later one comes before it, and is skipped with all that it holds',
      killer: 'commands/mv',
    },
    {
      from: '          deviceSize: change.size,',
      to: '          deviceSize: 0,',
      why: 'after daxdev replace, a host takes the new daxdev for another one',
      killer: 'fs/rewrite/inOneGo',
    },
    {
      from: 'pathOf(nodeAt(slot, change)), mode, uid, gid };',
      to: 'pathOf(nodeAt(slot, change)), mode, uid: gid, gid: uid };',
      why: 'chown gives directories to the wrong user',
      killer: 'fs/rewrite/inOneGo',
    },
  ]),
  ...breaksOf('src/fs/rewrite/newLog.ts', [
    {
      from: '      joinWhile(({ index }) => index <= last);',
      to: '',
      why: 'a file that moved to a daxdev that joined later comes before it, and is skipped',
      killer: 'commands/daxdevRemove',
    },
  ]),
  ...breaksOf('src/fs/transfer/copyExtents.ts', [
    {
      from: "of ['copyMemory', 'compareMemory'] as const)",
      to: "of ['copyMemory'] as const)",
      why: 'a copy with a wrong byte takes the place of the file',
      killer: 'commands/daxdevRemove',
    },
  ]),
  ...breaksOf('src/fs/transfer/copyOut.ts', [
    {
      from: '      requireMaps(this.volume);\n      if (!file.commit',
      to: '      if (!file.commit',
      why: 'a copy gets its name with the bytes of a file that has its space since a rewrite',
      killer: 'fs/rewrite/readers',
      title: 'a file that was read before',
    },
  ]),
  ...breaksOf('src/fs/transfer/eachFile.ts', [
    {
      from: '    requireMaps(volume);\n',
      to: '',
      why: 'cat exits with 0 after it wrote the bytes of another file',
      killer: 'fs/rewrite/readers',
    },
  ]),
  ...breaksOf('src/fs/serve/watched.ts', [
    {
      from: '    { offset: LOG_HISTORY_OFFSET, length: logHistoryStruct.size },\n',
      to: '',
      why: 'a mount serves the bytes of another file until its next look at the log',
      killer: 'fs/serve/live',
    },
  ]),
  ...breaksOf('src/fs/rewrite/replacement.ts', [
    {
      from: '  if (needed <= size) return;',
      to: '  if (needed <= size + 2 ** 22) return;',
      why: 'files end beyond the end of their daxdev',
      killer: 'commands/daxdevReplace',
    },
  ]),
  ...breaksOf('src/fs/rewrite/resize.ts', [
    {
      from: 'if (superblock.deviceSize !== size) apply',
      to: 'if (superblock.deviceSize === size) apply',
      why: 'superblock and log never agree about the size',
      killer: 'commands/daxdevResize',
    },
  ]),
  ...breaksOf('src/fs/clone/clone.ts', [
    {
      from: '  refuseMembers(source, paths);',
      to: '',
      why: 'with --force, a file system is cloned over itself',
      killer: 'commands/clone',
    },
    {
      from: 'flags: old.flags }',
      to: 'flags: 2 }',
      why: 'nothing: creat writes no other flags either',
      killer: 'commands/clone',
      equivalent: 'only other tools set other flags',
    },
  ]),
  ...breaksOf('src/fs/pool/namedDaxdev.ts', [
    {
      from: '  if (orphan === undefined && index < count)',
      to: '  if (index < count)',
      why: 'a removal that was stopped and is run again removes the next daxdev',
      killer: 'commands/daxdevRemove',
    },
  ]),
  ...breaksOf('src/fs/allocate/relocation.ts', [
    {
      from: '.sort((a, b) => stripsOn(a) - stripsOn(b))',
      to: '',
      why: 'two strips of a file are on one daxdev although another has room',
      killer: 'commands/daxdevRemove',
    },
  ]),
  ...breaksOf('src/fs/rewrite/rewritePlan.ts', [
    {
      from: '  if (skipped === 0) return;',
      to: '  if (skipped >= 0) return;',
      why: 'entries that fsck may repair are dropped in passing',
      killer: 'commands/rm',
    },
  ]),
  ...breaksOf('src/fs/rewrite/wipe.ts', [
    {
      from: 'without(ledger.holes(size, unit), before)',
      to: 'without(ledger.holes(size, unit), [])',
      why: 'all free space is wiped, a journal in it too',
      killer: 'commands/rm',
      title: 'rm --wipe stores zeros',
    },
  ]),
  ...breaksOf('src/fs/pool/historyWatch.ts', [
    {
      from: '    if (isRewriting(reading)) throw rewriting(path);',
      to: '',
      why: 'a log that is being rewritten is read as a damaged one, with wrong names',
      killer: 'fs/rewrite/stopped',
    },
  ]),
  ...breaksOf('src/fs/fsck/repairs/planRepairs.ts', [
    {
      from: '  if (inspection.rewriting !== undefined)',
      to: '  if (inspection.rewriting === null)',
      why: 'a log that is being rewritten is left as it is',
      killer: 'fs/rewrite/stopped',
    },
  ]),
];
