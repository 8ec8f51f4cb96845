import { type Break, breaksOf } from '../break.js';

/** What is printed. */
export const commandsOutputBreaks: readonly Break[] = [
  ...breaksOf('src/commands/output/jsonParts.ts', [
    {
      from: 'return this.indent === undefined ? this : new JsonParts',
      to: 'return new JsonParts',
      why: 'logplay --json writes extents with line breaks in the middle of an entry',
      killer: 'commands/output/entryList',
    },
  ]),
  ...breaksOf('src/commands/output/creation.ts', [
    {
      from: 'slot, created, size',
      to: 'slot, created: true, size',
      why: 'creat --exist-ok reports a file as made that was there',
      killer: 'commands/creat',
    },
  ]),
  ...breaksOf('src/commands/output/evacuated.ts', [
    {
      from: ', crowded };',
      to: ', crowded: false };',
      why: 'daxdev remove does not say which files lose their spread',
      killer: 'commands/daxdevRemove',
      title: 'a strip needs one piece',
    },
  ]),
  ...breaksOf('src/commands/output/finding.ts', [
    {
      from: 'count === last - first + 1 ? range',
      to: 'count > 0 ? range',
      why: 'fsck blames entries that are sound',
      killer: 'fs/fsck/repeats',
    },
  ]),
  ...breaksOf('src/commands/output/fmapTable.ts', [
    {
      from: 'hex(deviceOffset), hex(length)]',
      to: 'hex(length), hex(deviceOffset)]',
      why: 'showfmap prints the length as the place',
      killer: 'commands/showfmap',
      title: 'showfmap agrees',
    },
  ]),
  ...breaksOf('src/commands/output/hole.ts', [
    { from: 'human ? humanBytes : String', to: 'String', why: 'df -h --holes prints bytes', killer: 'commands/df' },
  ]),
  ...breaksOf('src/commands/output/kernelFinding.ts', [
    {
      from: 'if (findings.length === 0) return',
      to: 'if (findings.length >= 0) return',
      why: 'every map is shown as one that a kernel accepts',
      killer: 'commands/fmapCheck',
      title: 'fmap check names',
    },
  ]),
  ...breaksOf('src/commands/output/logCounts.ts', [
    {
      from: 'entries: next',
      to: 'entries: next - 1',
      why: 'logplay counts an entry too few',
      killer: 'commands/logplay',
    },
  ]),
  ...breaksOf('src/commands/output/metrics.ts', [
    {
      from: "state === 'present' ? 1 : 0",
      to: "state === 'present' ? 1 : 1",
      why: 'no alarm for a daxdev that is missing',
      killer: 'commands/metrics',
      title: 'metrics counts findings',
    },
  ]),
  ...breaksOf('src/commands/output/nodeLines.ts', [
    {
      from: 'letter.toUpperCase()',
      to: 'letter',
      why: 'ls -l shows that a file may be executed, which it may not',
      killer: 'commands/ls',
      title: 'ls -l shows special bits',
    },
    {
      from: 'mode, uid, gid, parts }]',
      to: 'mode, uid, parts }]',
      why: 'ls -l shows the group of another file',
      killer: 'commands/output/nodeList',
    },
  ]),
  ...breaksOf('src/commands/output/nodeList.ts', [
    {
      from: 'yield headingOf(piece - HEADING);',
      to: 'yield lineOf(walker.node(piece - HEADING));',
      why: 'ls -R prints a directory whose name needs an escape where its heading belongs',
      killer: 'commands/output/nodeList',
    },
    {
      from: 'if (this.#count + more > MANY_ROWS) yield* this.take();',
      to: 'if (this.#count + more > MANY_ROWS) this.#count = 0;',
      why: 'ls -R leaves out directories of a large file system',
      killer: 'commands/ls',
      title: 'ls -R lists more names',
    },
    {
      from: 'for (const piece of print(rows)) yield piece instanceof Uint8Array ? piece : nodeRow(list.walker.node(piece));',
      to: 'for (const piece of print(rows)) if (piece instanceof Uint8Array) yield piece;',
      why: 'ls --json leaves out files whose names need an escape',
      killer: 'commands/output/nodeList',
    },
  ]),
  ...breaksOf('src/commands/output/mapList.ts', [
    {
      from: "    if (!isFirst) yield '';\n",
      to: '',
      why: 'showfmap --all has no empty line between maps that are printed one by one and others',
      killer: 'commands/showfmap',
      title: 'all files at once',
    },
  ]),
  ...breaksOf('src/commands/output/numberTable.ts', [
    {
      from: 'Math.max(widths[i] as number, (row[i] as string).length)',
      to: 'widths[i] as number',
      why: 'columns of numbers do not line up',
      killer: 'commands/output/numberTable',
    },
  ]),
  ...breaksOf('src/commands/output/prometheus.ts', [
    {
      from: ".replaceAll('\"', '\\\\\"')",
      to: '',
      why: 'a label with a quote breaks the metrics',
      killer: 'commands/metrics',
      title: 'labels and help',
    },
  ]),
  ...breaksOf('src/commands/output/scannedLog.ts', [
    {
      from: 'exitCode: none ? EXIT_NONE : 0',
      to: 'exitCode: 0',
      why: 'fsck --scan ends with 0 where there is no log',
      killer: 'commands/fsck',
    },
  ]),
  ...breaksOf('src/commands/output/shadowTree.ts', [
    {
      from: 'exitCode: differences.length === 0 ? 0 : 1',
      to: 'exitCode: 0',
      why: 'logplay --shadow --check ends with 0 in spite of differences',
      killer: 'scenarios/shadow',
      title: '--check names every',
    },
  ]),
  ...breaksOf('src/commands/output/udevEncoded.ts', [
    {
      from: '#+.:=@-]',
      to: '#+.:=@ -]',
      why: 'a label with blanks is two values for udev',
      killer: 'commands/probe',
      title: 'probe prints the keys',
    },
  ]),
  ...breaksOf('src/commands/picture/cellRow.ts', [
    {
      from: 'unusable: size - begin - fileBytes - freeBytes',
      to: 'unusable: size - begin - fileBytes',
      why: 'map counts free space as unusable',
      killer: 'commands/map',
      title: 'map draws every byte',
    },
  ]),
  ...breaksOf('src/picture/pageData.ts', [
    {
      from: 'this.#ends[daxdev] = deviceOffset + length;',
      to: 'this.#ends[daxdev] = deviceOffset;',
      why: 'a page draws files at wrong places',
      killer: 'picture/pageData',
      title: 'a page knows',
    },
  ]),
  ...breaksOf('src/picture/varints.ts', [
    {
      from: '(left % 0x80) | 0x80',
      to: 'left % 0x80',
      why: 'a page draws files with wrong sizes',
      killer: 'picture/pageData',
      title: 'numbers of every',
    },
  ]),
];
