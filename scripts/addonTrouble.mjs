import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ADDON = 'build/Release/famfs_native.node';
const SOURCES = 'src/native/cpp';

/** Why the program may not run with the current addon, and what to do about it; undefined if the addon is up to date. */
export function addonTrouble() {
  const built = statSync(ADDON, { throwIfNoEntry: false });
  if (built === undefined) return `${ADDON} is not built: run npm run build`;
  const newer = readdirSync(SOURCES).find((name) => statSync(join(SOURCES, name)).mtimeMs > built.mtimeMs);
  return newer && `${ADDON} is older than ${join(SOURCES, newer)}: run npm run build`;
}
