import { type Break, breaksOf } from '../break.js';

/** What makes, moves and rewrites. */
export const commandsWritingBreaks: readonly Break[] = [
  ...breaksOf('src/commands/apply.ts', [
    {
      from: '    exitCode: failures.exitCode,\n',
      to: '    exitCode: 0,\n',
      why: 'apply ends with 0 although a file could not be made',
      killer: 'commands/apply',
      title: 'a wrong sha256 makes no file',
    },
  ]),
  ...breaksOf('src/commands/balance.ts', [
    {
      from: 'forSize.some((value) => value !== undefined)',
      to: 'forSize.length === 0',
      why: 'balance ignores a layout that has no files',
      killer: 'commands/balance',
      title: 'balance refuses a layout',
    },
  ]),
  ...breaksOf('src/commands/clone.ts', [
    {
      from: 'defaults: interleave ?? source.defaultInterleave',
      to: 'defaults: interleave',
      why: 'a clone loses the default layout of its pool',
      killer: 'commands/clone',
      title: 'the label stays',
    },
    {
      from: 'if (error !== undefined) failures.add(error);',
      to: ';',
      why: 'clone ends with 0 although a copy is wrong',
      killer: 'commands/clone',
      title: 'a file whose copy is wrong',
    },
  ]),
  ...breaksOf('src/commands/cp.ts', [
    {
      from: 'if (skipBad) throw',
      to: 'if (false) throw',
      why: 'cp --skip-bad into the file system is accepted and does nothing',
      killer: 'commands/cp',
      title: 'options that contradict',
    },
  ]),
  ...breaksOf('src/commands/daxdevMode.ts', [
    {
      from: "signal.addEventListener('abort', wait);",
      to: '',
      why: 'Ctrl-C during the switch leaves a device without a driver',
      killer: 'commands/daxdevMode',
      title: 'a signal during the switch',
    },
  ]),
  ...breaksOf('src/commands/daxdevRemove.ts', [
    {
      from: 'path: candidates.length === 1 ? path : undefined',
      to: 'path',
      why: 'of two copies of a daxdev, the wrong one is cleared',
      killer: 'commands/daxdevRemove',
      title: 'of two copies',
    },
    {
      from: 'noteDeparture(context, volume.superblock.fsUuid, evacuation.member, historyUuid);',
      to: '',
      why: 'daxdev remove that was stopped before its last step cannot be finished',
      killer: 'commands/daxdevRemove',
      title: 'a removal that was stopped',
    },
  ]),
  ...breaksOf('src/commands/daxdevReplace.ts', [
    {
      from: 'noteDeparture(context, volume.superblock.fsUuid, replacement.member, historyUuid);',
      to: '',
      why: 'daxdev replace that was stopped before its last step cannot be finished',
      killer: 'commands/daxdevReplace',
      title: 'a replacement that was stopped',
    },
    {
      from: 'leftPath !== undefined && isOne &&',
      to: 'leftPath !== undefined &&',
      why: 'of two copies of a daxdev, the wrong one is cleared',
      killer: 'commands/daxdevReplace',
      title: 'of two copies',
    },
  ]),
  ...breaksOf('src/commands/daxdevResize.ts', [
    {
      from: 'if (!dryRun) refuseInUse(volume);',
      to: '',
      why: 'the size of a daxdev is changed while programs map its files',
      killer: 'commands/daxdevResize',
      title: 'a daxdev that a process',
    },
    {
      from: 'afterCommit: recordSize,',
      to: '',
      why: 'a primary that grew keeps its old size',
      killer: 'commands/daxdevResize',
      title: 'a primary that grew',
    },
  ]),
  ...breaksOf('src/commands/chmod.ts', [
    {
      from: "numberArgument('mode', 'MODE', text)",
      to: "numberArgument('integer', 'MODE', text)",
      why: 'chmod 644 sets decimal bits',
      killer: 'commands/chmod',
    },
  ]),
  ...breaksOf('src/commands/chown.ts', [
    {
      from: "const group = colon < 0 ? '' : text.slice(colon + 1);",
      to: 'const group = text.slice(colon + 1);',
      why: 'chown USER changes the group too',
      killer: 'commands/chown',
    },
  ]),
  ...breaksOf('src/commands/mv.ts', [
    {
      from: 'movePaths(tree, paths, target, force, allowBytes)',
      to: 'movePaths(tree, paths, target, true, allowBytes)',
      why: 'mv replaces a file without --force',
      killer: 'commands/mv',
      title: 'what mv refuses',
    },
  ]),
  ...breaksOf('src/commands/rm.ts', [
    {
      from: 'removePaths(tree, paths, recursive)',
      to: 'removePaths(tree, paths, true)',
      why: 'rm removes directories without -r',
      killer: 'commands/rm',
      title: 'all paths are removed',
    },
    {
      from: 'beforeCommit: wipe ? ',
      to: 'beforeCommit: !wipe ? ',
      why: 'rm --wipe leaves the bytes of the files in memory',
      killer: 'commands/rm',
      title: 'rm --wipe',
    },
  ]),
  ...breaksOf('src/commands/truncate.ts', [
    {
      from: 'shorten(volume, tree, paths, size),',
      to: 'shorten(volume, tree, paths, size - 1),',
      why: 'truncate keeps a byte less than was asked for',
      killer: 'commands/truncate',
    },
  ]),
  ...breaksOf('src/commands/undo.ts', [
    {
      from: '      force,\n      dryRun,\n',
      to: '      force: true,\n      dryRun,\n',
      why: 'undo overwrites what was changed after the repair',
      killer: 'commands/undo',
    },
  ]),
  ...breaksOf('src/commands/restore.ts', [
    {
      from: '  if (onto && !force && !dryRun)\n',
      to: '  if (false)\n',
      why: 'restore --onto overwrites a file system without --force',
      killer: 'commands/restore',
    },
    {
      from: 'const openUndo = noUndo ? undefined',
      to: 'const openUndo = !noUndo ? undefined',
      why: 'restore --onto saves nothing of what it overwrites',
      killer: 'commands/restore',
      title: '--onto brings back',
    },
  ]),
  ...breaksOf('src/commands/logCompact.ts', [
    {
      from: '() => undefined, { dropSkipped })',
      to: '() => undefined, { dropSkipped: true })',
      why: 'log compact gives up entries without being asked',
      killer: 'commands/logCompact',
    },
  ]),
  ...breaksOf('src/commands/mkfs.ts', [
    {
      from: 'if (kill && force === 0) throw',
      to: 'if (false) throw',
      why: 'mkfs --kill destroys a file system without --force',
      killer: 'commands/mkfs',
      title: '--kill sets the magic',
    },
    {
      from: '!isUuid(uuid) || uuid === NIL_UUID',
      to: '!isUuid(uuid)',
      why: 'mkfs makes a file system with the nil uuid',
      killer: 'commands/mkfs',
      title: 'mkfs gives the file system a uuid',
    },
  ]),
  ...breaksOf('src/commands/mount.ts', [
    {
      from: "refuseOthers(options, given, 'list');",
      to: '',
      why: 'mount --list ignores other options',
      killer: 'scenarios/dryRuns',
      title: 'a dry run is refused',
    },
  ]),
  ...breaksOf('src/commands/mounting/background.ts', [
    {
      from: "if ('error' in report) throw",
      to: 'if (false) throw',
      why: 'mount succeeds although nothing is mounted',
      killer: 'commands/mount',
      title: 'what cannot be mounted',
    },
  ]),
  ...breaksOf('src/commands/transfer/copyIn.ts', [
    {
      from: 'options.mode & ~context.umask',
      to: 'options.mode',
      why: 'cp -m ignores the umask',
      killer: 'scenarios/referenceWords',
      title: 'cp -m, -u and -g',
    },
  ]),
  ...breaksOf('src/commands/transfer/copyOut.ts', [
    {
      from: 'owner ?? archive ?? uid === 0',
      to: 'owner ?? archive ?? false',
      why: 'root loses owners when it copies',
      killer: 'commands/cp',
      title: 'root keeps owner',
    },
    {
      from: 'for (const error of copied.flatMap(holeErrors)) failures.add(error);',
      to: '',
      why: 'a copy with holes ends with 0',
      killer: 'fs/transfer/copyOut',
      title: 'get --skip-bad',
    },
  ]),
  ...breaksOf('src/commands/transfer/eachFile.ts', [
    {
      from: 'failures.add(asFileError(error));',
      to: '',
      why: 'verify of a missing file ends with 0',
      killer: 'commands/verify',
    },
  ]),
  ...breaksOf('src/commands/transfer/fillFiles.ts', [
    {
      from: 'if (seed !== undefined && zero) throw',
      to: 'if (false) throw',
      why: 'creat --seed --zero ignores one of them',
      killer: 'commands/creat',
      title: 'a seed and zeros',
    },
  ]),
  ...breaksOf('src/commands/transfer/poisonCheck.ts', [
    {
      from: 'if (threads !== undefined && scope === undefined)',
      to: 'if (false)',
      why: 'info --threads does nothing without a word',
      killer: 'scenarios/idleOptions',
    },
  ]),
  ...breaksOf('src/commands/transfer/runTransfer.ts', [
    {
      from: "context.signal.addEventListener('abort', listen);",
      to: '',
      why: 'Ctrl-C between two files kills the command, without a word about what it leaves',
      killer: 'commands/cp',
      title: 'from the first file',
    },
  ]),
];
