import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  if (dirname(folder) === folder) throw new Error('no package.json above the VM tests');
  return findRoot(dirname(folder));
}

/** The checkout: sources and compiled tests lie at different depths below it. */
export const root = findRoot(dirname(fileURLToPath(import.meta.url)));

export const runVm = join(root, 'test', 'vm', 'run-vm.sh');

const dist = join(root, 'dist');

/** The command under test. */
export const bundle = join(dist, 'famfs.cjs');

/** All that a guest without the host's root must carry to run it; read when the tests run, as builds name files anew. */
export function product(): string[] {
  const bundled = readdirSync(dist).map((name) => join(dist, name));
  return [process.execPath, ...bundled, join(root, 'build', 'Release', 'famfs_native.node')];
}
