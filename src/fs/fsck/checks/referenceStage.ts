/** What is sound, but more than the reference tools can use. Names that are not UTF-8 are reported without being asked for. */
import { claimant } from '../../../format/entries/claimant.js';
import { REFERENCE_MINIMUM } from '../../../format/superblock.js';
import type { Log } from '../../log/log.js';
import type { Replay } from '../../log/replay.js';

const PERMISSIONS = 0o777;

/** Reports the limits of the reference tools that a replayed file system exceeds. `deviceSize`: bytes of the primary. */
export function checkReference(log: Log, replay: Replay, deviceSize: number): void {
  const { findings, namespace } = replay;
  if (deviceSize < REFERENCE_MINIMUM) findings.add('REFERENCE_SIZE', { daxdev: 0 }, { deviceSize });
  log.scan(0, replay.next, (slot, { entry }) => {
    if (entry === undefined || !('path' in entry)) return;
    const { path } = entry;
    if (namespace.get(path)?.slot !== slot) return;
    const elsewhere = claimant(entry)?.fmap.extents.find(({ daxdev }) => daxdev !== 0);
    if (elsewhere !== undefined) findings.add('REFERENCE_DAXDEV', { slot, path, ...elsewhere }, {});
    const { mode } = entry;
    if (entry.type === 'MKDIR' && mode > PERMISSIONS) findings.add('REFERENCE_MODE', { slot, path }, { mode });
  });
}
