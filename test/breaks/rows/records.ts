import { type Break, breaksOf } from '../break.js';

/** Breaks of src/format and of the catalogue of findings that have no rows in test/breaks/rows/format.ts and fsck.ts. */
export const recordsBreaks: readonly Break[] = [
  ...breaksOf('src/format/entries/layout.ts', [
    {
      from: '  fileGid: file.gid,\n',
      to: '  fileGid: file.uid,\n',
      why: 'files have the uid as their group wherever the addon reads the log',
      killer: 'fs/log/applyLog',
    },
    {
      from: 'crcSpan: LOG_ENTRY_CRC_SPAN,',
      to: 'crcSpan: LOG_ENTRY_CRC_SPAN - 8,',
      why: 'entries whose last bytes are damaged are taken as sound',
      killer: 'fs/log/applyLog',
    },
  ]),
  ...breaksOf('src/format/fieldText.ts', [
    {
      from: 'for (; at + 4 <= to; at += 4) bits |=',
      to: 'for (; at + 8 <= to; at += 4) bits |=',
      why: 'none: the bytes that are left are looked at one by one',
      killer: 'fs/fsck/fields',
      equivalent: 'the next loop looks at each byte that this one leaves',
    },
  ]),
  ...breaksOf('src/format/entries/claimant.ts', [
    {
      from: '      return entry;\n',
      to: '      return undefined;\n',
      why: 'whois calls the space of files free',
      killer: 'commands/whois',
      title: 'whois names',
    },
  ]),
  ...breaksOf('src/format/entries/entryTypes.ts', [
    {
      from: 'types[type.code] = type as',
      to: 'types[type.code & 1] = type as',
      why: 'daxdevs that were added are missing, and entries of an unknown type are read as files',
      killer: 'format/golden',
    },
  ]),
  ...breaksOf('src/format/entries/rawEntry.ts', [
    {
      from: 'PAYLOAD_OFFSET, type.struct.name, replaced),',
      to: 'PAYLOAD_OFFSET, type.struct.name, []),',
      why: 'inspect shows extents twice: as fields and as bytes',
      killer: 'commands/inspect',
      title: 'every field',
    },
  ]),
  ...breaksOf('src/format/firstIndex.ts', [
    {
      from: '    if (holds(middle)) high = middle;\n',
      to: '    if (holds(middle)) high = Math.max(middle - 1, low);\n',
      why: 'the hole that is found is not the first that suits, and used space may be taken for free',
      killer: 'fs/allocate/freeSpace',
      title: 'random requests',
    },
  ]),
  ...breaksOf('src/format/kernel/daxdevForm.ts', [
    {
      from: 'path === undefined || isDevice ? NONE : [`',
      to: 'path === undefined || !isDevice ? NONE : [`',
      why: 'kernel maps of images are said to work, and those of devices not',
      killer: 'commands/daxdevList',
      title: 'replies name slot',
    },
  ]),
  ...breaksOf('src/format/kernel/v2Revisions.ts', [
    {
      from: '(stated > LONGEST_PROBED ? undefined :',
      to: '(stated < 0 ? undefined :',
      why: 'a map that a kernel gives up on is called sound',
      killer: 'format/kernel/v2',
    },
  ]),
  ...breaksOf('src/format/listed.ts', [
    {
      from: '{items.length - MOST_NAMED} more',
      to: '{items.length} more',
      why: 'messages about many daxdevs count those twice that they name',
      killer: 'scenarios/hints',
      title: 'messages about a pool',
    },
  ]),
  ...breaksOf('src/format/kernel/v2Parts.ts', [
    {
      from: 'const next = end === reply.length ? -1 : end;',
      to: 'const next = end;',
      why: 'a kernel that reads a map in pages never comes to its end',
      killer: 'commands/showfmap',
      title: 'the pages of a reply',
    },
  ]),
  ...breaksOf('src/format/metadataImage.ts', [
    {
      from: 'if (daxdevs.length === 0 || daxdevs.length > MOST_IMAGE_DAXDEVS) return undefined;',
      to: '',
      why: 'a hostile dump makes restore open files without end',
      killer: 'commands/restore',
      title: 'a hostile or damaged image',
    },
  ]),
  ...breaksOf('src/format/rewriteJournal.ts', [
    {
      from: 'return JOURNAL_HEAD + entries * LOG_ENTRY_SIZE;',
      to: 'return entries * LOG_ENTRY_SIZE;',
      why: 'the journal of a rewrite runs into the file after its place',
      killer: 'fs/rewrite/fragmented',
      title: 'the journal goes into',
    },
  ]),
  ...breaksOf('src/format/superblock.ts', [
    {
      from: "unit === SMALL_PAGE ? '4 KiB' : unit === HUGE_PAGE",
      to: "unit === HUGE_PAGE ? '4 KiB' : unit === HUGE_PAGE",
      why: 'messages name a wrong allocation unit',
      killer: 'commands/apply',
      title: 'the allocation unit',
    },
  ]),
  ...breaksOf('src/fs/fsck/catalogue/catalogue.ts', [
    {
      from: 'CATALOGUE[code].severity === severity',
      to: "CATALOGUE[code].severity === severity || severity === 'error'",
      why: 'fsck exits with 4 because of warnings',
      killer: 'fs/fsck/kernel',
      title: '--kernel warns',
    },
  ]),
  ...breaksOf('src/fs/fsck/catalogue/log.ts', [
    {
      from: '{end - 1}, with bad',
      to: '{end}, with bad',
      why: 'fsck names one slot too many',
      killer: 'fs/fsck/texts',
    },
  ]),
  ...breaksOf('src/fs/fsck/catalogue/text.ts', [
    {
      from: "Number.isFinite(value) ? String(value) : 'over 2^53-1'",
      to: 'String(value)',
      why: 'fsck prints Infinity for damaged numbers',
      killer: 'fs/fsck/texts',
    },
  ]),
  ...breaksOf('src/fs/fsck/catalogue/tree.ts', [
    {
      from: '{hex(deviceOffset + length)} of daxdev',
      to: '{hex(length)} of daxdev',
      why: 'fsck names a wrong end of the space that two files share',
      killer: 'fs/fsck/texts',
    },
  ]),
  ...breaksOf('src/fs/fsck/catalogue/kernel.ts', [
    {
      from: "severity: 'warning',",
      to: "severity: 'error',",
      why: 'fsck --kernel exits with 4 for a sound file system',
      killer: 'fs/fsck/kernel',
      title: '--kernel warns',
    },
  ]),
  ...breaksOf('src/fs/fsck/catalogue/pool.ts', [
    {
      from: "if (kind === 'secondary') return",
      to: "if (kind !== 'secondary') return",
      why: 'fsck says of copies of a secondary that they are of the primary',
      killer: 'fs/fsck/texts',
    },
  ]),
  ...breaksOf('src/fs/fsck/catalogue/entry.ts', [
    {
      from: "severity: 'warning',",
      to: "severity: 'error',",
      why: 'fsck exits with 4 because of a name that is not UTF-8',
      killer: 'fs/fsck/fields',
      title: 'fsck names path that is not UTF-8',
    },
  ]),
  ...breaksOf('src/fs/fsck/catalogue/findingRow.ts', [
    {
      from: 'return { code, severity, ...place, count,',
      to: 'return { code, severity, count,',
      why: 'findings in JSON do not say where they are',
      killer: 'library/famfs',
      title: 'a check lists',
    },
  ]),
  ...breaksOf('src/format/poolLabel.ts', [
    {
      from: 'if (length > MAX_LABEL_BYTES) return',
      to: 'if (length > MAX_LABEL_BYTES + 1) return',
      why: 'a label of 64 bytes is accepted and cut off',
      killer: 'commands/mkfs',
      title: 'mkfs gives the file system',
    },
    {
      from: 'return /[\\p{Cc}/:]/u.test(label)',
      to: 'return /[/:]/u.test(label)',
      why: 'labels may have escapes for the terminal in them',
      killer: 'commands/mkfs',
      title: 'mkfs gives the file system',
    },
  ]),
  ...breaksOf('src/format/entries/encoder.ts', [
    {
      from: '    this.#image.fill(0);\n',
      to: '',
      why: 'an entry has remains of the one that was written before it',
      killer: 'format/entries/encoder',
    },
  ]),
  ...breaksOf('src/format/fileYaml.ts', [
    {
      from: 'return PLAIN.test(text) && !AMBIGUOUS.test(text);',
      to: 'return PLAIN.test(text);',
      why: 'a file called true or 0x10 has another name in the shadow tree',
      killer: 'format/fileYaml',
    },
  ]),
  ...breaksOf('src/format/fault.ts', [
    {
      from: 'COVERAGE_SHORT: { usable: false },',
      to: 'COVERAGE_SHORT: { usable: true },',
      why: 'files whose extents are too short are read beyond them',
      killer: 'format/fault',
    },
    {
      from: 'return faults.every((fault) =>',
      to: 'return faults.some((fault) =>',
      why: 'an entry with a harmless fault is used although it has a grave one too',
      killer: 'format/fault',
    },
  ]),
  ...breaksOf('src/format/counted.ts', [
    {
      from: 'count === 1 ? one : several',
      to: 'one',
      why: "logplay says '3 strip'",
      killer: 'commands/output/entryList',
      title: 'many entries',
    },
  ]),
  ...breaksOf('src/format/logHistory.ts', [
    {
      from: 'LOG_HISTORY_MAGIC = 0x686973746f72;',
      to: 'LOG_HISTORY_MAGIC = 0x686973746f73;',
      why: 'this release does not find the history that another one has written, and takes the log for one that was never rewritten',
      killer: 'format/ownRecords',
    },
    {
      from: 'LOG_HISTORY_VERSION = 1;',
      to: 'LOG_HISTORY_VERSION = 2;',
      why: 'this release refuses the history that another one has written',
      killer: 'format/ownRecords',
    },
    {
      from: "  fsUuid: uuid('the file system that it belongs to; one with another uuid is a leftover'),\n  historyUuid: uuid('of the history that the log tells: random, new with each rewrite'),\n",
      to: "  historyUuid: uuid('of the history that the log tells: random, new with each rewrite'),\n  fsUuid: uuid('the file system that it belongs to; one with another uuid is a leftover'),\n",
      why: 'a log that another version has rewritten is taken for one that was never rewritten',
      killer: 'format/struct',
    },
  ]),
];
