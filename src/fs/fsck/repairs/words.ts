/** Descriptions of the repairs: as the beginning of a question, and as a row of docs/fsck.md. */
import { counted } from '../../../format/counted.js';
import type {
  CountChange,
  EntryBit,
  EntryConflict,
  MemberEvidence,
  RepairId,
  RepairValues,
  RestoredPart,
} from './values.js';

export interface RepairRow<I extends RepairId> {
  /** for a documentation table, by option */
  readonly by: readonly (readonly [option: '-p' | '-y', what: string])[];
  /** as the beginning of a question: "count 3 complete entries" */
  action(values: RepairValues[I]): string;
}

const SECONDARY: Readonly<Record<MemberEvidence, string>> = {
  uuids: '',
  'uuids despite crc': ', although its CRC is right',
  'device uuid': ', whose device uuid it has',
  'uuids without magic': ', whose uuids it has',
  'only one missing': ', the only one of its size that is missing',
};

export const REPAIRS: { readonly [I in RepairId]: RepairRow<I> } = {
  SUPERBLOCK: {
    by: [
      [
        '-y',
        'restores magic, version or one bit if that makes the CRC right; otherwise rebuilds the superblock, as "Who is the Master" says',
      ],
    ],
    action: (values) => ('restored' in values ? restoring(values.device, values.restored) : rebuilding(values)),
  },
  DEVICE_SIZE: {
    by: [['-p', 'sets the real size; on the primary only with -y where files lie beyond it']],
    action: ({ device, size, filesBeyond }) =>
      `set device size ${size}${filesBeyond ? ', although files lie beyond it,' : ''} in the superblock of ${device}`,
  },
  FLAGS: {
    by: [['-p', 'sets 0, or 1 on the primary of a pool, or 2 on a secondary']],
    action: ({ device, flags }) => `set flags ${flags} in the superblock of ${device}`,
  },
  NAME: {
    by: [['-p', 'rewrites the name: the path that was checked']],
    action: ({ device }) => `rewrite the device name in the superblock of ${device}`,
  },
  RESERVED: {
    by: [['-y', 'clears them']],
    action: ({ device }) => `clear reserved bytes in the superblock of ${device}`,
  },
  RECORD: {
    by: [['-y', 'clears the damaged record, unless it is whole and of another version, which a newer famfs wrote']],
    action: ({ device, record }) => `clear the damaged ${record} on ${device}`,
  },
  ENTRY_BITS: {
    by: [['-y', 'flips one bit of an entry back, if that makes the entry whole']],
    action: ({ bits, conflict }) => `${flippingBits(bits)}${conflicting(conflict)}`,
  },
  LOG_HEADER: {
    by: [
      ['-p', 'rewrites the header: its fixed part from a sound superblock, its count from the complete entries'],
      [
        '-y',
        'the same where nothing proves that there is a log (no field of the old header is right, and there are no entries), where the old header counted more slots, where slots before the last entry are all zeros, or where an entry that it counts again takes the path or the space of another',
      ],
    ],
    action: rewritingHeader,
  },
  LOG_COUNT: {
    by: [
      [
        '-p',
        'corrects next index and sequence number: complete entries are counted, one torn entry at the end is dropped',
      ],
      [
        '-y',
        'the same where something is given up: several empty slots, slots that the other number counts, or a last entry that was damaged later; and where an entry takes the path or the space of another',
      ],
    ],
    action: counting,
  },
  LOG_REWRITE: {
    by: [['-p', 'completes a rewrite of the log from its journal, or drops it if the old log is still untouched']],
    action: ({ entries }) =>
      entries === null
        ? 'restore the magic of the log header: the log is whole'
        : `complete the rewrite of the log, with ${counted(entries, 'entry', 'entries')}`,
  },
  MEMBER: {
    by: [
      [
        '-p',
        'rebuilds the superblock of a secondary from its log entry and the primary: both uuids are right, the CRC is not',
      ],
      [
        '-y',
        'the same where its CRC is right, but it names another Master or a log; where its version is wrong and its CRC is right with ours; where one of its uuids is damaged too; where it was named, its magic or all of it is gone, and no other daxdev of its size is missing',
      ],
    ],
    action: (values) =>
      'restored' in values
        ? restoring(values.device, values.restored)
        : `rebuild the superblock of ${values.device} as that of daxdev ${values.daxdev} (uuid ${values.uuid})${SECONDARY[values.evidence]}`,
  },
  ORPHAN: {
    by: [['-y', 'appends the ADD_DAXDEV entry of a secondary that is not in the log']],
    action: ({ device, uuid }) => `add ${device} (uuid ${uuid}) to the log as a daxdev of the pool`,
  },
};

/** A repair as the beginning of a question. */
export function actionOf<I extends RepairId>({
  id,
  values,
}: {
  readonly id: I;
  readonly values: RepairValues[I];
}): string {
  return REPAIRS[id].action(values);
}

function restoring(device: string, restored: RestoredPart): string {
  return restored.part === 'bit'
    ? `flip bit ${restored.bit} of byte ${restored.byte} of the superblock of ${device} back, which makes its CRC right`
    : `restore the ${restored.part} of the superblock of ${device}, which makes its CRC right`;
}

function rebuilding({
  device,
  sources,
  master,
  doubtedMaster,
}: Exclude<RepairValues['SUPERBLOCK'], { restored: RestoredPart }>): string {
  const doubt =
    doubtedMaster === null ? 'which nothing else confirms' : `although the damaged one names ${doubtedMaster}`;
  const owner = master === null ? `this host as its Master, ${doubt}` : `Master ${master}`;
  return `rebuild the superblock of ${device} from ${['its log', ...sources].join(' and ')}, with ${owner}`;
}

function flippingBits(bits: readonly EntryBit[]): string {
  const [first] = bits;
  const { slot, byte, bit } = first as EntryBit;
  const where = `bit ${bit} of byte ${byte} of log entry ${slot}`;
  return bits.length === 1
    ? `flip ${where} back, which makes the entry whole`
    : `flip one bit back in each of ${bits.length} log entries, which makes them whole (${where}, and so on)`;
}

function counting(values: CountChange): string {
  if (values.change === 'next index' || values.change === 'next sequence') {
    const { change, nextIndex, counted: before } = values;
    const what =
      change === 'next index' ? `next index ${nextIndex}` : `next sequence number ${nextIndex}, the next index`;
    return `set ${what}${givingUp(nextIndex, before)}`;
  }
  const { from, end } = values;
  const slots = end - from;
  if (values.change === 'drop')
    return slots === 1
      ? `drop slot ${from} from the count, which holds no complete entry`
      : `drop ${slots} slots from the count, from slot ${from}, which hold no complete entry`;
  const conflict = conflicting(values.conflict);
  if (values.unusable !== null)
    return `count ${slots} slots, from slot ${from}, although slot ${values.unusable} holds no usable entry${conflict}`;
  return `count ${counted(slots, 'complete entry', 'complete entries')}, from slot ${from}${conflict}`;
}

function rewritingHeader({
  nextIndex,
  recognisable,
  counted: before,
  blank,
  conflict,
}: RepairValues['LOG_HEADER']): string {
  const lost = recognisable ? '' : ', although nothing there looks like a log: all files are lost';
  const zeros = `, although ${counted(blank, 'slot')} before that ${blank === 1 ? 'is' : 'are'} all zeros: new files may be placed on the space of their files`;
  return [
    `rewrite the log header, with next index ${nextIndex}`,
    recognisable ? givingUp(nextIndex, before) : lost,
    blank === 0 ? '' : zeros,
    conflicting(conflict),
  ].join('');
}

/** What is lost if fewer slots count than before. */
function givingUp(nextIndex: number, before: number | null): string {
  if (before === null) return '';
  const slots = before - nextIndex === 1 ? `slot ${nextIndex}` : `slots ${nextIndex} to ${before - 1}`;
  return `, although it counted ${counted(before, 'slot')}: the entries of ${slots} are lost`;
}

/** What an entry takes from another one once it is restored. */
function conflicting(conflict: EntryConflict | null): string {
  if (conflict === null) return '';
  const { slot, otherSlot, otherPath, over } = conflict;
  const other = `log entry ${otherSlot}${otherPath === null ? '' : ` (${otherPath})`}`;
  const what = { path: 'has the same path', space: 'has the same space', daxdev: 'is about the same daxdev' }[over];
  return `, although ${other} ${what} as log entry ${slot}`;
}
