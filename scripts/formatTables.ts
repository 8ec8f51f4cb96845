/** The tables of fields in docs/format.md and docs/kernel-maps.md, and of the kernel's rules in the latter. */

import { departureStruct } from '../src/format/departure.js';
import { ENTRY_TYPES } from '../src/format/entries/entryTypes.js';
import { KERNEL_FORM_NAMES, type KernelFormName, kernelForm } from '../src/format/kernel/forms.js';
import type { Errno, RuleRow } from '../src/format/kernel/rule.js';
import { logEntryStruct } from '../src/format/logEntry.js';
import { logHeaderStruct } from '../src/format/logHeader.js';
import { logHistoryStruct } from '../src/format/logHistory.js';
import { imageBlockStruct } from '../src/format/metadataImage.js';
import { poolDefaultsStruct } from '../src/format/poolDefaults.js';
import { poolLabelStruct } from '../src/format/poolLabel.js';
import { journalExtentStruct, rewriteJournalStruct } from '../src/format/rewriteJournal.js';
import type { Field, Struct } from '../src/format/struct.js';
import { superblockStruct } from '../src/format/superblock.js';

type AnyStruct = Struct<Record<string, Field<unknown>>>;

/** Everything that stays on media. */
export const MEDIA: readonly AnyStruct[] = [
  superblockStruct,
  poolDefaultsStruct,
  logHistoryStruct,
  poolLabelStruct,
  logHeaderStruct,
  logEntryStruct,
  ...Object.values(ENTRY_TYPES).flatMap(({ struct, records }) => [struct, ...records]),
];

/** Records that are on media only while a command runs. */
export const TRANSIENT: readonly AnyStruct[] = [rewriteJournalStruct, journalExtentStruct, departureStruct];

/** All messages to kernels. */
export const KERNEL: readonly AnyStruct[] = KERNEL_FORM_NAMES.flatMap((name) => kernelForm(name).structs);

/** Records of metadata images. */
export const IMAGE: readonly AnyStruct[] = [imageBlockStruct];

/** docs/metadata-images.md in the same way as formatTables. */
export function imageTables(page: string): string {
  return fill(page, IMAGE);
}

/** docs/format.md with every table between its marks regenerated. Throws if a mark names no struct, or a struct has no mark. */
export function formatTables(page: string): string {
  return fill(page, [...MEDIA, ...TRANSIENT]);
}

/** docs/kernel-maps.md in the same way, with the rules and revisions of each form. Throws also if the rules of a form have no mark. */
export function kernelTables(page: string): string {
  const missing = KERNEL_FORM_NAMES.filter((name) => !page.includes(`<!-- rules:${name} -->`));
  if (missing.length > 0) throw new Error(`no rules of form ${missing.join(', ')}`);
  return fill(page, KERNEL)
    .replace(/<!-- rules:(\w+) -->\n[\s\S]*?<!-- end -->/g, (_, form: string) => {
      return `<!-- rules:${form} -->\n${rulesOf(formNamed(form))}\n<!-- end -->`;
    })
    .replace(/<!-- revisions:(\w+) -->\n[\s\S]*?<!-- end -->/g, (_, form: string) => {
      return `<!-- revisions:${form} -->\n${revisionsOf(formNamed(form))}\n<!-- end -->`;
    });
}

function formNamed(text: string): KernelFormName {
  const name = KERNEL_FORM_NAMES.find((one) => one === text);
  if (name === undefined) throw new Error(`no form ${text}`);
  return name;
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

/** A column for the answer of each revision, or a single one if a form has no revisions. */
function rulesOf(form: KernelFormName): string {
  const rows = kernelForm(form).rules();
  const kernels = Object.keys(rows[0]?.errnos ?? {});
  const heads = kernels.length === 1 ? ['answer'] : kernels;
  return [
    `| rule | ${heads.join(' | ')} | what must be so |`,
    `| --- |${' --- |'.repeat(heads.length)} --- |`,
    ...rows.map(
      (row) => `| ${row.rule} | ${kernels.map((kernel) => answer(row, kernel)).join(' | ')} | ${row.summary} |`,
    ),
  ].join('\n');
}

function answer({ class: kind, errnos }: RuleRow<string>, kernel: string): string {
  const errno: Errno | null | undefined = errnos[kernel];
  if (errno === undefined) return '';
  if (kind === 'REFUSED') return errno ?? 'not seen';
  return [...(kind === 'DANGEROUS' ? ['DANGEROUS'] : []), ...(errno === null ? [] : [`${errno} at access`])].join(', ');
}

function revisionsOf(form: KernelFormName): string {
  const rows = Object.entries(kernelForm(form).revisions);
  return [
    '| revision | kernel |',
    '| --- | --- |',
    ...rows.map(([name, { summary }]) => `| ${name} | ${summary} |`),
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
