/** The output of the demo in README.md, as the program prints it today. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Replacements for values that differ from run to run. */
const UUID = 'c7f9f066-c8d8-480e-86c3-788bf8691f42';
const FOLDER = '/tmp/demo';

/** README.md with the output of scripts/demo.sh between its marks. Needs the bundle and the addon. */
export function demoOutput(page: string): string {
  const between = /<!-- demo -->\n[\s\S]*?<!-- end -->/;
  if (!between.test(page)) throw new Error('no mark for the output of the demo');
  return page.replace(between, () => `<!-- demo -->\n\`\`\`\n${runDemo()}\`\`\`\n<!-- end -->`);
}

function runDemo(): string {
  const script = join(import.meta.dirname, '../../scripts/demo.sh');
  const output = execFileSync(script, { encoding: 'utf8', env: { ...process.env, TMPDIR: '/tmp' } });
  return output.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, UUID).replace(/\/tmp\/tmp\.\w+/g, FOLDER);
}
