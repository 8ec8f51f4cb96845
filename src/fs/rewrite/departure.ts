/** Before a daxdev leaves its pool it says so itself, so that the same command can tell later that only its superblock is left. */

import { DeviceError } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { openDevice } from '../host/openDevice.js';
import { departureStep } from '../media/departure.js';
import { apply } from '../media/sharedMemory.js';
import { readSuperblock } from '../media/superblockReader.js';
import type { Member } from '../pool/members.js';

/**
 * Notes on a member that it leaves with the history `historyUuid`. A daxdev that is lost, has copies or cannot be written does without:
 * it is to leave, and its path or uuid still finishes that.
 */
export function noteDeparture(
  host: Host,
  fsUuid: string,
  { state, path, candidates, uuid, index }: Member,
  historyUuid: string,
): void {
  if (state !== 'present' || path === undefined || candidates.length !== 1) return;
  try {
    const device = openDevice(host, path, true);
    try {
      const { superblock } = readSuperblock(device);
      if (superblock?.fsUuid === fsUuid && superblock.deviceUuid === uuid)
        apply([departureStep(device, { fsUuid, historyUuid, daxdev: index })]);
    } finally {
      device.close();
    }
  } catch (error) {
    if (!(error instanceof FamfsError || error instanceof DeviceError)) throw error;
  }
}
