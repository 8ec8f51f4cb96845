/** The messages for many files at once: byte for byte what kernelMessage.ts prints of each. */
import { D_FLAG_CYCLIC } from '../../format/kernel/dMessage.js';
import type { MapFacts } from '../../format/kernel/facts.js';
import { type JudgedMessage, judgeFile, type KernelFormName } from '../../format/kernel/forms.js';
import type { FilledTemplate, ManyFiles } from '../../fs/pool/fileText.js';
import {
  counted,
  decimal,
  hex,
  ofRecord,
  ofRow,
  PATH,
  type Part,
  parts,
  TextTemplates,
} from '../../fs/pool/textTemplate.js';
import { BETWEEN_ELEMENTS } from '../../ui/json.js';
import { isSafe, needsNoEscape } from '../../ui/text.js';
import { ACCEPTED } from './kernelFinding.js';

type Layout = 'simple' | 'interleaved';
type Row = ReturnType<JudgedMessage['message']['toRow']>;
type Templates = Readonly<Record<Layout, readonly Part[]>>;
type Filled = FilledTemplate<Layout>;

/** How the messages of a form are printed that kernels accept. Value 0 of a file is the length of its message. */
interface MessagePrinter {
  /** the fields in text, after the dump */
  readonly lines: Templates;
  /** the fields in JSON, without braces */
  readonly fields: Templates;
  readonly values: number;
  readonly rowValues: number;
  /** undefined for a message that no file has */
  fill(row: Row, image: Uint8Array): Filled | undefined;
}

const messageLength = decimal(ofRecord(0));

/**
 * Messages as text, or as elements of a JSON array.
 * @param factsOf about the file of a log slot
 */
export function manyMessages(
  form: KernelFormName,
  factsOf: (slot: number) => MapFacts,
  json: boolean,
): ManyFiles<Layout> {
  const { lines, fields, values, rowValues, fill } = form === 'v2' ? v2Printer() : dPrinter();
  const text = (own: readonly Part[]) =>
    parts`${PATH}\n  form ${form}, ${messageLength} of ${messageLength} bytes\n${{ dump: 2 }}${own}  ${ACCEPTED}\n`;
  const element = (own: readonly Part[]) =>
    parts`{"form":"${form}",${own},"path":"${PATH}","bytes":${messageLength},"messageBytes":${messageLength},"hex":"${{ fill: 'hex' }}","findings":[]}`;
  const templates = json
    ? { simple: element(fields.simple), interleaved: element(fields.interleaved) }
    : { simple: text(lines.simple), interleaved: text(lines.interleaved) };
  const isPrintable = json ? needsNoEscape : isSafe;
  return {
    templates: new TextTemplates(templates, { between: json ? BETWEEN_ELEMENTS : '', values, rowValues }),
    fill({ entry: { path, fmap, size }, slot }) {
      if (!isPrintable(path)) return undefined;
      const { image, message, findings } = judgeFile(form, { fmap, size, slot }, factsOf(slot));
      const filled = findings.length === 0 ? fill(message.toRow(), image) : undefined;
      return filled !== undefined && areExact(filled.values) && areExact(filled.rows) ? filled : undefined;
    },
  };
}

function areExact(numbers: readonly number[]): boolean {
  for (let i = 0; i < numbers.length; i++) if (!Number.isSafeInteger(numbers[i])) return false;
  return true;
}

function v2Printer(): MessagePrinter {
  const value = (position: number) => decimal(ofRecord(position));
  const [stripCount, chunkSize, striped] = [ofRecord(7), ofRecord(8), value(9)];
  const [daxdev, deviceOffset, length] = [ofRow(0), ofRow(1), ofRow(2)];
  const head = parts`  file type ${value(1)}, version ${value(2)}, extent type ${value(3)}, ${counted(ofRecord(4), 'extent')}, message size ${value(5)}, file size ${value(6)}\n`;
  const extentLine = parts`daxdev ${decimal(daxdev)}, device offset ${hex(deviceOffset)}, length ${hex(length)}\n`;
  const header = parts`"header":{"fileType":${value(1)},"reserved1":0,"version":${value(2)},"extentType":${value(3)},"extentCount":${value(4)},"messageSize":${value(5)},"fileSize":${value(6)},"reserved2":0}`;
  const extents: Part = {
    rows: parts`{"daxdev":${decimal(daxdev)},"reserved":0,"deviceOffset":${decimal(deviceOffset)},"length":${decimal(length)}}`,
    between: ',',
  };
  return {
    lines: {
      simple: parts`${head}${{ rows: parts`  ${extentLine}`, between: '' }}`,
      interleaved: parts`${head}  ${counted(stripCount, 'strip')}, chunk ${hex(chunkSize)}, ${striped} bytes\n${{ rows: parts`    ${extentLine}`, between: '' }}`,
    },
    fields: {
      simple: parts`${header},"simple":[${extents}],"interleaved":[]`,
      interleaved: parts`${header},"simple":[],"interleaved":[{"stripCount":${decimal(stripCount)},"chunkSize":${decimal(chunkSize)},"bytes":${striped},"reserved":0,"strips":[${extents}]}]`,
    },
    values: 10,
    rowValues: 3,
    fill: (row, image) => (row.form === 'v2' ? v2Filled(row, image) : undefined),
  };
}

function v2Filled(
  { header, simple, interleaved }: Extract<Row, { form: 'v2' }>,
  image: Uint8Array,
): Filled | undefined {
  const [first, second] = interleaved;
  if (header === null || second !== undefined) return undefined;
  const rows: number[] = [];
  for (const { daxdev, deviceOffset, length } of first?.strips ?? simple)
    rows.push(daxdev, Number(deviceOffset), Number(length));
  const values = [
    image.length,
    header.fileType,
    header.version,
    header.extentType,
    header.extentCount,
    header.messageSize,
    Number(header.fileSize),
    first?.stripCount ?? 0,
    first?.chunkSize ?? 0,
    Number(first?.bytes ?? 0n),
  ];
  return { template: first === undefined ? 'simple' : 'interleaved', values, rows, image };
}

function dPrinter(): MessagePrinter {
  const [id, extentCount, flags] = [ofRecord(1), ofRecord(2), ofRecord(3)];
  const [fileOffset, length, backingId, deviceOffset] = [ofRow(0), ofRow(1), ofRow(2), ofRow(3)];
  const lines: Part = {
    rows: parts`  file offset ${hex(fileOffset)}, length ${hex(length)}, backing id ${decimal(backingId)}, device offset ${hex(deviceOffset)}\n`,
    between: '',
  };
  const text = (names: string) =>
    parts`  map id ${hex(id)}, ${counted(extentCount, 'extent')}, flags ${hex(flags)}${names}\n${lines}`;
  const extents: Part = {
    rows: parts`{"fileOffset":${decimal(fileOffset)},"length":${decimal(length)},"backingId":${decimal(backingId)},"deviceOffset":${decimal(deviceOffset)},"reserved1":0,"reserved2":0}`,
    between: ',',
  };
  const fields = parts`"header":{"backingId":${decimal(id)},"extentCount":${decimal(extentCount)},"flags":${decimal(flags)},"reserved1":0,"reserved2":0},"extents":[${extents}]`;
  return {
    lines: { simple: text(' CREATE'), interleaved: text(' CREATE CYCLIC') },
    fields: { simple: fields, interleaved: fields },
    values: 4,
    rowValues: 4,
    fill: (row, image) => (row.form === 'd' ? dFilled(row, image) : undefined),
  };
}

function dFilled({ header, extents }: Extract<Row, { form: 'd' }>, image: Uint8Array): Filled | undefined {
  if (header === null) return undefined;
  const rows: number[] = [];
  for (const { fileOffset, length, backingId, deviceOffset } of extents)
    rows.push(Number(fileOffset), Number(length), Number(backingId), Number(deviceOffset));
  const template = (header.flags & D_FLAG_CYCLIC) === 0 ? 'simple' : 'interleaved';
  const values = [image.length, Number(header.backingId), header.extentCount, header.flags];
  return { template, values, rows, image };
}
