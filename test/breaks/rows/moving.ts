import { type Break, breaksOf } from '../break.js';

/** Breaks of src/fs/rewrite, src/fs/transfer and src/fs/media. */
export const movingBreaks: readonly Break[] = [
  ...breaksOf('src/fs/rewrite/attributes.ts', [
    {
      from: '    node.size = size;\n    node.changed = true;\n',
      to: '    node.size = size;\n',
      why: 'truncate reports success and leaves the file as it was',
      killer: 'commands/truncate',
    },
    {
      from: 'if (before < size)\n',
      to: 'if (before > 2 ** 53)\n',
      why: 'truncate gives a file a size that its extents do not hold',
      killer: 'commands/truncate',
    },
    {
      from: 'recursive ? subtree(node) : [node]',
      to: 'subtree(node)',
      why: 'chmod of a directory changes everything in it without -R',
      killer: 'commands/chmod',
    },
  ]),
  ...breaksOf('src/fs/rewrite/clearMember.ts', [
    {
      from: 'superblock?.fsUuid !== expected.fsUuid || superblock.deviceUuid !== expected.uuid',
      to: 'superblock === undefined',
      why: 'daxdev remove wipes the superblock of another daxdev that has the path now',
      killer: 'fs/rewrite/clearMember',
    },
    {
      from: '    refuseMounted(host, device);\n',
      to: '',
      why: 'daxdev remove wipes a daxdev that is mounted',
      killer: 'fs/rewrite/clearMember',
    },
  ]),
  ...breaksOf('src/fs/rewrite/departure.ts', [
    {
      from: 'apply([departureStep(device, { fsUuid, historyUuid, daxdev: index })]);',
      to: '{}',
      why: 'a removal that was stopped before its last step cannot be finished by its index',
      killer: 'commands/daxdevRemove',
      title: 'a removal that was stopped',
    },
  ]),
  ...breaksOf('src/fs/rewrite/editedTree.ts', [
    {
      from: 'for (const inside of subtree(node)) inside.removed = true;',
      to: 'node.removed = true;',
      why: 'rm -r leaves entries whose directory is gone',
      killer: 'commands/rm',
      title: 'rm frees',
    },
    {
      from: 'return this.#paths.get(node.slot) === pathOf(node);',
      to: 'return this.#paths.get(node.slot)?.endsWith(node.name) ?? false;',
      why: 'what is in a renamed directory keeps its old path',
      killer: 'commands/mv',
      title: 'mv renames',
    },
  ]),
  ...breaksOf('src/fs/rewrite/evacuation.ts', [
    {
      from: 'if (extents.some(({ daxdev }) => daxdev >= index)) (nodes',
      to: 'if (extents.some(({ daxdev }) => daxdev === index)) (nodes',
      why: 'after a removal, files on later daxdevs point to the wrong one',
      killer: 'commands/daxdevRemove',
      title: 'files move to the other',
    },
    {
      from: 'if (there.length > 0) refuseUnusable(member, there);',
      to: '',
      why: 'a lost daxdev with files on it is said to be removed, and the files have bytes nobody wrote',
      killer: 'commands/daxdevRemove',
      title: 'a daxdev that is lost',
    },
    {
      from: "if (index === 0) throw primaryStays('removed');",
      to: '',
      why: 'the primary, and the log with it, can be removed from its pool',
      killer: 'commands/daxdevRemove',
      title: 'what cannot be done',
    },
  ]),
  ...breaksOf('src/fs/rewrite/journalExtents.ts', [
    {
      from: 'Math.floor((length - head) / LOG_ENTRY_SIZE)',
      to: 'Math.ceil((length - head) / LOG_ENTRY_SIZE)',
      why: 'the journal of a rewrite runs over the end of a hole into a file',
      killer: 'fs/rewrite/fragmented',
      title: 'the journal goes into',
    },
    {
      from: 'extent: { offset: start + head, entries: count }',
      to: 'extent: { offset: start, entries: count }',
      why: 'entries of the journal are written over its own head',
      killer: 'fs/rewrite/fragmented',
      title: 'the journal goes into',
    },
  ]),
  ...breaksOf('src/fs/rewrite/journalPlace.ts', [
    {
      from: "openSync(path, 'wx', 0o600)",
      to: "openSync(path, 'w', 0o600)",
      why: '--journal empties a file of the user',
      killer: 'commands/rm',
      title: 'a full primary',
    },
    {
      from: 'new FreeSpace(replay.daxdevs[0] as LoggedDaxdev, plan.replay.daxdevs[0])',
      to: 'new FreeSpace(replay.daxdevs[0] as LoggedDaxdev)',
      why: 'the journal is written over bytes that were just written to a new place',
      killer: 'scenarios/onConflict',
      title: 'the journal of a rewrite',
    },
    {
      from: '    closeSync(fd);\n    unlinkSync(path);\n',
      to: '    closeSync(fd);\n',
      why: 'the file of the journal stays',
      killer: 'fs/rewrite/stopped',
      title: 'a journal in a file is gone',
    },
  ]),
  ...breaksOf('src/fs/rewrite/move.ts', [
    {
      from: 'if (!bothFiles || !replace)\n',
      to: 'if (!bothFiles)\n',
      why: 'mv replaces a file without --force',
      killer: 'commands/mv',
      title: 'what mv refuses',
    },
    {
      from: 'directoryAt(tree, target, paths.length > 1)',
      to: 'directoryAt(tree, target, false)',
      why: 'mv gives several files one name, one after the other, and with --force only the last is left',
      killer: 'commands/mv',
      title: 'what mv refuses',
    },
    {
      from: '    if (!allowBytes && isUtf8Path(from)) requireUtf8Path(pathOf(node));\n',
      to: '',
      why: 'mv gives names at which the reference tools stop',
      killer: 'scenarios/hostileNames',
      title: 'new names that are not UTF-8',
    },
  ]),
  ...breaksOf('src/fs/rewrite/remove.ts', [
    {
      from: "if (node.kind === 'directory' && !recursive)",
      to: "if (node.kind === 'directory' && !recursive && node.children?.size === 0)",
      why: 'rm removes a directory with everything in it without -r',
      killer: 'commands/rm',
      title: 'all paths',
    },
    {
      from: '    if (node.removed) return [];\n',
      to: '',
      why: 'rm counts what is in a removed directory twice',
      killer: 'commands/rm',
      title: 'all paths',
    },
  ]),
  ...breaksOf('src/fs/transfer/copyMap.ts', [
    {
      from: 'deviceOffset: target.value.offset + at - target.value.start,',
      to: 'deviceOffset: target.value.offset,',
      why: 'clone writes parts of a file over each other where maps differ',
      killer: 'commands/clone',
      title: 'another number of daxdevs',
    },
    {
      from: '    batch = new Map();\n    count = 0;\n  }\n  yield batch;\n',
      to: '    batch = new Map();\n    count = 0;\n  }\n',
      why: 'clone leaves out the last part of each file',
      killer: 'commands/clone',
      title: 'another number of daxdevs',
    },
  ]),
  ...breaksOf('src/fs/transfer/failures.ts', [
    {
      from: "if (reason === 'EUNDERRUN') return changedError",
      to: "if (reason === '') return changedError",
      why: 'a source that becomes shorter is reported with a reason that no manual knows',
      killer: 'fs/transfer/transfer',
      title: 'a source that changes while',
    },
    {
      from: "const code = action === 'read' ? 'CANNOT_READ' : 'CANNOT_WRITE';",
      to: "const code = action === 'read' ? 'CANNOT_WRITE' : 'CANNOT_READ';",
      why: 'a full disk is reported as a file that cannot be read',
      killer: 'commands/cat',
    },
  ]),
  ...breaksOf('src/fs/transfer/localFile.ts', [
    {
      from: "if (now.mtimeMs !== version.mtimeMs) throw changedError(name, 'it was written to');",
      to: '',
      why: 'cp makes a file of old and new bytes of a source that was written to meanwhile',
      killer: 'fs/transfer/transfer',
      title: 'a source that',
    },
    {
      from: 'if (!now.isFile() || now.dev !== version.dev || now.ino !== version.ino)',
      to: 'if (!now.isFile())',
      why: 'cp copies a file that took the place of the source',
      killer: 'fs/transfer/transfer',
      title: 'a source that has changed',
    },
    {
      from: 'return new Set([volume.primary.identity, ...members]);',
      to: 'return new Set([...members.slice(1)]);',
      why: 'cp copies the image of the file system into itself',
      killer: 'commands/cp',
      title: 'the image of the file system',
    },
  ]),
  ...breaksOf('src/fs/transfer/planOut.ts', [
    {
      from: 'if (!into && (paths.length > 1 || target.at(-1) === SLASH)) throw',
      to: 'if (!into && target.at(-1) === SLASH) throw',
      why: 'several files are copied out to one name, and all but the last are lost',
      killer: 'commands/get',
    },
  ]),
  ...breaksOf('src/fs/transfer/targetFolder.ts', [
    {
      from: 'O_RDONLY | O_DIRECTORY | O_NOFOLLOW',
      to: 'O_RDONLY | O_DIRECTORY',
      why: 'a link that appears in the destination while a tree is copied leads the copy outside',
      killer: 'commands/get',
      title: 'symbolic links below',
      equivalent:
        'the name is looked at before it is opened; the flag is for links that appear between the two, which no test can time',
    },
  ]),
  ...breaksOf('src/fs/transfer/sha256.ts', [
    {
      from: 'if (found === expected) return true;',
      to: 'if (found.length === expected.length) return true;',
      why: 'apply accepts a file with another sha256 than the manifest states',
      killer: 'commands/apply',
      title: 'a wrong sha256',
    },
  ]),
  ...breaksOf('src/fs/transfer/stream.ts', [
    {
      from: 'if (isPath && (stats.isFile() || stats.isDirectory())) {',
      to: 'if (isPath && stats.isDirectory()) {',
      why: 'cp -s takes a regular file for a stream',
      killer: 'commands/cp',
      title: 'options that contradict',
    },
  ]),
  ...breaksOf('src/fs/transfer/weighted.ts', [
    {
      from: 'while (used + weight > threads && running.size > 0)',
      to: 'while (used > threads && running.size > 0)',
      why: 'copies use more threads than --threads allows',
      killer: 'fs/transfer/transfer',
      title: 'the total weight',
    },
  ]),
  ...breaksOf('src/fs/media/blkid.ts', [
    {
      from: 'if (status === NOTHING_FOUND) return undefined;',
      to: 'if (status === NOTHING_FOUND || status === null) return undefined;',
      why: 'mkfs overwrites content that a blkid which did not answer could not identify',
      killer: 'fs/media/blkid',
    },
  ]),
  ...breaksOf('src/fs/media/departure.ts', [
    {
      from: 'reading === undefined || commonFault(KIND, reading) !== undefined ? undefined : reading.record',
      to: 'reading?.record',
      why: 'a damaged record decides which daxdev is wiped',
      killer: 'commands/daxdevRemove',
      title: 'an index is refused',
    },
  ]),
  ...breaksOf('src/fs/media/poolLabel.ts', [
    {
      from: 'while (end > 0 && label[end - 1] === 0) end--;',
      to: '',
      why: 'labels are printed with the zeros that pad them',
      killer: 'commands/mkfs',
      title: 'mkfs gives the file system',
    },
  ]),
  ...breaksOf('src/fs/media/poolDefaults.ts', [
    {
      from: 'if (faultOf(reading, allocationUnit) !== undefined) return undefined;',
      to: '',
      why: 'new files are interleaved as a damaged record says',
      killer: 'fs/fsck/pool',
      title: 'a damaged default',
    },
  ]),
  ...breaksOf('src/fs/media/primaryRecord.ts', [
    {
      from: 'return record.crc === crcFound && record.fsUuid !== fsUuid;',
      to: 'return record.crc === crcFound;',
      why: 'label and default interleave of a file system are taken for leftovers of another',
      killer: 'commands/mkfs',
      title: 'mkfs gives the file system',
    },
  ]),
];
