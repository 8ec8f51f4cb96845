/** The profiles of docs/pools.md, one for tests and one for production, run as that page says, and then run again. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { InfoDocument } from '../../src/commands/info.js';
import { shellIn } from '../support/famfs.js';
import { PoolSandbox } from '../support/pool.js';
import { ROOT } from '../support/root.js';
import { MIB } from '../support/sandbox.js';
import { makeImages } from './hosts/imageHost.js';

/** The command lines of the blocks between two headings of the page. */
function blocksOf(from: string, to: string): string[] {
  const text = readFileSync(join(ROOT, 'docs/pools.md'), 'utf8');
  const part = text.slice(text.indexOf(from), text.indexOf(to));
  const blocks = [...part.matchAll(/(?:^ {4}.*\n)+/gm)].map(([block]) => block.replaceAll(/^ {4}/gm, ''));
  assert.ok(part !== '' && blocks.length > 0, from);
  return blocks;
}

test('the profiles of docs/pools.md make what they say, and a second run changes nothing', async () => {
  const [forTests = '', forProduction = '', ...others] = blocksOf('### Profiles', '## Default interleave');
  assert.deepEqual(others, []);
  assert.match(forTests, /^famfs mkfs --exist-ok .*\n$/);
  assert.match(forProduction, /^famfs mkfs -n .*\nfamfs mkfs --exist-ok .*\nfamfs config set .*\n$/);
  const sandbox = new PoolSandbox();
  const sysroot = sandbox.path('system');
  makeImages(join(sysroot, 'dev'), Array(24).fill(256));
  mkdirSync(join(sysroot, 'etc'));
  sandbox.env.FAMFS_SYSROOT = sysroot;
  delete sandbox.env.FAMFS_DEV;
  const [look = '', ...again] = forProduction.replaceAll(' /dev/', ` ${sysroot}/dev/`).split('\n');
  const provision = again.join('\n');
  const { exitCode, stdout, stderr } = await shellIn(
    sandbox,
    `set -e
    famfs() { '${process.execPath}' "$FAMFS" "$@"; }
    state() { head -qc 8M t?.img ${sysroot}/dev/dax?.0 | sha256sum; }
    JOB=7
    look() {
      ${look}
    }
    provision() {
      ${forTests}${provision}
    }
    look >&2
    provision >&2; state > before
    provision >&2; state | cmp - before >&2
    famfs info --json --dev t0.img; echo ,
    famfs info --json`,
  );
  assert.equal(exitCode, 0, stderr);
  const [small, large] = JSON.parse(`[${stdout}]`) as [InfoDocument, InfoDocument];
  const facts = (info: InfoDocument) => [info.label, info.daxdevs.length, info.log.length, info.defaultInterleave];
  assert.deepEqual(facts(small), ['ci-7', 2, 8 * MIB, null], 'for tests');
  assert.deepEqual(facts(large), ['weights', 24, 64 * MIB, { stripes: 16, chunkSize: 2 * MIB }], 'for production');
});
