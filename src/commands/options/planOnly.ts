/** --dry-run of the commands that append: the same plan, on a file system that is only read. */
import type { PlanTarget } from '../../fs/allocate/creationPlan.js';
import type { Volume } from '../../fs/pool/volume.js';
import { refuseFullLog } from '../../fs/pool/writeSession.js';
import type { Context } from '../../ui/command.js';
import { withVolume } from './device.js';

/** Runs `work` on the file system that is meant, which it may only plan for; nothing is locked. Throws what withVolume and `work` throw. */
export function planOnly<T>(
  context: Context,
  dev: readonly string[],
  work: (target: PlanTarget & { readonly volume: Volume }) => T,
): Promise<T> {
  return withVolume(context, dev, (volume) => {
    const { replay, log } = volume;
    const requireSlots = (count: number) => refuseFullLog(count, log.capacity - replay.next, log.capacity);
    const append = () => {
      throw new Error('a plan appends nothing');
    };
    return work({ volume, requireSlots, append });
  });
}
