import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { cacheOf, compile, FILES, twice } from '../src/codeCache.js';
import { TestKernel } from '../test/support/testKernel.js';

/** the image that they work on */
const IMAGE = process.env.FAMFS_DEV ?? '';
const MANIFEST = `${IMAGE}.yaml`;

/**
 * Commands to run before the code of each file is cached, since V8 caches that of functions that have run. A run reads the
 * whole cache of a file, so `main` has only what every command needs, ls and info. In this order: mkfs makes the image.
 */
const COMMANDS = {
  rest: [['mkfs', '--quiet', IMAGE], ['df']],
  write: [['creat', '--size', '2M', '/a']],
  kernel: [['fsck', '-n', '--quiet']],
  check: [['fsck', '-n', '--quiet']],
  declare: [['apply', '--quiet', MANIFEST]],
  mount: [],
  main: [['ls'], ['info', '--quiet']],
};

/** V8's seed for hash tables; any would do, as long as it is the same each time. */
const FIXED_SEED = '--hash-seed=1';

const [folder = '', file] = process.argv.slice(2);
if (file === undefined) cacheAll();
else await cacheOne(file as keyof typeof COMMANDS);

/** Each file in a process of its own: what another's commands ran would be cached as well. */
function cacheAll(): void {
  const scratch = mkdtempSync(join(tmpdir(), 'famfs-cache-'));
  const image = join(scratch, 'image');
  writeFileSync(image, '');
  truncateSync(image, 2 ** 26);
  const files = ['a', 'b', 'c', 'data/{0..3}'].map((path) => `  - path: ${path}\n    size: 2M\n`);
  writeFileSync(`${image}.yaml`, `pool:\n  daxdevs:\n    - ${image}\nfiles:\n${files.join('')}`);
  const env = { ...process.env, FAMFS_SYSTEM_UUID_FILE: join(scratch, 'system_uuid'), FAMFS_DEV: image };
  try {
    const fails = (name: string) =>
      spawnSync(process.execPath, [FIXED_SEED, import.meta.filename, folder, name], { env, stdio: 'inherit' })
        .status !== 0;
    // the first that fails is the last that runs; to exit here would leave the scratch folder
    if (Object.keys(COMMANDS).some(fails)) process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/**
 * The same bytes each time: with a fixed seed, and without dropping what has not run for a while, which depends on time. A
 * cache is good only for the flags that it was made with, so both are set back.
 */
async function cacheOne(name: keyof typeof COMMANDS): Promise<void> {
  setFlagsFromString('--hash-seed=0');
  setFlagsFromString('--no-flush-bytecode');
  const path = resolve(folder, `${name}.cjs`);
  const compiled = compile(path, FILES);
  // not loadCached: before its cache is there, node's require would load all files again, and run those in place of `compiled`
  const program = name === 'main' ? compiled : compile(resolve(folder, 'main.cjs'), FILES);
  const { main } = program.run() as typeof import('../src/main.js');
  if (name !== 'main') compiled.run();
  for (const argv of COMMANDS[name]) {
    const exitCode = await main('famfs', argv);
    if (exitCode !== 0) throw new Error(`famfs ${argv.join(' ')} exited ${exitCode}`);
  }
  if (name === 'mount') await serveOnce(main);
  setFlagsFromString('--flush-bytecode');
  writeFileSync(cacheOf(path), twice(compiled.script.createCachedData()));
}

/** Mounts where there is no FUSE, and unmounts. */
async function serveOnce(main: typeof import('../src/main.js').main): Promise<void> {
  const kernel = new TestKernel();
  const served = main('famfs', ['mount', '--log', '/dev/null', '--fuse-fd', String(kernel.serverFd), '/']);
  await kernel.init();
  kernel.close();
  if ((await served) !== 0) throw new Error('famfs mount failed');
}
