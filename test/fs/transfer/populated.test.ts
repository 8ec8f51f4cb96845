/** Memory of an image that files do not use has no blocks, however its file system fills pages. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { GIB, MIB, Sandbox } from '../../support/sandbox.js';

const FILES = 40;
/** of the log, and a page for each file */
const SPARE = 3 * MIB;

async function growthOf(image: string, box: Sandbox, argv: readonly string[]): Promise<number> {
  const blocks = () => statSync(image).blocks * 512;
  const before = blocks();
  await box.ok([...argv, '--dev', image]);
  return blocks() - before;
}

const memory = existsSync('/dev/shm') ? [mkdtempSync('/dev/shm/famfs-test-')] : [];
after(() => {
  for (const folder of memory) rmSync(folder, { recursive: true });
});

test('small files and the ends of large ones take the space of their bytes', async () => {
  const box = new Sandbox();
  mkdirSync(join(box.folder, 'src'));
  for (let i = 0; i < FILES; i++) writeFileSync(join(box.folder, 'src', `f${i}`), Buffer.alloc(5000, i + 1));
  for (const folder of [box.folder, ...memory]) {
    const image = join(folder, 'pool.img');
    writeFileSync(image, '');
    truncateSync(image, GIB);
    await box.ok(['mkfs', image]);
    const small = await growthOf(image, box, ['cp', '-r', 'src', '/']);
    assert.ok(small <= SPARE + FILES * 8192, `${folder}: ${small} bytes for ${FILES} files`);
    const seeded = await growthOf(image, box, ['creat', '-s', '8200K', '--seed', '1', 'seeded']);
    assert.ok(seeded <= 8200 * 1024 + SPARE, `${folder}: ${seeded} bytes`);
    const zeroed = await growthOf(image, box, ['creat', '-s', '4100K', '--zero', 'zeroed']);
    assert.ok(zeroed <= 4100 * 1024 + SPARE, `${folder}: ${zeroed} bytes`);
  }
});
