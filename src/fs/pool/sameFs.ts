/** Whether a device still holds the file system, and the log, that were read from it. */
import { statSync } from 'node:fs';
import { FamfsError } from '../errors.js';
import { readSuperblock } from '../media/superblockReader.js';
import type { Volume } from './volume.js';

/**
 * Checks that the device still holds the file system that was opened, and not in another file. Throws FS_REMADE, or FS_GONE once
 * patience is over.
 */
export function isSame(volume: Volume, patienceOver: boolean): boolean {
  if (wasReplaced(volume.primary)) throw remade(volume, 'the file was replaced by another');
  return holdsSame(volume, patienceOver);
}

/**
 * To be called after bytes were read by the maps of a volume, and before they are used: if the log was rewritten, they may be
 * those of another file. Throws LOG_REWRITTEN, LOG_REWRITING, FS_REMADE and FS_GONE.
 */
export function requireMaps(volume: Volume): void {
  holdsSame(volume, true);
  volume.history.require();
}

function holdsSame(volume: Volume, patienceOver: boolean): boolean {
  const { primary: device } = volume;
  const { state, superblock } = readSuperblock(device);
  const uuid = superblock?.fsUuid;
  if (state === 'valid' && uuid === volume.superblock.fsUuid) return true;
  if (state === 'valid') throw remade(volume, `it now holds ${uuid}`);
  if (patienceOver)
    throw new FamfsError('FS_GONE', `the file system ${volume.superblock.fsUuid} on ${device.path} is gone`, {
      hint: 'its superblock was removed or damaged; run famfs fsck',
      details: { device: device.path, fsUuid: volume.superblock.fsUuid },
    });
  return false;
}

function wasReplaced({ kind, path, identity }: Volume['primary']): boolean {
  if (kind === 'device') return false;
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined || `file:${stats.dev}:${stats.ino}` !== identity;
}

function remade(volume: Volume, what: string): FamfsError {
  const { path } = volume.primary;
  const { fsUuid } = volume.superblock;
  return new FamfsError('FS_REMADE', `the file system ${fsUuid} on ${path} was replaced: ${what}`, {
    hint: 'start again, and play into a new shadow tree',
    details: { device: path, fsUuid },
  });
}
