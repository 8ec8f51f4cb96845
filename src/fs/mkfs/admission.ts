/** Whether a device may become a secondary of a pool that exists. */
import { randomUUID } from 'node:crypto';
import { SUPERBLOCK_REGION } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import { hasNoLog, readSuperblock } from '../media/superblockReader.js';
import { refuseMounted } from '../pool/mountOfPool.js';
import type { Volume } from '../pool/volume.js';
import { lockNew, refuseGeometry } from './newDaxdevs.js';
import { refuseContent } from './oldContent.js';

export interface Admission {
  /** a new one, or that of an orphan of this pool, which is taken as it is */
  readonly uuid: string;
  /** true if it was already a secondary of this pool that the log did not name, as an interrupted add leaves it */
  readonly adopted: boolean;
  /** its previous contents, if any */
  readonly replaced: string | undefined;
}

/**
 * All refusals: throws ALREADY_MEMBER, MOUNTED, TOO_SMALL, BUSY, HAS_FAMFS, OTHER_HOST or FOREIGN; nothing has changed then.
 * @param options force as for mkfs: 0 replaces nothing, 1 a famfs of this host or foreign content, 2 also a famfs of another host
 */
export function admit(
  volume: Volume,
  device: MappedDevice,
  { force, dryRun }: { readonly force: number; readonly dryRun: boolean },
): Admission {
  refuseMember(volume, device);
  refuseMounted(volume.host, device);
  refuseGeometry(device, { logLength: 0, unit: volume.superblock.allocationUnit });
  lockNew(volume.host, device, dryRun);
  const orphan = orphanUuid(volume, device);
  const replaced = orphan === undefined ? refuseContent(volume.host, device, SUPERBLOCK_REGION, force) : undefined;
  return { uuid: orphan ?? randomUUID(), adopted: orphan !== undefined, replaced };
}

function refuseMember({ replay, superblock: { fsUuid }, primary }: Volume, device: MappedDevice): void {
  const { superblock } = readSuperblock(device);
  const byUuid = replay.daxdevs.find(({ uuid }) => superblock?.fsUuid === fsUuid && superblock.deviceUuid === uuid);
  const index = device.identity === primary.identity ? 0 : byUuid?.index;
  if (index === undefined) return;
  throw new FamfsError('ALREADY_MEMBER', `${device.path} is daxdev ${index} of this pool already`, {
    hint: 'famfs daxdev list shows the daxdevs of the pool',
    details: { device: device.path, daxdev: index },
  });
}

/** The uuid of a sound secondary of this pool that the log does not name. */
function orphanUuid(volume: Volume, device: MappedDevice): string | undefined {
  const { state, superblock } = readSuperblock(device);
  if (state !== 'valid' || superblock === undefined || !hasNoLog(superblock)) return undefined;
  const { fsUuid, systemUuid, allocationUnit, deviceUuid, deviceSize } = superblock;
  const own = volume.superblock;
  const ours = fsUuid === own.fsUuid && systemUuid === own.systemUuid && allocationUnit === own.allocationUnit;
  return ours && deviceSize === device.size ? deviceUuid : undefined;
}
