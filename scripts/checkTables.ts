/** The tables of docs/fsck.md: checks, fields and golden images, with the tests that prove them. */
import type { FindingCode } from '../src/fs/finding/values.js';
import { CATALOGUE, FINDING_CODES } from '../src/fs/fsck/catalogue/catalogue.js';
import { REPAIRS } from '../src/fs/fsck/repairs/words.js';
import type { Damage } from '../test/fs/fsck/damages/damage.js';
import { VERDICTS } from '../test/fs/fsck/damages/golden.js';
import { PRIMARY_DAMAGES, SECONDARY_DAMAGES, type StructDamages } from '../test/fs/fsck/damages/index.js';
import { kernelDamages } from '../test/fs/fsck/damages/kernel.js';
import { memberDamages } from '../test/fs/fsck/damages/members.js';
import { referenceDamages } from '../test/fs/fsck/damages/reference.js';

/** A damage as it appears in the tables. */
interface Shown {
  readonly what: string;
  readonly codes: readonly FindingCode[];
}

const TABLES: Readonly<Record<string, () => string[]>> = {
  repairs: repairTable,
  codes: codeTable,
  fields: fieldTables,
  others: otherTable,
  golden: goldenTable,
};

/** docs/fsck.md with every table between its marks regenerated. Throws if a table has no mark, or a mark no table. */
export function checkTables(page: string): string {
  const missing = new Set(Object.keys(TABLES));
  const filled = page.replace(/<!-- checks:(\w+) -->\n[\s\S]*?<!-- end -->/g, (_, name: string) => {
    const table = TABLES[name];
    if (table === undefined) throw new Error(`no table ${name}`);
    missing.delete(name);
    return [`<!-- checks:${name} -->`, ...table(), '<!-- end -->'].join('\n');
  });
  if (missing.size > 0) throw new Error(`no place for ${[...missing].join(', ')}`);
  return filled;
}

/** Every damage that a test applies. */
export function allDamages(): Shown[] {
  const fields = [...PRIMARY_DAMAGES, SECONDARY_DAMAGES].flatMap(({ damages }) => Object.values(damages).flat());
  return [...fields.map(shown), ...optionDamages().map(shown), ...memberRows()];
}

/** Those that are only found with an option. */
function optionDamages(): readonly Damage[] {
  return [...kernelDamages, ...referenceDamages];
}

function shown([what, codes]: Damage): Shown {
  return { what, codes };
}

function memberRows(): Shown[] {
  return memberDamages.map(({ what, codes }) => ({ what: `a member that was ${what}`, codes }));
}

function repairTable(): string[] {
  const rows = Object.entries(REPAIRS).flatMap(([id, { by }]) =>
    by.map(([option, what]) => `| ${id} | ${option} | ${what} |`),
  );
  return ['| repair | by | what it does |', '| --- | --- | --- |', ...rows];
}

function codeTable(): string[] {
  const damages = allDamages();
  const repairs = { preen: '-p', yes: '-y', partly: 'partly', no: 'no' } as const;
  const rows = FINDING_CODES.map((code) => {
    const { severity, summary, repair } = CATALOGUE[code];
    const found = damages.filter(({ codes }) => codes.includes(code));
    const meant = found.filter(({ codes }) => codes[0] === code);
    return `| ${code} | ${severity} | ${summary} | ${repairs[repair]} | ${meant.length}, ${found.length} |`;
  });
  return [
    '| check | severity | meaning | repaired | damages meant for it, and in all |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ];
}

function fieldTables(): string[] {
  const [primary, ...others] = PRIMARY_DAMAGES as [StructDamages, ...StructDamages[]];
  return [
    ...fieldTable('`superblock`, of a primary', primary),
    ...fieldTable('`superblock`, of a secondary', SECONDARY_DAMAGES),
    ...others.flatMap((one) => fieldTable(`\`${one.struct.name}\``, one)),
  ];
}

function fieldTable(title: string, { struct, damages }: StructDamages): string[] {
  const rows = Object.keys(struct.fields).map((field) => damageRow(field, (damages[field] ?? []).map(shown)));
  return ['', `${title}:`, '', '| field | checks | damages that are tested |', '| --- | --- | --- |', ...rows];
}

function damageRow(name: string, rows: readonly Shown[]): string {
  const codes = new Set(rows.map(({ codes }) => codes[0]));
  return `| ${name} | ${[...codes].join(', ')} | ${rows.map(({ what }) => what).join('; ')} |`;
}

function otherTable(): string[] {
  const rows = [...memberRows(), ...optionDamages().map(shown)];
  return ['| what | found |', '| --- | --- |', ...rows.map(({ what, codes }) => `| ${what} | ${codes.join(', ')} |`)];
}

function goldenTable(): string[] {
  const rows = Object.entries(VERDICTS).map(([name, { exitCode, counts }]) => {
    const found = counts === undefined ? 'no famfs' : Object.keys(counts).join(', ') || 'nothing';
    return `| ${name} | ${exitCode} | ${found} |`;
  });
  return ['| image | exit code | found |', '| --- | --- | --- |', ...rows];
}
