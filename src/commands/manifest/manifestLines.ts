/** A manifest as YAML, an item a line, as it is drawn. */
import { escapeJson } from '../../ui/text.js';
import { exactBytes } from '../../ui/units.js';
import type { Exported } from './exported.js';

/** what YAML takes for text without quotes, also inside of braces, and what is no number and no word of YAML */
const PLAIN = /^(?!(?:true|false|null|yes|no|on|off)$)[A-Za-z/][\w./-]*$/i;
/** keys whose numbers are bytes */
const BYTES = new Set(['size', 'loglen', 'chunk']);
/** keys whose text is digits */
const MODES = new Set(['mode', 'directoryMode']);

export function* manifestLines({ pool, defaults, directories, files }: Exported): Generator<string> {
  const { daxdevs, ...settings } = pool;
  yield 'formatVersion: 1';
  yield 'pool:';
  yield '  daxdevs:';
  for (const daxdev of daxdevs) yield `    - ${mapping(daxdev)}`;
  for (const [key, value] of Object.entries(settings)) yield `  ${key}: ${scalar(key, value)}`;
  const common = mapping(defaults);
  if (common !== '{}') yield `defaults: ${common}`;
  yield* list('directories', directories);
  yield* list('files', files);
}

function* list(key: string, items: Iterable<object>): Generator<string> {
  let isFirst = true;
  for (const item of items) {
    if (isFirst) yield `${key}:`;
    isFirst = false;
    yield `  - ${mapping(item)}`;
  }
}

function mapping(fields: object): string {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return `{${known.map(([key, value]) => `${key}: ${scalar(key, value)}`).join(', ')}}`;
}

/** A quoted text of JSON is one of YAML too. */
function scalar(key: string, value: string | number | boolean): string {
  if (typeof value === 'number' && BYTES.has(key)) return exactBytes(value);
  if (typeof value !== 'string' || MODES.has(key) || PLAIN.test(value)) return String(value);
  return escapeJson(JSON.stringify(value));
}
