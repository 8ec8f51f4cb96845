/** Asks blkid(8) what a file contains; it knows more formats than this program. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../host/host.js';

/** where it is installed; cron and su leave these folders out of PATH */
const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin'];
/** its exit status if it recognizes nothing */
const NOTHING_FOUND = 2;
/** milliseconds */
const PATIENCE = 10_000;

/**
 * What blkid finds in a regular file; undefined if it finds nothing or is not installed. Any other answer, or none in time, means
 * that there may be something.
 */
export function askBlkid(host: Pick<Host, 'env'>, path: string, patience = PATIENCE): string | undefined {
  const program = findBlkid(host);
  if (program === undefined) return undefined;
  const { status, stdout, error, signal } = spawnSync(program, ['-p', '-o', 'export', '--', path], {
    encoding: 'utf8',
    timeout: patience,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { LC_ALL: 'C' },
  });
  if (status === NOTHING_FOUND) return undefined;
  if (status === 0) return /^(?:TYPE|PTTYPE)=(.+)$/m.exec(stdout)?.[1] ?? 'content that blkid recognizes';
  const why = status === null ? (error?.message ?? `ended by ${signal}`) : `exit status ${status}`;
  return `content that blkid cannot identify (${why})`;
}

function findBlkid({ env }: Pick<Host, 'env'>): string | undefined {
  const folders = [...(env.PATH ?? '').split(':').filter((folder) => folder.startsWith('/')), ...SYSTEM_FOLDERS];
  return folders.map((folder) => join(folder, 'blkid')).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
