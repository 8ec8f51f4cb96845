/** Many log entries at once: byte for byte what logEntry.ts makes of each. */
import { type EntryTemplates, type ManyEntries, OF_ENTRY, OF_EXTENT } from '../../fs/pool/entryText.js';
import { counted, decimal, PATH, type Part, parts, permissions } from '../../fs/pool/textTemplate.js';
import { BETWEEN_ELEMENTS, ELEMENT_INDENT } from '../../ui/json.js';
import { isSafe, needsNoEscape } from '../../ui/text.js';
import { type JsonField, JsonParts, quoted } from './jsonParts.js';
import { SLOT_WIDTH } from './logEntry.js';

const mode = permissions(OF_ENTRY.mode);
const [uid, gid, size] = [decimal(OF_ENTRY.uid), decimal(OF_ENTRY.gid), decimal(OF_ENTRY.size)];
const [allocated, chunkSize] = [decimal(OF_ENTRY.allocated), decimal(OF_ENTRY.chunkSize)];

/** A line for each, as logEntryLine and the types of format/entries have it. */
export function manyEntryLines(): ManyEntries {
  const line = (verb: string) => parts`${decimal(OF_ENTRY.slot, SLOT_WIDTH)}  ${verb} ${mode} ${uid}:${gid} ${PATH}`;
  const file = (where: readonly Part[]) => parts`${line('creat  ')} size ${size} in ${where}, ${allocated} bytes\n`;
  return {
    templates: {
      directory: parts`${line('mkdir  ')}\n`,
      simple: file(counted(OF_ENTRY.extents, 'extent')),
      interleaved: file(parts`${counted(OF_ENTRY.extents, 'strip')} of chunk ${chunkSize}`),
    },
    between: '',
    isPlain: isSafe,
  };
}

/** Elements of a JSON array, as logEntryRow has them: on a line each, or indented. */
export function manyEntryElements(indented: boolean): ManyEntries {
  return {
    templates: elementsIn(new JsonParts(indented ? ELEMENT_INDENT : undefined)),
    between: BETWEEN_ELEMENTS,
    isPlain: needsNoEscape,
  };
}

/** The same, on a line each, where each is a document of its own. */
export function manyEntryJsonLines(): ManyEntries {
  const { directory, simple, interleaved } = elementsIn(new JsonParts());
  const line = (element: readonly Part[]) => [...element, '\n'];
  return {
    templates: { directory: line(directory), simple: line(simple), interleaved: line(interleaved) },
    between: '',
    isPlain: needsNoEscape,
  };
}

function elementsIn(json: JsonParts): Required<EntryTemplates> {
  const owned = (type: string): JsonField[] => [
    ['slot', decimal(OF_ENTRY.slot)],
    ['applied', 'true'],
    ['type', `"${type}"`],
    ['path', quoted(PATH)],
    ['mode', quoted(mode)],
    ['uid', uid],
    ['gid', gid],
  ];
  const file = (layout: string, chunk: Part, stripe: Part) =>
    json.object([
      ...owned('FILE'),
      ['size', size],
      ['flags', decimal(OF_ENTRY.flags)],
      ...fmapFields(json, layout, chunk, stripe),
    ]);
  return {
    directory: json.object(owned('MKDIR')),
    simple: file('simple', 'null', 'null'),
    interleaved: file('interleaved', chunkSize, decimal(OF_ENTRY.stripeSize)),
  };
}

/** The layout and place of a file, as fmapRow of extent.ts has them. */
export function fmapFields(json: JsonParts, layout: string, chunkSize: Part, stripeSize: Part): JsonField[] {
  const extent = json.inner.inner.object([
    ['daxdev', decimal(OF_EXTENT.daxdev)],
    ['deviceOffset', decimal(OF_EXTENT.deviceOffset)],
    ['length', decimal(OF_EXTENT.length)],
  ]);
  return [
    ['layout', `"${layout}"`],
    ['chunkSize', chunkSize],
    ['stripeSize', stripeSize],
    ['allocated', decimal(OF_ENTRY.allocated)],
    ['slack', decimal(OF_ENTRY.slack)],
    ['extents', json.inner.rows(extent)],
  ];
}
