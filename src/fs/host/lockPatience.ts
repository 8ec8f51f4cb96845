/** How long a command waits for the lock of a daxdev or image that another process writes to. */
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { Host } from './host.js';

/** between two attempts, milliseconds */
const PAUSE = 10;

/**
 * Takes the lock, and stops this process meanwhile: for work that has not begun and reacts to no signals. Throws BUSY after the time that the
 * host has for it; without one, it waits as long as it takes.
 */
export function lockBlocking(host: Pick<Host, 'lockWait' | 'step'>, device: MappedDevice): void {
  const started = performance.now();
  waitForLock(host, device);
  host.step?.({ name: 'locked', path: device.path, seconds: (performance.now() - started) / 1000 });
}

function waitForLock({ lockWait }: Pick<Host, 'lockWait'>, device: MappedDevice): void {
  if (lockWait === undefined) {
    device.lock('exclusive', true);
    return;
  }
  const end = Date.now() + lockWait * 1000;
  const never = new Int32Array(new SharedArrayBuffer(4));
  while (!device.lock('exclusive', false)) {
    if (Date.now() >= end) throw stillLocked(device, lockWait);
    Atomics.wait(never, 0, 0, PAUSE);
  }
}

/** The error of a command that did not get the lock in `seconds`. */
export function stillLocked({ path }: Pick<MappedDevice, 'path'>, seconds: number): FamfsError {
  const waited = seconds === 0 ? '' : `, and still is after ${seconds} s`;
  return new FamfsError('BUSY', `${path} is locked by another process${waited}`, {
    hint: 'try again when it has ended, or wait longer with --wait SECONDS',
    details: { device: path, waited: seconds },
  });
}
