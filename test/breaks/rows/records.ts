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
];
