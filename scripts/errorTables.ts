/** The tables of docs/errors.md. */
import { ERRORS, type ExitKind, WARNINGS } from '../src/fs/errorTable.js';

const EXIT_STATUS: Readonly<Record<ExitKind, string>> = { failed: '1', usage: '2', signal: '128 + signal' };

const TABLES: Readonly<Record<string, () => string[]>> = {
  errors: () => [
    '| code | meaning | exit status |',
    '| --- | --- | --- |',
    ...Object.entries(ERRORS).map(([code, { meaning, exit }]) => `| ${code} | ${meaning} | ${EXIT_STATUS[exit]} |`),
  ],
  warnings: () => [
    '| code | meaning |',
    '| --- | --- |',
    ...Object.entries(WARNINGS).map(([code, meaning]) => `| ${code} | ${meaning} |`),
  ],
};

/** docs/errors.md with the tables between its marks regenerated. Throws if the page has no place for a table. */
export function errorTables(page: string): string {
  return Object.entries(TABLES).reduce((text, [name, table]) => {
    const place = new RegExp(`<!-- ${name} -->\\n[\\s\\S]*?<!-- end -->`);
    if (!place.test(text)) throw new Error(`docs/errors.md has no place for ${name}`);
    return text.replace(place, () => [`<!-- ${name} -->`, ...table(), '<!-- end -->'].join('\n'));
  }, page);
}
