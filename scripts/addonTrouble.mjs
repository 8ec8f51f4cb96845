import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ADDON = 'build/Release/famfs_native.node';
const SOURCES = 'src/native/cpp';

/** Why the program may not run with the current addon, and what to do about it; undefined if the addon is up to date. */
export function addonTrouble() {
  if (!existsSync(ADDON)) return `${ADDON} is not built: run npm run build`;
  const newer = newerSource(ADDON);
  return newer && `${ADDON} is older than ${newer}: run npm run build`;
}

/** A C++ source, or one of the `others` that an addon is made from, that is newer than the addon `file`; undefined if none is. */
export function newerSource(file, others = []) {
  const built = statSync(file).mtimeMs;
  const sources = readdirSync(SOURCES).map((name) => join(SOURCES, name));
  return [...sources, ...others].find((source) => statSync(source).mtimeMs > built);
}
