import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cacheOf, compile, loadCached, twice } from '../src/codeCache.js';

/**
 * Commands to run before the code of each file is cached, since V8 caches that of functions that have run. A run reads the
 * whole cache of a file, so `main` has only what every command needs, and ls. In this order: mkfs makes the image.
 */
const COMMANDS = {
  rest: [['mkfs', '--quiet', process.env.FAMFS_DEV ?? ''], ['df'], ['fsck', '-n', '--quiet']],
  write: [['creat', '--size', '2M', '/a']],
  main: [['ls']],
};

const [folder = '', file] = process.argv.slice(2);
if (file === undefined) cacheAll();
else await cacheOne(file as keyof typeof COMMANDS);

/** Each file in a process of its own: what another's commands ran would be cached as well. */
function cacheAll(): void {
  const scratch = mkdtempSync(join(tmpdir(), 'famfs-cache-'));
  const image = join(scratch, 'image');
  writeFileSync(image, '');
  truncateSync(image, 2 ** 26);
  const env = { ...process.env, FAMFS_SYSTEM_UUID_FILE: join(scratch, 'system_uuid'), FAMFS_DEV: image };
  try {
    const fails = (name: string) =>
      spawnSync(process.execPath, [import.meta.filename, folder, name], { env, stdio: 'inherit' }).status !== 0;
    // the first that fails is the last that runs; to exit here would leave the scratch folder
    if (Object.keys(COMMANDS).some(fails)) process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function cacheOne(name: keyof typeof COMMANDS): Promise<void> {
  const path = resolve(folder, `${name}.cjs`);
  const compiled = compile(path);
  if (name === 'main') compiled.run();
  const { main } = loadCached(resolve(folder, 'main.cjs')) as typeof import('../src/main.js');
  if (name !== 'main') compiled.run();
  for (const argv of COMMANDS[name]) {
    const exitCode = await main('famfs', argv);
    if (exitCode !== 0) throw new Error(`famfs ${argv.join(' ')} exited ${exitCode}`);
  }
  writeFileSync(cacheOf(path), twice(compiled.script.createCachedData()));
}
