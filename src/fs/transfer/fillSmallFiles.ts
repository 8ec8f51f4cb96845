/** Copies many small files of this host in at a time, by one job. */
import type { FileEntry } from '../../format/entries/file.js';
import type { Extent } from '../../format/fmap.js';
import type { MappedDevice } from '../../native/device.js';
import { copySmallFiles, type SmallFileResult } from '../../native/smallFiles.js';
import type { Volume } from '../pool/volume.js';
import { FileMap } from './fileMap.js';
import type { FilePlan } from './fillFiles.js';
import type { Source } from './sourceTree.js';
import { countingFrom, type TransferControl } from './transferFile.js';

/** bytes of the largest file that is copied together with others */
const LARGEST = 1024 ** 2;
/** files and bytes that are copied by one job */
const MOST_FILES = 512;
const MOST_BYTES = 16 * 1024 ** 2;

/** A plan whose file can be copied together with others. */
export type SmallPlan = FilePlan & {
  readonly content: { readonly from: 'file'; readonly source: Source; readonly verify: boolean };
};

/** Whether a file is copied together with others: a small file of this host whose bytes go to one place. */
export function isSmall<T extends FilePlan>(plan: T): plan is T & SmallPlan {
  const { content, entry, sha256 } = plan;
  return (
    content.from === 'file' &&
    content.source.bytes === undefined &&
    entry.size <= LARGEST &&
    entry.fmap.extents.length === 1 &&
    sha256 === undefined
  );
}

/** Divides plans, in their order, into groups that one job copies; a plan that is not small is a group of its own. */
export function groupsOf<T extends FilePlan>(plans: readonly T[]): T[][] {
  const groups: T[][] = [];
  let open: T[] | undefined;
  let bytes = 0;
  for (const plan of plans) {
    const { size } = plan.entry;
    if (!isSmall(plan)) {
      groups.push([plan]);
      open = undefined;
    } else if (open === undefined || open.length === MOST_FILES || bytes + size > MOST_BYTES) {
      open = [plan];
      bytes = size;
      groups.push(open);
    } else {
      open.push(plan);
      bytes += size;
    }
  }
  return groups;
}

/**
 * Copies the files, compares those that ask for it, and fences. The results are in the order of the plans. Throws what FileMap
 * throws.
 */
export async function copySmall(
  volume: Volume,
  plans: readonly SmallPlan[],
  control: TransferControl,
): Promise<SmallFileResult[]> {
  const devices: MappedDevice[] = [];
  const files = plans.map(({ entry, content: { source } }) => {
    const { device, offset } = placeOf(volume, entry);
    let index = devices.indexOf(device);
    if (index < 0) index = devices.push(device) - 1;
    return {
      path: source.local,
      version: source,
      target: { device: index, offset, fileOffset: 0, length: entry.size },
    };
  });
  const { threads, signal } = control;
  const verify = plans.some(({ content }) => content.verify);
  return copySmallFiles({ devices, files, verify, threads, signal, onProgress: countingFrom(control) });
}

/** Where the only extent of a file is: as its FileMap says, which is not made for each of a million files. Throws what FileMap throws. */
function placeOf(volume: Volume, entry: FileEntry): { device: MappedDevice; offset: number } {
  const [extent] = entry.fmap.extents as readonly [Extent];
  const { daxdev, deviceOffset: offset, length } = extent;
  const device = volume.device(daxdev);
  // throws
  if (offset + length > device.size || length < entry.size) new FileMap(volume, entry);
  return { device, offset };
}
