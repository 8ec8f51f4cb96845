import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder for images, and a function that removes it. Not in /dev/shm, where to look at a hole fills it with pages, and every look
 * at the log takes longer for them.
 */
export function makeHome(): { readonly home: string; readonly remove: () => void } {
  const home = mkdtempSync(join(tmpdir(), 'famfs-crash-'));
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}
