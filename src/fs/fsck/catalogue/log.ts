import { hex } from '../../../format/fieldText.js';
import { LOG_MAGIC } from '../../../format/logHeader.js';
import type { FindingCode, FindingValues } from '../../finding/values.js';
import type { RowsOf } from './row.js';
import { decimal } from './text.js';

const COMMON = {
  stage: 'log',
  severity: 'error',
  usable: false,
  advice: 'Nothing is appended to this log until its header is repaired.',
} as const;
const FROM_SUPERBLOCK = {
  repair: 'preen',
  repairs: ['LOG_HEADER'],
  how: 'Rewritten from a sound superblock and the complete entries; only with -y or if confirmed when no field of the old header and no entry proves that there is a log, or when some slots hold no entry any more.',
} as const;
const FROM_ENTRIES = {
  repair: 'preen',
  repairs: ['LOG_COUNT', 'LOG_HEADER'],
  how: 'Set to the slot after the last complete entry.',
} as const;

export const logRows = {
  LOG_MAGIC: {
    ...COMMON,
    ...FROM_SUPERBLOCK,
    summary: 'log header magic is wrong',
    message: ({ found }) => `magic is ${hex(found)}, must be ${hex(LOG_MAGIC)}`,
  },
  LOG_CRC: {
    ...COMMON,
    ...FROM_SUPERBLOCK,
    summary: 'log header CRC is wrong',
    message: ({ found, computed }) => `CRC is ${hex(found)}, computed ${hex(computed)}`,
  },
  LOG_LENGTH: {
    ...COMMON,
    repair: 'partly',
    repairs: ['LOG_HEADER'],
    summary: 'log lengths in the log header and the superblock differ',
    message: ({ found, superblock }) => `length is ${decimal(found)}, the superblock says ${superblock}`,
    how: 'Rewritten from a sound superblock, unless the header is sound too: then which one is right cannot be determined.',
  },
  LOG_LAST_INDEX: {
    ...COMMON,
    ...FROM_SUPERBLOCK,
    summary: 'last index does not match the log length',
    message: ({ found, allowed }) => `last index is ${decimal(found)}, must be ${allowed} for this log`,
  },
  LOG_NEXT_RANGE: {
    ...COMMON,
    ...FROM_ENTRIES,
    summary: 'next index lies beyond the end of the log',
    message: ({ found, most }) => `next index is ${decimal(found)}, must be at most ${most}`,
  },
  LOG_NEXT_MISMATCH: {
    ...COMMON,
    ...FROM_ENTRIES,
    summary: 'next sequence number and next index differ',
    advice: 'If a crash between the two caused this, the next append corrects it; anything else is damage.',
    message: ({ nextSequence, nextIndex }) =>
      `next sequence number is ${decimal(nextSequence)}, next index is ${decimal(nextIndex)}`,
  },
  LOG_REWRITING: {
    ...COMMON,
    repair: 'partly',
    repairs: ['LOG_REWRITE'],
    summary: 'the log is being rewritten, or a rewrite was interrupted',
    advice: 'No reader uses this log until the rewrite is complete.',
    message: rewritingText,
    how: 'Completed from the journal, or dropped if the old log is still untouched. A journal in a file of the Master must be named with --journal; if the journal is damaged, nothing is done.',
  },
  LOG_ENTRY_BEYOND: {
    ...COMMON,
    repair: 'preen',
    repairs: ['LOG_COUNT', 'LOG_HEADER'],
    summary: 'there are complete entries at and beyond the next index',
    advice: 'An append was interrupted, or the header lost count; nothing is appended over these entries.',
    message: ({ from, end, complete }) =>
      from + complete === end
        ? `the header does not count ${complete} complete ${complete === 1 ? 'entry' : 'entries'}, from slot ${from}`
        : `the header does not count the complete entries in slots ${from} to ${end - 1}, with bad ones among them`,
    how: 'Counted; only with -y or if confirmed when bad slots are among them, or when one of them takes a name or space of another entry.',
  },
} as const satisfies RowsOf<Exclude<Extract<FindingCode, `LOG_${string}`>, 'LOG_HISTORY'>>;

function rewritingText(values: FindingValues['LOG_REWRITING']): string {
  switch (values.state) {
    case 'whole':
      return 'the log is whole, but its header says that it is being rewritten';
    case 'journal':
      return `the log is being rewritten, with ${values.entries} entries`;
    case 'in file':
      return 'the log is being rewritten, and its journal is in a file of the Master: name it with --journal';
    case 'lost':
      return `the log is being rewritten, but its journal ${values.why}`;
  }
}
