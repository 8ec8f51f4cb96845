/** The last step of a removal: a daxdev that has left the pool no longer says that it belongs to it. */
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { openDevice } from '../host/openDevice.js';
import { apply } from '../media/sharedMemory.js';
import { readSuperblock } from '../media/superblockReader.js';
import { blankSteps } from '../media/superblockWriter.js';
import { refuseMounted } from '../pool/mountOfPool.js';

/** Clears the superblock region of a daxdev. Throws DEVICE_OPEN, MOUNTED, or NOT_A_MEMBER if it is not the one that is meant. */
export function clearMember(
  host: Host,
  path: string,
  expected: { readonly fsUuid: string; readonly uuid: string },
): void {
  const device = openDevice(host, path, true);
  try {
    refuseMounted(host, device);
    const { superblock } = readSuperblock(device);
    if (superblock?.fsUuid !== expected.fsUuid || superblock.deviceUuid !== expected.uuid)
      throw new FamfsError('NOT_A_MEMBER', `${path} is not the daxdev ${expected.uuid} any more`, {
        hint: 'it is left alone',
      });
    // the magic first: a part of a superblock is never taken for a sound one
    apply(blankSteps(device));
  } finally {
    device.close();
  }
}
