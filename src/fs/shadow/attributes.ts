/** Mode and owner of the folders of a shadow tree. Directories have no YAML, so these are their only metadata. */
import { fchmodSync, fstatSync } from 'node:fs';
import type { MkdirEntry } from '../../format/entries/mkdir.js';
import { NO_OWNER } from '../../format/entries/node.js';
import { setOwner } from '../host/setOwner.js';

const MODE_BITS = 0o7777;

export function octalMode(mode: number): string {
  return `0${mode.toString(8)}`;
}

/** One difference as text. */
export function differenceText(name: string, found: unknown, expected: unknown): string {
  return `${name} is ${found}, in the log ${expected}`;
}

/** The differences between an open folder and its entry. An id that no owner can have matches any. */
export function folderDifferences(fd: number, { mode, uid, gid }: MkdirEntry): string[] {
  const stats = fstatSync(fd);
  const found = { mode: octalMode(stats.mode & MODE_BITS), uid: stats.uid, gid: stats.gid };
  const expected = { mode: octalMode(mode), uid, gid };
  const keys = ['mode', 'uid', 'gid'] as const;
  return keys
    .filter((key) => found[key] !== expected[key] && expected[key] !== NO_OWNER)
    .map((key) => differenceText(key, found[key], expected[key]));
}

/** Gives an open folder the mode and owner of its entry. Returns false if only root could set the owner. */
export function setAttributes(fd: number, { mode, uid, gid }: MkdirEntry): boolean {
  const owned = setOwner(fd, { uid, gid });
  // after chown, which clears set-id bits
  fchmodSync(fd, mode);
  return owned;
}
