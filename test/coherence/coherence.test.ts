/** Do write-back, invalidation and fence suffice? Hosts without hardware coherence under seeded schedules; and each rule left out. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ROOT } from '../support/root.js';
import { LEFT_OUT, leftOutTable } from './leftOut.js';
import { IMAGE_SIZE, type Kind, Stage } from './schedule.js';

/** FAMFS_TEST_SCHEDULES sets another number; of schedules in which a file system is replaced, which take longer, a tenth. */
const SCHEDULES = Number(process.env.FAMFS_TEST_SCHEDULES ?? (process.env.FAMFS_TEST_LONG ? 200 : 8));
/** a rule that is left out is noticed by one of the first of these, all of which hold with it */
const MOST_TRIES = 200;

const folder = mkdtempSync(join(tmpdir(), 'famfs-coherence-'));
after(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'image'), '');
truncateSync(join(folder, 'image'), IMAGE_SIZE);
const stage = new Stage(folder);
const first = Number(process.env.FAMFS_TEST_SEED ?? randomInt(2 ** 31));

for (const kind of ['writing', 'reading', 'remade', 'taken'] as const) {
  const count = kind === 'writing' || kind === 'reading' ? SCHEDULES : Math.ceil(SCHEDULES / 10);
  test(`a Client sees all that was reported, whole and in order (${count} schedules of ${kind})`, async () => {
    for (let seed = first; seed < first + count; seed++)
      assert.equal(await stage.run(seed, kind), undefined, `FAMFS_TEST_SEED=${seed}`);
  });
}

for (const row of LEFT_OUT) {
  test(`it is noticed where it is not so that ${row.rule}`, async () => {
    const tries = Array.from(
      { length: MOST_TRIES },
      (_, seed) => [seed, seed % 2 === 0 ? 'writing' : 'reading'] as const,
    );
    for (const [seed, kind] of tries as readonly (readonly [number, Kind])[])
      if ((await stage.run(seed, kind, row)) !== undefined) return;
    assert.fail(`no schedule of ${MOST_TRIES} shows that ${row.host} ${row.operation} ${row.site} is left out`);
  });
}

test('docs/coherence.md shows the rules that were left out', () => {
  assert.ok(readFileSync(join(ROOT, 'docs/coherence.md'), 'utf8').includes(leftOutTable()), leftOutTable());
});
