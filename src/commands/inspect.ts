import { fieldValue, isNumber, numberOf, type RawField } from '../format/rawFields.js';
import { type FindingRow, findingRow } from '../fs/fsck/catalogue/findingRow.js';
import { withDevices, withPrimary } from '../fs/inspect/places.js';
import {
  type InspectedRecord,
  inspectDefaults,
  inspectHeader,
  inspectHistory,
  inspectLabel,
  inspectSlot,
  inspectSuperblock,
} from '../fs/inspect/records.js';
import { type Context, defineCommand, type Result, type Style } from '../ui/command.js';
import { named, UsageError } from '../ui/errors.js';
import { hexDump } from '../ui/hexDump.js';
import { type Column, table } from '../ui/table.js';
import { exactBytes, hex, octal } from '../ui/units.js';
import { parseValue } from '../ui/values.js';
import { deviceOptions } from './options/device.js';
import { numberArgument } from './options/numberArgument.js';
import { findingLine } from './output/finding.js';

export interface InspectDocument {
  /** one, or for superblocks one for each named daxdev */
  readonly records: readonly RecordRow[];
}

interface RecordRow {
  /** of the daxdev, or of the file of a mount that shows a part of it */
  readonly path: string;
  /** its name in docs/format.md */
  readonly record: string;
  /** slot of a log entry; null for other records */
  readonly slot: number | null;
  /** bytes from the start of the daxdev */
  readonly deviceOffset: number;
  /** bytes */
  readonly length: number;
  readonly fields: readonly FieldRow[];
  /** all bytes are 0: nothing was written there */
  readonly blank: boolean;
  readonly checksum: {
    /** hex */
    readonly stored: string;
    /** hex, of the bytes that it covers as they are */
    readonly computed: string;
    readonly right: boolean;
  };
  /** what fsck finds in the record itself; places and repairs do not apply */
  readonly findings: readonly FindingRow[];
  /** all bytes with --hex, two digits each; null without */
  readonly hex: string | null;
}

interface FieldRow {
  /** struct.field, as in docs/format.md, with an index for extents and strips */
  readonly field: string;
  /** u64, uuid, bytes[64] */
  readonly type: string;
  /** bytes from the start of the record */
  readonly offset: number;
  /** bytes */
  readonly length: number;
  /** the bytes as they lie on media, two digits each */
  readonly raw: string;
  /** the exact number in decimal, the uuid, or printable text up to the zeros at its end; null for other bytes */
  readonly value: string | null;
  readonly meaning: string;
}

const RECORDS = ['superblock', 'header', 'slot', 'defaults', 'history', 'label'] as const;
type RecordName = (typeof RECORDS)[number];

/** bytes that the table shows of a field that is no number */
const MOST_SHOWN = 8;

export const command = defineCommand({
  name: 'inspect',
  group: 'Look',
  summary: 'show a record on media field by field, sound or not',
  details: [
    'RECORD is superblock, header (of the log), slot with its number N (a log entry, whether the log counts it or not), defaults (the ' +
      'default interleave of the pool), history (of the log) or label (of the file system). Each field is shown with its offset in the record, its bytes, its value ' +
      'and what it means, then the checksum, and what fsck objects to in the record.',
    'Nothing is refused because it is damaged: this is for damage. If superblock and header do not say how long the log is, it is taken ' +
      'to reach the end of the device. An unknown type of entry is shown as bytes. A record that was never written is all zeros.',
    'Each daxdev of a pool has a superblock: that of the named one is shown, or of each if there are several. The other records are on ' +
      'the primary, which is found from any daxdev of the pool.',
  ],
  examples: [
    { command: 'famfs inspect superblock --dev /dev/dax1.0', explains: 'the superblock of one daxdev' },
    { command: 'famfs inspect slot 12 --hex', explains: 'a log entry, with its bytes' },
  ],
  args: [
    { name: 'RECORD', summary: RECORDS.join(', '), required: true, choices: RECORDS },
    { name: 'N', summary: 'number of the slot', required: false },
  ],
  options: {
    hex: { type: 'boolean', summary: 'the bytes of the record too' },
    ...deviceOptions,
  },
  seeAlso: ['fsck', 'info', 'log list'],
  async run(context, [record = '', number], { hex: withBytes = false, dev }): Promise<Result<InspectDocument>> {
    const name = named('RECORD', () =>
      parseValue({ type: 'string', choices: RECORDS, summary: '' }, record),
    ) as RecordName;
    if (name === 'slot' && number === undefined)
      throw new UsageError('slot: which one?', 'give its number too, as in: famfs inspect slot 12');
    if (name !== 'slot' && number !== undefined)
      throw new UsageError(`${name}: there is only one, but '${number}' is given`, 'leave the number out');
    const slot = number === undefined ? undefined : numberArgument('integer', 'N', number);
    const records = read(context, name, slot ?? 0, dev);
    return {
      data: { records: records.map((one) => recordRow(one, slot ?? null, withBytes)) },
      text: async (style) =>
        (await Promise.all(records.map((one) => recordLines(context, style, one, slot, withBytes)))).flat(),
    };
  },
});

function read(context: Context, name: RecordName, slot: number, dev: readonly string[]): InspectedRecord[] {
  switch (name) {
    case 'superblock':
      return withDevices(context, dev, (places) =>
        places.map(({ device, deviceSize }) => inspectSuperblock(device, deviceSize)),
      );
    case 'header':
      return [withPrimary(context, dev, inspectHeader)];
    case 'slot':
      return [withPrimary(context, dev, (devices) => inspectSlot(devices, slot))];
    case 'defaults':
      return [withPrimary(context, dev, inspectDefaults)];
    case 'label':
      return [withPrimary(context, dev, inspectLabel)];
    case 'history':
      return [withPrimary(context, dev, inspectHistory)];
  }
}

function recordRow(one: InspectedRecord, slot: number | null, withBytes: boolean): RecordRow {
  const { path, record, deviceOffset, bytes, fields, checksum, findings } = one;
  const { stored, computed } = checksum;
  return {
    path,
    record,
    slot,
    deviceOffset,
    length: bytes.length,
    fields: fields.map(fieldRow),
    blank: isBlank(one),
    checksum: { stored: hex(stored), computed: hex(computed), right: isRight(one) },
    findings: findings.map(findingRow),
    hex: withBytes ? bytes.toString('hex') : null,
  };
}

function fieldRow(field: RawField): FieldRow {
  const { name, type, offset, bytes, doc } = field;
  const raw = Buffer.from(bytes).toString('hex');
  return { field: name, type, offset, length: bytes.length, raw, value: fieldValue(field) ?? null, meaning: doc };
}

function isBlank({ bytes }: InspectedRecord): boolean {
  return bytes.every((byte) => byte === 0);
}

function isRight({ checksum: { stored, computed } }: InspectedRecord): boolean {
  return stored === BigInt(computed);
}

/** A field as the table shows it. */
interface ShownField {
  readonly offset: number;
  readonly length: number;
  readonly field: string;
  readonly raw: string;
  readonly value: string;
  readonly meaning: string;
}

const COLUMNS: readonly Column<ShownField>[] = [
  { key: 'offset', label: 'offset', align: 'right' },
  { key: 'length', label: 'length', align: 'right' },
  { key: 'field', label: 'field' },
  { key: 'raw', label: 'raw' },
  { key: 'value', label: 'value' },
  { key: 'meaning', label: 'meaning' },
];

async function recordLines(
  context: Context,
  style: Style,
  one: InspectedRecord,
  slot: number | undefined,
  withBytes: boolean,
): Promise<string[]> {
  const { path, record, deviceOffset, bytes, fields, checksum, findings } = one;
  const what = slot === undefined ? record : `${record} of slot ${slot}`;
  const { stored, computed } = checksum;
  return [
    style.bold(`${path}: ${what}, ${bytes.length} bytes at ${hex(deviceOffset)}`),
    ...(await table(context, style, COLUMNS, fields.map(shownField))),
    isBlank(one)
      ? 'checksum: none, all bytes are 0'
      : isRight(one)
        ? `checksum: ${style.green('right')}`
        : `checksum: ${style.red('wrong')}: ${hex(stored)} is stored, the bytes have ${hex(computed)}`,
    ...findings.map((finding) => findingLine(finding, style)),
    ...(withBytes ? hexDump(bytes) : []),
  ];
}

function shownField(field: RawField): ShownField {
  const { name, offset, bytes, doc } = field;
  return { offset, length: bytes.length, field: name, raw: rawText(field), value: valueText(field), meaning: doc };
}

/** A number in hex; a uuid needs nothing besides its value; the first of other bytes. */
function rawText(field: RawField): string {
  const { bytes, type } = field;
  if (isNumber(field)) return hex(numberOf(bytes));
  if (type === 'uuid') return '';
  const shown = Buffer.from(bytes.subarray(0, MOST_SHOWN)).toString('hex');
  return bytes.length > MOST_SHOWN ? `${shown}...` : shown;
}

function valueText(field: RawField): string {
  const value = fieldValue(field);
  if (value === undefined) return 'not text';
  if (!isNumber(field)) return field.type === 'uuid' ? value : `"${value}"`;
  if (field.name.endsWith('.mode')) return octal(Number(value));
  const size = Number(value);
  const isSize = field.doc.startsWith('bytes') && Number.isSafeInteger(size) && size >= 1024;
  return isSize ? `${value} (${exactBytes(size)})` : value;
}
