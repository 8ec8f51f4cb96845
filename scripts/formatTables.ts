/** The tables of fields in docs/format.md and docs/kernel-maps.md, and of the kernel's rules in the latter. */

import { ENTRY_TYPES } from '../src/format/entries/entryTypes.js';
import { dExtentStruct, dHeaderStruct } from '../src/format/kernel/d.js';
import { getDaxdevStruct } from '../src/format/kernel/getDaxdev.js';
import { kernelRuleRows } from '../src/format/kernel/rules.js';
import { v2ExtentStruct, v2HeaderStruct, v2InterleavedStruct } from '../src/format/kernel/v2.js';
import { logEntryStruct } from '../src/format/logEntry.js';
import { logHeaderStruct } from '../src/format/logHeader.js';
import { poolDefaultsStruct } from '../src/format/poolDefaults.js';
import type { Field, Struct } from '../src/format/struct.js';
import { superblockStruct } from '../src/format/superblock.js';

type AnyStruct = Struct<Record<string, Field<unknown>>>;

/** Everything that lies on media. */
export const MEDIA: readonly AnyStruct[] = [
  superblockStruct,
  poolDefaultsStruct,
  logHeaderStruct,
  logEntryStruct,
  ...Object.values(ENTRY_TYPES).flatMap(({ struct, records }) => [struct, ...records]),
];

/** Everything that is sent to kernels. */
export const KERNEL: readonly AnyStruct[] = [
  v2HeaderStruct,
  v2ExtentStruct,
  v2InterleavedStruct,
  getDaxdevStruct,
  dHeaderStruct,
  dExtentStruct,
];

/** docs/format.md with every table between its marks written again. Throws if a mark names no struct, or a struct has no mark. */
export function formatTables(page: string): string {
  return fill(page, MEDIA);
}

/** docs/kernel-maps.md in the same way, with the tables of rules too. */
export function kernelTables(page: string): string {
  return fill(page, KERNEL).replace(
    /<!-- rules:(\w+) -->\n[\s\S]*?<!-- end -->/g,
    (_, form: string) => `<!-- rules:${form} -->\n${rulesOf(form)}\n<!-- end -->`,
  );
}

function fill(page: string, structs: readonly AnyStruct[]): string {
  const missing = new Set(structs.map(({ name }) => name));
  const filled = page.replace(/<!-- table:(\w+) -->\n[\s\S]*?<!-- end -->/g, (_, name: string) => {
    const struct = structs.find((one) => one.name === name);
    if (struct === undefined) throw new Error(`no struct ${name}`);
    missing.delete(name);
    return `<!-- table:${name} -->\n${tableOf(struct)}\n<!-- end -->`;
  });
  if (missing.size > 0) throw new Error(`no table for ${[...missing].join(', ')}`);
  return filled;
}

function rulesOf(form: string): string {
  const rows = kernelRuleRows().filter((row) => row.form === form);
  return [
    '| rule | errno | what must be so |',
    '| --- | --- | --- |',
    ...rows.map(({ rule, errno, summary }) => `| ${rule} | ${errno ?? 'not seen'} | ${summary} |`),
  ].join('\n');
}

function tableOf({ name, size, fields, offsets }: AnyStruct): string {
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
