import { type Break, breaksOf } from '../break.js';

export const fsckBreaks: readonly Break[] = [
  ...breaksOf('src/fs/fsck/runner.ts', [
    {
      from: "  primary.lock('exclusive', true);",
      to: '',
      why: 'fsck repairs while a writer appends',
      killer: 'fs/fsck/locks',
    },
  ]),
  ...breaksOf('src/fs/fsck/undo/undo.ts', [
    {
      from: "if (!dryRun) device.lock('exclusive', true);",
      to: '',
      why: 'undo writes while a writer appends',
      killer: 'fs/fsck/locks',
    },
    {
      from: 'refuseClient(host, device.path, superblock.systemUuid);',
      to: 'void refuseClient;',
      why: 'a Client undoes a repair of the Master',
      killer: 'fs/fsck/locks',
    },
  ]),
  ...breaksOf('src/fs/fsck/undo/undoImage.ts', [
    {
      from: "openSync(path, 'wx', 0o600)",
      to: "openSync(path, 'w', 0o600)",
      why: '--undo overwrites a file',
      killer: 'commands/fsck',
      title: '--undo does not',
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
