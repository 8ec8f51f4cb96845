import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/root.js';

export const EXECUTABLE = join(ROOT, 'packages', 'famfs');

/** Why there is no single executable: a node with a shared library, as some distributions have it, has no place for a program. */
export const NO_SEA = `${process.execPath} cannot become a single executable`;

/** Whether the bytes by which node knows such an executable are in this one. */
export function isSeaPossible(): boolean {
  return readFileSync(process.execPath).includes('NODE_SEA_FUSE_');
}

/** Makes the single executable for this processor from the bundle, unless it was made since. */
export function makeExecutable(): void {
  const made = statSync(EXECUTABLE, { throwIfNoEntry: false });
  if (made !== undefined && made.mtimeMs > statSync(join(ROOT, 'dist', 'famfs.cjs')).mtimeMs) return;
  for (const words of [['prebuild.mjs', process.arch], ['sea.mjs']]) runScript(...words);
}

/** Runs a program of scripts/ with this Node.js; returns standard output. Throws if it fails. */
export function runScript(name = '', ...argv: readonly string[]): string {
  return execFileSync(process.execPath, [join('scripts', name), ...argv], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
