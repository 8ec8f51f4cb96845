/** Programs that people use, on a mount: fio, rsync, tar and cp. Each is skipped where it is not installed. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAMFS } from '../../support/famfs.js';
import { PoolSandbox } from '../../support/pool.js';
import { Random } from '../../support/random.js';
import { famfs, makeMountPoint, mount, needsFuse, sh } from '../../support/realMount.js';
import { until } from '../../support/servedStand.js';
import { makeTree } from '../../support/tree.js';

const sandbox = new PoolSandbox();
await sandbox.makePool(4096, 4096);

/** Skips where there is no FUSE, or no such program. */
function needs(program: string): { skip: string | false } {
  const found = spawnSync('which', [program]).status === 0;
  return { skip: needsFuse().skip || (found ? false : `${program} is not installed`) };
}

for (const [name, options] of [
  ['plain', ['--simple']],
  ['striped', ['--stripes', '2']],
] as const) {
  for (const cache of ['auto', 'none']) {
    for (const engine of ['psync', 'mmap']) {
      test(`fio verifies what it writes: ${name} file, ${engine}, cache ${cache}`, needs('fio'), async () => {
        const file = `${name}-${cache}-${engine}`;
        await sandbox.ok(['creat', '-s', '4M', '--zero', ...options, file]);
        const point = makeMountPoint(sandbox);
        mount(sandbox, point, '--cache', cache);
        const job = `--name=job --filename=${point}/${file} --ioengine=${engine} --size=4M --fallocate=none`;
        sh(
          sandbox,
          `fio ${job} --rw=randwrite --bsrange=4k-64k --verify=crc32c --do_verify=1 --fsync=64 --end_fsync=1`,
        );
        const through = sh(sandbox, `sha256sum <${point}/${file}`);
        assert.equal(famfs(sandbox, 'umount', point).exitCode, 0);
        // msync and the end of the mount have brought all of it to the memory
        const direct = sh(sandbox, `${FAMFS} cat ${file} | sha256sum`);
        assert.equal(direct, through);
      });
    }
  }
}

test('a tree of 300 files goes in by cp, tar and rsync, and comes out as it was', needs('rsync'), async (t) => {
  const tree = join(sandbox.folder, 'tree');
  mkdirSync(tree);
  makeTree(tree, 300, new Random(t));
  const point = makeMountPoint(sandbox);
  mount(sandbox, point);
  sh(sandbox, `cp -r tree ${point}/cp`);
  sh(
    sandbox,
    `mkdir ${point}/tar && tar c -C tree . | tar x --no-same-permissions --no-same-owner --no-overwrite-dir -C ${point}/tar || true`,
  );
  sh(sandbox, `rsync -r --inplace --no-perms --chmod=D755 tree/ ${point}/rsync || true`);
  for (const name of ['cp', 'tar', 'rsync']) sh(sandbox, `diff -r tree ${point}/${name}`);
  assert.equal(famfs(sandbox, 'umount', point).exitCode, 0);
  const again = makeMountPoint(sandbox);
  mount(sandbox, again, '-o', 'ro');
  for (const name of ['cp', 'tar', 'rsync']) sh(sandbox, `diff -r tree ${again}/${name}`);
  sh(sandbox, `rsync -r ${again}/cp/ out && diff -r tree out`);
  assert.equal(famfs(sandbox, 'umount', again).exitCode, 0);
  assert.equal((await sandbox.fsck('-n')).errors, 0);
});

test(
  'a server that is killed in the middle of copies leaves a sound file system, with each file whole or not there',
  needsFuse(),
  async (t) => {
    const random = new Random(t);
    for (let round = 0; round < 6; round++) {
      const point = makeMountPoint(sandbox);
      const pid = mount(sandbox, point);
      const copying = `for i in $(seq 100); do head -c 300000 /dev/zero | tr '\\0' ${'$'}((i % 10)) >${point}/kill${round}-${'$'}i || exit 0; done`;
      const done = runMeanwhile(copying);
      await new Promise((resolve) => setTimeout(resolve, 50 + random.below(500)));
      process.kill(pid, 'SIGKILL');
      await done;
      await until(
        'gone',
        () => !readFileSync('/proc/mounts', 'utf8').includes(point) || famfs(sandbox, 'umount', point).exitCode === 0,
      );
      const { exitCode } = await sandbox.run(['fsck', '-p']);
      assert.ok(exitCode <= 1, `fsck exited ${exitCode}`);
    }
    const { entries } = await sandbox.json<{ entries: { path: string; size: number }[] }>(['ls']);
    const files = entries.filter(({ path }) => path.startsWith('kill'));
    for (const { path, size } of files) {
      assert.equal(size, 300_000, path);
      const digit = String(Number(path.split('-')[1]) % 10);
      assert.equal(sh(sandbox, `${FAMFS} cat ${path} | tr -d ${digit} | wc -c`).trim(), '0', path);
    }
  },
);

/** Runs a shell line while the test goes on. */
async function runMeanwhile(line: string): Promise<void> {
  await once(spawn('bash', ['-c', line], { stdio: 'ignore' }), 'exit');
}
