import { closeSync, fsyncSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { FamfsError } from '../fs/errors.js';
import { unmountPlace } from '../fs/serve/mounting.js';
import { isDead, MOUNT_TYPE, placeAt, resolvedPlace } from '../fs/serve/mountTree.js';
import { type Context, defineCommand, type Result } from '../ui/command.js';
import { dryRunOption } from './options/dryRun.js';

/** times that a busy mount is tried, and milliseconds between them */
const ATTEMPTS = 20;
const PAUSE = 50;

export interface UmountDocument {
  /** mount points */
  readonly unmounted: readonly string[];
  /** false with --dry-run: `unmounted` are those that would be */
  readonly written: boolean;
}

export const command = defineCommand({
  name: 'umount',
  group: 'Mount',
  summary: 'unmount file systems that were mounted with famfs mount',
  details: [
    'New files that were closed are committed first. While files are open, it is refused; with --lazy, the mount disappears ' +
      'at once, and ends when they are closed. A mount whose server is gone is removed.',
    'With --dry-run, it only finds the mounts; whether files are open shows when it is done.',
  ],
  examples: [{ command: 'famfs umount /mnt/famfs', explains: 'umount(8) works too' }],
  args: [{ name: 'MOUNTPOINT', summary: 'the directory', completes: 'mountPoint', required: true, repeat: true }],
  options: {
    lazy: { type: 'boolean', short: 'l', summary: 'unmount even while files are open' },
    ...dryRunOption,
  },
  seeAlso: ['mount'],
  changes: true,
  async run(context, args, { lazy = false, dryRun = false }): Promise<Result<UmountDocument>> {
    const mountPoints = args.map((given) => requireMount(context, given));
    if (dryRun)
      return {
        data: { unmounted: mountPoints, written: false },
        text: () => mountPoints.map((mountPoint) => `would unmount ${mountPoint}`),
      };
    for (const mountPoint of mountPoints) {
      const dead = isDead(mountPoint);
      if (!dead) commitClosed(mountPoint);
      await unmountWhenFree(mountPoint, context.uid, lazy || dead);
    }
    return { data: { unmounted: mountPoints, written: true }, text: () => [] };
  },
});

function requireMount(context: Context, given: string): string {
  const path = resolvedPlace(context, given);
  const place = placeAt(context, path);
  if (place?.type === MOUNT_TYPE) return path;
  const what = place === undefined ? 'nothing is mounted there' : `what is mounted there is ${place.type}`;
  throw new FamfsError('NOT_A_MOUNT', `${path} was not mounted by famfs mount: ${what}`, {
    hint: 'famfs mount --list lists them',
    details: { mountPoint: path },
  });
}

/** Other commands look into each famfs mount for a moment, which is no reason to fail. Throws as unmountPlace does. */
async function unmountWhenFree(mountPoint: string, uid: number, lazy: boolean): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      unmountPlace(mountPoint, uid, lazy);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof FamfsError) || error.code !== 'BUSY') throw error;
      await sleep(PAUSE);
    }
  }
}

/** fsync of a directory makes the server commit all that was closed. */
function commitClosed(mountPoint: string): void {
  try {
    const fd = openSync(mountPoint, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // it has failed, or is not for this user: there is nothing to wait for
  }
}
