import type { Host } from '../host/host.js';
import { closeOnError, openTarget } from './openTarget.js';
import { type ReplayOptions, replayTarget, type Volume } from './volume.js';

/** Opens the file system to work on for reading and replays its log. Throws what openTarget and replayTarget throw. */
export function openVolume(host: Host, named: readonly string[], options: ReplayOptions = {}): Volume {
  const target = openTarget(host, named, 'read');
  return closeOnError(target, () => replayTarget(target, options));
}
