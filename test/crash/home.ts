import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for images, in /dev/shm if it exists, and a function that removes it. */
export function makeHome(): { readonly home: string; readonly remove: () => void } {
  const home = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'famfs-crash-'));
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}
