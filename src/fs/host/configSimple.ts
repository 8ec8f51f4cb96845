/** Configuration as people usually write it: YAML of sections with plain values, read line by line without a YAML parser. */
import type { ConfigLine } from './configFile.js';

const SECTION = /^([a-z][a-z_]*):[ ]*(?:[ ]#.*)?$/;
/** a scalar that no YAML parser takes for anything but these characters */
const ENTRY = /^([ ]+)([a-z][a-z_]*):[ ]+([A-Za-z0-9/.][\w/.+-]*)[ ]*(?:[ ]#.*)?$/;
/** nothing, or a comment */
const EMPTY = /^[ ]*(?:#.*)?$/;

/** The settings of a file of sections with plain values, in order; undefined for any other text, right or wrong. */
export function simpleConfig(text: string): ConfigLine[] | undefined {
  const settings: ConfigLine[] = [];
  const seen = new Set<string>();
  let section: string | undefined;
  let indent: string | undefined;
  for (const [i, line] of text.split('\n').entries()) {
    if (EMPTY.test(line)) continue;
    const [, name] = SECTION.exec(line) ?? [];
    const [, blanks, entry, value] = ENTRY.exec(line) ?? [];
    const key = name ?? (section === undefined || entry === undefined ? undefined : `${section}.${entry}`);
    if (key === undefined || seen.has(key)) return undefined;
    seen.add(key);
    if (name !== undefined) {
      section = name;
      indent = undefined;
      continue;
    }
    indent ??= blanks;
    if (blanks !== indent || value === undefined || value === 'null') return undefined;
    settings.push({ key, value, line: i + 1 });
  }
  return settings;
}
