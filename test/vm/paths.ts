import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  if (dirname(folder) === folder) throw new Error('no package.json above the VM tests');
  return findRoot(dirname(folder));
}

/** The checkout; sources and compiled tests have different depths in it. */
export const root = findRoot(dirname(fileURLToPath(import.meta.url)));

export const runVm = join(root, 'test', 'vm', 'run-vm.sh');

const dist = join(root, 'dist');

/** The command under test. */
export const bundle = join(dist, 'famfs.cjs');

/** All files that a guest without the host's root needs to run the command; listed on each run, because builds rename files. */
export function product(): string[] {
  const names = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  const bundled = names.map((name) => join(dist, name)).filter((path) => statSync(path).isFile());
  return [process.execPath, ...bundled, join(root, 'build', 'Release', 'famfs_native.node')];
}
