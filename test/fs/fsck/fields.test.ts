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
/** the images without damage, which nobody changes */
const sounds = new Map<string, Buffer>();

function soundBytes(image: string): Buffer {
  const bytes = sounds.get(image) ?? goldenBytes(image);
  sounds.set(image, bytes);
  return bytes;
}

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
      const [what, codes, change, options = {}] = row;
      const { image = 'g2' } = options;
      test(`fsck names ${what}: ${codes.join(', ')}`, async () => {
        const changeField = (bytes: Buffer) => {
          change(bytes);
          const touched = touchedFields(soundBytes(image), bytes);
          assert.ok(touched.has(`${struct.name}.${field}`), `changes ${[...touched].join(', ')}`);
        };
        await assertNamed([what, codes, changeField, options]);
      });
    }

for (const row of [...kernelDamages, ...referenceDamages])
  test(`fsck names ${row[0]}: ${row[1].join(', ')}`, () => assertNamed(row));
