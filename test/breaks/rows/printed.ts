import { type Break, breaksOf } from '../break.js';

/** How commands print entries, files, daxdevs, messages to a kernel and findings. */
export const printedBreaks: readonly Break[] = [
  ...breaksOf('src/commands/output/check.ts', [
    {
      from: "no: 'Never repaired.'",
      to: "no: 'Repaired with -y.'",
      why: 'the manual and fsck --list-checks promise repairs that there are not',
      killer: 'meta/commands',
      title: 'every command has a man',
    },
  ]),
  ...breaksOf('src/commands/output/checkProgress.ts', [
    {
      from: "if (last !== '') tell(last);",
      to: '',
      why: 'a front end of fsck(8) never sees a stage end',
      killer: 'scenarios/habits',
      title: 'fsck -C writes',
    },
  ]),
  ...breaksOf('src/commands/output/entryList.ts', [
    {
      from: 'yield last;',
      to: '',
      why: 'logplay does not print the counts under a listing',
      killer: 'commands/output/entryList',
      title: 'many entries',
    },
  ]),
  ...breaksOf('src/commands/output/exportLines.ts', [
    {
      from: `\`\\\\\${char}\``,
      to: 'char',
      why: 'a shell that evaluates what famfs list prints runs what a label says',
      killer: 'commands/list',
    },
  ]),
  ...breaksOf('src/commands/output/extent.ts', [
    {
      from: 'slack: allocated - size',
      to: 'slack: allocated',
      why: 'showfmap says that a file wastes all its space',
      killer: 'commands/showfmap',
      title: 'showfmap agrees',
    },
  ]),
  ...breaksOf('src/commands/output/file.ts', [
    {
      from: 'type: kind, size,',
      to: "type: 'file', size,",
      why: 'directories are shown as files',
      killer: 'commands/stat',
      title: 'stat describes a directory',
    },
  ]),
  ...breaksOf('src/commands/output/kernelDaxdev.ts', [
    {
      from: 'daxdevs.message(hostDaxdev(row), revision)',
      to: 'daxdevs.message(hostDaxdev(row), undefined)',
      why: 'showfmap --daxdevs --revision prints the message of another kernel',
      killer: 'commands/daxdevList',
    },
  ]),
  ...breaksOf('src/commands/output/kernelMessage.ts', [
    {
      from: 'if (page !== undefined) return { ...whole, length, ...page };',
      to: 'return { ...whole, length, ...page };',
      why: 'showfmap prints a page that no kernel would ask for',
      killer: 'commands/showfmap',
      title: 'the pages',
    },
  ]),
  ...breaksOf('src/commands/output/logEntry.ts', [
    {
      from: 'mode: octal(mode), uid, gid };',
      to: 'mode: octal(mode), uid: gid, gid };',
      why: 'logplay prints the group of a file as its owner',
      killer: 'commands/output/entryList',
      title: 'many entries',
    },
  ]),
  ...breaksOf('src/commands/output/many.ts', [
    {
      from: 'many !== undefined && style === PLAIN && !isArray(files)',
      to: 'many !== undefined && !isArray(files)',
      why: 'showfmap --all as pieces has no colour on a terminal',
      killer: 'commands/showfmap',
      title: 'all files at once',
    },
    {
      from: 'if (isArray(files)) return files.map(toRow);',
      to: 'if (isArray(files)) return [];',
      why: 'showfmap --format v2 --json of a single file prints none',
      killer: 'commands/showfmap',
      title: 'a map with a chunk that a form cannot hold',
    },
  ]),
  ...breaksOf('src/commands/output/manyEntries.ts', [
    {
      from: "['gid', gid],",
      to: "['gid', uid],",
      why: 'logplay prints the owner of a file as its group',
      killer: 'commands/output/entryList',
      title: 'many entries',
    },
  ]),
  ...breaksOf('src/commands/output/manyMessages.ts', [
    {
      from: 'first?.stripCount ?? 0',
      to: 'simple.length',
      why: 'showfmap --all counts no strips of an interleaved file',
      killer: 'commands/showfmap',
      title: '--all prints',
    },
  ]),
  ...breaksOf('src/commands/output/member.ts', [
    {
      from: 'if (members.length < 2) return;',
      to: 'return;',
      why: 'fsck does not say how full each daxdev of a pool is',
      killer: 'fs/fsck/pool',
      title: 'fsck reports',
    },
  ]),
  ...breaksOf('src/commands/output/piece.ts', [
    {
      from: 'return { daxdev, deviceOffset, length, fileOffset };',
      to: 'return { daxdev, deviceOffset, length, fileOffset: 0 };',
      why: 'resolve does not say which bytes of the file a piece has',
      killer: 'commands/resolve',
    },
  ]),
  ...breaksOf('src/commands/output/removed.ts', [
    {
      from: 'return { path, type: kind, size, slot };',
      to: "return { path: '', type: kind, size, slot };",
      why: 'rm --json does not name what it has removed',
      killer: 'commands/rm',
      title: 'rm frees',
    },
  ]),
  ...breaksOf('src/commands/output/repair.ts', [
    {
      from: "safety === 'preen' ? '-p or -y' : '-y'",
      to: "'-p or -y'",
      why: 'fsck advises -p for a repair that only -y makes',
      killer: 'fs/fsck/superblock',
      title: 'fsck -y repairs a superblock: the whole block, Master',
    },
  ]),
];
