/** Every field on media, out of range or in conflict with another: fsck finds that, and nothing else. */
import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenBytes, goldenImage } from '../../support/golden.js';
import { Sandbox } from '../../support/sandbox.js';
import type { Damage } from './damages/damage.js';
import { PRIMARY_DAMAGES } from './damages/index.js';
import { kernelDamages } from './damages/kernel.js';
import { referenceDamages } from './damages/reference.js';
import { touchedFields } from './damages/touched.js';

const sandbox = new Sandbox(GOLDEN_MASTER);

async function assertNamed([, codes, change, options = {}]: Damage): Promise<void> {
  const { image = 'g2', size, argv = ['-n'], exitCode = 4 } = options;
  const path = goldenImage(image, sandbox.folder, change);
  if (size !== undefined) truncateSync(path, size);
  const run = await sandbox.run(['fsck', path, '--json', ...argv]);
  assert.equal(run.exitCode, exitCode, run.stderr);
  const { found } = JSON.parse(run.stdout);
  assert.deepEqual(Object.keys(found.counts).sort(), [...codes].sort());
}

for (const { struct, damages } of PRIMARY_DAMAGES)
  for (const [field, rows] of Object.entries(damages))
    for (const row of rows) {
      const [what, codes, change, { image = 'g2' } = {}] = row;
      test(`fsck names ${what}: ${codes.join(', ')}`, async () => {
        const sound = goldenBytes(image);
        const damaged = Buffer.from(sound);
        change(damaged);
        const touched = touchedFields(sound, damaged);
        assert.ok(touched.has(`${struct.name}.${field}`), `changes ${[...touched].join(', ')}`);
        await assertNamed(row);
      });
    }

for (const row of [...kernelDamages, ...referenceDamages])
  test(`fsck names ${row[0]}: ${row[1].join(', ')}`, () => assertNamed(row));
