/** Zeroes the space that a rewrite frees, before anybody can use it. */
import { runBulk } from '../../native/bulk.js';
import { FamfsError } from '../errors.js';
import type { Hole } from '../log/extentLedger.js';
import type { Volume } from '../pool/volume.js';
import type { RewritePlan } from './rewritePlan.js';

/** Space of one daxdev that becomes free with the new log, in bytes. */
interface FreedRange extends Hole {
  readonly daxdev: number;
}

/** What a plan frees, in whole allocation units. */
function freedRanges({ replay: old, superblock: { allocationUnit: unit } }: Volume, plan: RewritePlan): FreedRange[] {
  return plan.replay.daxdevs.flatMap(({ index, ledger, size }) => {
    const before = old.daxdevs[index]?.ledger.holes(size, unit) ?? [];
    return without(ledger.holes(size, unit), before).map((hole) => ({ daxdev: index, ...hole }));
  });
}

/** Zeroes what a plan frees. Throws the signal's reason, POISON, and what Volume.device throws. */
export async function wipe(volume: Volume, plan: RewritePlan, signal: AbortSignal): Promise<void> {
  for (const { daxdev, start, end } of freedRanges(volume, plan)) {
    const device = volume.device(daxdev);
    const segments = [{ device: 0, offset: start, fileOffset: 0, length: end - start }];
    const { faults } = await runBulk({ operation: 'zero', devices: [device], segments, signal });
    signal.throwIfAborted();
    const [fault] = faults;
    if (fault !== undefined)
      throw new FamfsError(
        'POISON',
        `${device.path} cannot be written at offset ${fault.offset}: nothing was removed`,
        {
          details: { device: device.path, deviceOffset: fault.offset, reason: fault.code },
        },
      );
  }
}

/** The parts of `holes` that are not in `others`; both ascending. */
function without(holes: readonly Hole[], others: readonly Hole[]): Hole[] {
  const left: Hole[] = [];
  let next = 0;
  for (const { start, end } of holes) {
    let at = start;
    while (next < others.length && (others[next] as Hole).end <= at) next++;
    for (let i = next; i < others.length && (others[i] as Hole).start < end; i++) {
      const other = others[i] as Hole;
      if (other.start > at) left.push({ start: at, end: other.start });
      at = Math.max(at, other.end);
      next = i;
    }
    if (at < end) left.push({ start: at, end });
  }
  return left;
}
