import type { Host } from '../host/host.js';
import type { Replayed } from '../log/replay.js';
import { closeOnError, openTarget } from './openTarget.js';
import { replayTarget, type Volume } from './volume.js';

/**
 * Opens the file system that is meant for reading and replays its log; `onEntry` gets each entry as it is replayed.
 * Throws what openTarget and replayTarget throw.
 */
export function openVolume(host: Host, named: readonly string[], onEntry?: (replayed: Replayed) => void): Volume {
  const target = openTarget(host, named, 'read');
  return closeOnError(target, () => replayTarget(target, onEntry));
}
