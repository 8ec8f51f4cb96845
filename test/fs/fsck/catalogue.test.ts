import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CATALOGUE } from '../../../src/fs/fsck/catalogue/catalogue.js';
import { ROOT } from '../../support/root.js';
import { Sandbox } from '../../support/sandbox.js';

test('every check is listed, documented and in the manual page', async () => {
  const { checks } = await new Sandbox().json<{ checks: { code: string; how: string }[] }>(['fsck', '--list-checks']);
  assert.deepEqual(
    checks.map(({ code }) => code),
    Object.keys(CATALOGUE),
  );
  const page = readFileSync(join(ROOT, 'man/famfs-fsck.1'), 'utf8');
  const doc = readFileSync(join(ROOT, 'docs/fsck.md'), 'utf8');
  for (const { code } of checks) {
    assert.ok(page.includes(code), `${code} is not in the manual page`);
    assert.ok(new RegExp(`\\b${code}\\b`).test(doc), `${code} is not in docs/fsck.md`);
  }
});
