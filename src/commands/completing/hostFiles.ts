import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../fs/host/host.js';
import { hostPath } from '../../fs/host/hostPath.js';
import { asWords } from './words.js';

/** The files of the host that continue `current`. Names that begin with a dot need one. Throws if the folder cannot be read. */
export function hostFiles(host: Host, current: string): string[] {
  const folder = current.slice(0, current.lastIndexOf('/') + 1);
  const begun = current.slice(folder.length);
  const path = hostPath(host, folder === '' ? '.' : folder);
  const entries = readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => name.startsWith(begun) && (begun !== '' || !name.startsWith('.')))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return asWords(
    folder,
    entries.map((entry) => ({ name: entry.name, isFolder: isFolder(path, entry) })),
  );
}

function isFolder(folder: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(join(folder, entry.name), { throwIfNoEntry: false })?.isDirectory() ?? false;
}
