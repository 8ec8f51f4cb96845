import { type Break, breaksOf } from '../break.js';

/** Breaks of src/fs/allocate, src/fs/log and src/fs/pool. */
export const poolBreaks: readonly Break[] = [
  ...breaksOf('src/fs/allocate/daxWindow.ts', [
    {
      from: 'if (granule - first >= places) yield',
      to: 'if (granule - first > places) yield',
      why: 'the plan for a DAX window maps two granules at one place',
      killer: 'commands/resolve',
      title: 'a window is never',
    },
  ]),
  ...breaksOf('src/fs/allocate/memberSpace.ts', [
    {
      from: 'used: capacity - free,',
      to: 'used: daxdev.size - free,',
      why: 'df counts superblock and log as files',
      killer: 'commands/df',
      title: 'df gives',
    },
  ]),
  ...breaksOf('src/fs/allocate/placer.ts', [
    {
      from: "members.member(index).state === 'present'",
      to: "members.member(index).state !== 'foreign'",
      why: 'new files are placed on a daxdev that is not here',
      killer: 'fs/pool/members',
      title: 'a pool with a missing',
    },
  ]),
  ...breaksOf('src/fs/allocate/random.ts', [
    {
      from: '    left[j] = left[i] as T;\n',
      to: '',
      why: 'two strips of a file go on one daxdev while another gets none',
      killer: 'fs/allocate/placement',
      title: 'with enough daxdevs',
    },
  ]),
  ...breaksOf('src/fs/log/entryColumns.ts', [
    {
      from: 'place = this.after(place))',
      to: 'place = this.seek(place, this.slot(place) + 1))',
      why: 'of files that are appended together, a mount shows only the first until its log is played',
      killer: 'fs/pool/writeSession',
      title: 'whoever watches a session',
    },
    {
      from: 'firstExtent += NUMBERS_PER_EXTENT * (numbers',
      to: 'firstExtent += (numbers',
      why: 'log list shows files after a bad entry with the extents of others',
      killer: 'commands/output/entryList',
    },
    {
      from: 'directories: entries - files,',
      to: 'directories: entries,',
      why: 'log diff counts files as directories',
      killer: 'commands/output/entryList',
    },
  ]),
  ...breaksOf('src/fs/log/entryRecord.ts', [
    {
      from: '        if (to.numbers > from.numbers) yield new EntryRun(columns, from, to.numbers);\n',
      to: '',
      why: 'log list leaves out the entries before a bad one',
      killer: 'commands/output/entryList',
    },
  ]),
  ...breaksOf('src/fs/log/extentLedger.ts', [
    {
      from: 'at += 2 * NUMBERS_A_CLAIM',
      to: 'at += 4 * NUMBERS_A_CLAIM',
      why: 'fsck reports every second overlap only',
      killer: 'fs/fsck/overlaps',
      title: 'a file that overlaps two',
    },
  ]),
  ...breaksOf('src/fs/log/findNode.ts', [
    {
      from: "if (node?.kind === 'file' && meansDirectory(given))",
      to: "if (node?.kind === 'file' && given.endsWith('//'))",
      why: 'the path of a file with a slash at its end is taken',
      killer: 'scenarios/operands',
      title: 'a slash at the end',
    },
  ]),
  ...breaksOf('src/fs/log/givenPath.ts', [
    {
      from: "if (names.includes('..')) throw",
      to: "if (names[0] === '..') throw",
      why: 'a path with .. in it goes into the log as it is',
      killer: 'scenarios/operands',
      title: '`..`',
    },
    {
      from: 'given.length <= MAX_PATH_BYTES &&',
      to: 'given.length <= MAX_PATH_BYTES + 1 &&',
      why: 'a path of 80 bytes is taken as plain, although the NUL after it does not fit',
      killer: 'commands/plan',
      title: 'every kind of wrong value',
    },
  ]),
  ...breaksOf('src/fs/log/logOfHeader.ts', [
    {
      from: 'isHeaderSound(log, log.readHeader()) ? log : undefined',
      to: 'true ? log : undefined',
      why: 'what follows a damaged header is taken for a sound log',
      killer: 'commands/fsck',
      title: '--scan finds',
    },
  ]),
  ...breaksOf('src/fs/log/namespace.ts', [
    {
      from: '    if (!fitsField(path)) return undefined;\n',
      to: '',
      why: 'a path too long for a log entry ends the program with an internal error',
      killer: 'commands/ls',
      title: 'ls lists what there is',
    },
    {
      from: 'row === 0 ? 0 : (columns.pathEnds[row - 1] as number)',
      to: 'row === 0 ? 0 : (columns.pathEnds[row - 1] as number) + 1',
      why: 'listed names lack their first character',
      killer: 'fs/log/tree',
    },
  ]),
  ...breaksOf('src/fs/log/replay.ts', [
    {
      from: '} else if (daxdev < MAX_DAXDEVS) this.#claimEarly(daxdev, deviceOffset, end, slot);',
      to: '}',
      why: 'space of files on a daxdev whose own entry is damaged is given away',
      killer: 'fs/fsck/claims',
      title: 'claims on a daxdev hold',
    },
    {
      from: '    if (!usable) return false;\n    for (const report',
      to: '    for (const report',
      why: 'a file whose entry is damaged is listed and read',
      killer: 'fs/log/applyLog',
    },
  ]),
  ...breaksOf('src/fs/log/tree.ts', [
    {
      from: "done[indexOf(directory)] === 1 ? this.#rowsIn(directory, rows) : this.#ordered(directory, 'name')",
      to: 'this.#rowsIn(directory, rows)',
      why: 'ls -R lists directories with names that are not ASCII in the order of the log',
      killer: 'commands/output/nodeList',
    },
    {
      from: 'return row === ROOT_ROW ? 0 : row + 1;',
      to: 'return row === ROOT_ROW ? 0 : row;',
      why: 'directories list what is in others',
      killer: 'fs/log/tree',
    },
  ]),
  ...breaksOf('src/fs/pool/damage.ts', [
    {
      from: "if (!isHeaderSound(log, header)) throw damagedLog(volume, 'its header is damaged');",
      to: '',
      why: 'entries are appended where a damaged header says',
      killer: 'fs/fsck/golden',
      title: 'nothing is appended',
    },
  ]),
  ...breaksOf('src/fs/pool/textTemplate.ts', [
    {
      from: "this.code.push(TEXT_OPS.setWidth, i + 1, (labels[i] ?? '').length,",
      to: 'this.code.push(TEXT_OPS.setWidth, i + 1, 1,',
      why: 'the columns of showfmap --all are narrower than their labels',
      killer: 'commands/showfmap',
      title: '--all prints of each',
    },
    {
      from: 'if (found >= 0) return [found, text.length];',
      to: 'if (found >= 0) return [0, text.length];',
      why: 'showfmap --all prints wrong words between its numbers',
      killer: 'commands/showfmap',
      title: '--all prints of each',
    },
  ]),
  ...breaksOf('src/fs/pool/entryText.ts', [
    {
      from: '      yield { slot: columns.slot(place), entry: columns.entry(place), applied: true };\n',
      to: '',
      why: 'log list leaves out files whose names need an escape',
      killer: 'commands/output/entryList',
    },
  ]),
  ...breaksOf('src/fs/pool/fileText.ts', [
    {
      from: '      if (waiting > 0) yield text.take(block.paths);\n      waiting = 0;\n',
      to: '',
      why: 'files that no template can print come before those that stand before them in the log',
      killer: 'commands/showfmap',
      title: 'all files at once',
    },
  ]),
  ...breaksOf('src/fs/pool/finishRewrite.ts', [
    {
      from: '  refuseClient(host, path, superblock.systemUuid);\n',
      to: '',
      why: 'a Client completes the rewrite of its Master while the Master may be at it',
      killer: 'fs/rewrite/stopped',
    },
  ]),
  ...breaksOf('src/fs/pool/mounted.ts', [
    {
      from: 'famfsMounts(host).findLast(',
      to: 'famfsMounts(host).find(',
      why: 'of two file systems mounted on one directory, the hidden one is worked on',
      killer: 'scenarios/mounted',
      title: 'of two file systems mounted',
    },
  ]),
  ...breaksOf('src/fs/pool/mountedMembers.ts', [
    {
      from: '    const { mountPoint } = this.mount;\n',
      to: '    if (index >= 0) return super.open(index);\n    const { mountPoint } = this.mount;\n',
      why: 'daxdevs that belong to the kernel are searched for and mapped',
      killer: 'scenarios/mounted',
      title: 'commands that need the daxdev',
    },
  ]),
  ...breaksOf('src/fs/pool/openTarget.ts', [
    {
      from: 'return this.mount?.log ?? this.primary;',
      to: 'return this.primary;',
      why: 'two writers append through one mount at the same time',
      killer: 'scenarios/mounted',
      title: 'a writer waits',
    },
  ]),
  ...breaksOf('src/fs/pool/role.ts', [
    {
      from: "    return 'Client';\n  }",
      to: "    return 'Master';\n  }",
      why: 'a host whose own uuid cannot be read counts as the Master',
      killer: 'fs/host/systemUuid',
    },
  ]),
  ...breaksOf('src/fs/pool/sameFs.ts', [
    {
      from: 'return stats === undefined || ',
      to: 'return stats === undefined && ',
      why: 'a follower reads on in an image that another has replaced',
      killer: 'scenarios/follow',
      title: 'a follower notices that the image',
    },
  ]),
  ...breaksOf('src/fs/pool/volume.ts', [
    {
      from: 'size: Math.min(size, superblock.deviceSize || size, Number.MAX_SAFE_INTEGER),',
      to: 'size: Math.min(size, Number.MAX_SAFE_INTEGER),',
      why: 'files are placed beyond the end that the superblock gives the primary',
      killer: 'fs/fsck/repeats',
      title: 'the files that a superblock',
    },
  ]),
  ...breaksOf('src/fs/pool/whois.ts', [
    {
      from: 'if (offset >= size)\n',
      to: 'if (offset > size)\n',
      why: 'whois answers for the byte after the last of a daxdev',
      killer: 'commands/whois',
    },
  ]),
  ...breaksOf('src/fs/pool/resolveUuid.ts', [
    {
      from: 'if (others.length > 0) throw ambiguous(uuid, found);',
      to: '',
      why: 'a beginning that several uuids have stands for any of them',
      killer: 'commands/daxdevResolve',
    },
  ]),
  ...breaksOf('src/fs/pool/nodeText.ts', [
    {
      from: 'if (printed.stopped) yield rows[at++] as number;',
      to: 'if (printed.stopped) at++;',
      why: 'ls leaves out files whose names need escapes',
      killer: 'commands/output/nodeList',
    },
  ]),
];
