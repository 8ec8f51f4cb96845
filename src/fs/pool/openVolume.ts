/** Opening the file system that is meant, on daxdevs or through its mount. */

import type { Host } from '../host/host.js';
import type { Replayed } from '../log/replay.js';
import { Finder } from './finder.js';
import { locate } from './locate.js';
import { closeMounted, mountPointOf, openMounted } from './mounted.js';
import { closeOnError, openPrimary, replayMounted, replayVolume, type Volume } from './volume.js';

/** Opens it for reading and replays its log; `onEntry` sees each entry as it is replayed. */
export function openVolume(host: Host, named: readonly string[], onEntry?: (replayed: Replayed) => void): Volume {
  const paths = locate(host, named);
  const mountPoint = mountPointOf(host, paths);
  // a mount point stands for its daxdevs: it names none of them
  const finder = new Finder(host, mountPoint === undefined ? paths : []);
  if (mountPoint !== undefined) {
    const mounted = openMounted(host, mountPoint, false);
    return closeOnError({ close: () => closeMounted(mounted) }, () => replayMounted(finder, mounted, onEntry));
  }
  const primary = openPrimary(finder, false);
  return closeOnError(primary, () => replayVolume(finder, primary, onEntry));
}
