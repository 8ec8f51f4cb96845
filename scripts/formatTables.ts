/** The tables of fields in docs/format.md. */
import {
  addDaxdevStruct,
  extentStruct,
  fileStruct,
  interleavedStruct,
  logEntryStruct,
  mkdirStruct,
} from '../src/format/logEntry.js';
import { logHeaderStruct } from '../src/format/logHeader.js';
import type { Field, Struct } from '../src/format/struct.js';
import { superblockStruct } from '../src/format/superblock.js';

const STRUCTS: readonly Struct<Record<string, Field<unknown>>>[] = [
  superblockStruct,
  logHeaderStruct,
  logEntryStruct,
  fileStruct,
  extentStruct,
  interleavedStruct,
  mkdirStruct,
  addDaxdevStruct,
];

/** The page with every table between its marks made anew. Throws when a mark names no struct, or a struct has none. */
export function formatTables(page: string): string {
  const missing = new Set(STRUCTS.map(({ name }) => name));
  const filled = page.replace(/<!-- table:(\w+) -->\n[\s\S]*?<!-- end -->/g, (_, name: string) => {
    const struct = STRUCTS.find((one) => one.name === name);
    if (struct === undefined) throw new Error(`docs/format.md: no struct ${name}`);
    missing.delete(name);
    return `<!-- table:${name} -->\n${tableOf(struct)}\n<!-- end -->`;
  });
  if (missing.size > 0) throw new Error(`docs/format.md: no table for ${[...missing].join(', ')}`);
  return filled;
}

function tableOf({ name, size, fields, offsets }: Struct<Record<string, Field<unknown>>>): string {
  const rows = Object.entries(fields).map(
    ([field, { type, doc }]) => `| ${offsets[field]} | ${type} | ${field} | ${doc} |`,
  );
  return [
    `\`${name}\`, ${size} bytes:`,
    '',
    '| offset | type | field | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
