/** The entry of the single executable: everything that it loads is in the executable itself, as assets. */
import { basename, join } from 'node:path';
import { getRawAsset } from 'node:sea';
import { loadCached, type Store } from './codeCache.js';
import { printVersion } from './printVersion.js';
import { unnamedFile } from './unnamedFile.js';

const ASSETS: Store = {
  text: (file) => asset(basename(file)).toString('latin1'),
  code: (file) => asset(`${basename(file)}.cache`),
};

// node puts the executable in the place of a script; without it, what starts this program again gives it the same words
process.argv.splice(1, 1);
const argv = process.argv.slice(1);

if (!printVersion(argv)) {
  const { leave, main, setAddonFile } = loadCached(
    join(process.execPath, 'main.cjs'),
    ASSETS,
  ) as typeof import('./main.js');
  setAddonFile(() => unnamedFile(asset('famfs_native.node')));
  void main(process.argv0, argv).then(leave);
}

/** The bytes in the executable, not a copy: they must not be written to. */
function asset(name: string): Buffer {
  return Buffer.from(getRawAsset(name) as ArrayBuffer);
}
