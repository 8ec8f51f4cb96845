/** Copies many small files of this host in at a time, by one job. */
import type { FileEntry } from '../../format/entries/file.js';
import type { Extent } from '../../format/fmap.js';
import type { MappedDevice } from '../../native/device.js';
import { NUMBERS_PER_SEGMENT } from '../../native/segment.js';
import { copyColumns, copySmallFiles, type SmallFileResult, type SmallFileResults } from '../../native/smallFiles.js';
import type { Volume } from '../pool/volume.js';
import { FileMap } from './fileMap.js';
import type { FilePlan } from './filePlan.js';
import type { SourceFile } from './listedFiles.js';
import { countingFrom, type TransferControl } from './transferFile.js';
import type { TreePart } from './treeFiles.js';

/** bytes of the largest file that is copied together with others */
const LARGEST = 1024 ** 2;
/** A plan whose file can be copied together with others. */
export type SmallPlan = FilePlan & {
  readonly content: { readonly from: 'file'; readonly source: SourceFile; readonly verify: boolean };
};

/** Whether a file is copied together with others: a small file of this host whose bytes go to one place. */
export function isSmall<T extends FilePlan>(plan: T): plan is T & SmallPlan {
  const { content, entry, sha256 } = plan;
  return (
    content.from === 'file' &&
    content.source.bytes === undefined &&
    isSmallSize(entry.size) &&
    entry.fmap.extents.length === 1 &&
    sha256 === undefined
  );
}

/** Whether a file of so many bytes is copied together with others if nothing else prevents it. */
export function isSmallSize(size: number): boolean {
  return size <= LARGEST;
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
  const places = new Places(volume);
  const files = plans.map(({ entry, content: { source } }) => {
    const [extent] = entry.fmap.extents as readonly [Extent];
    const device = places.indexOf(extent, entry.size, () => entry);
    return {
      path: source.local,
      version: source,
      target: { device, offset: extent.deviceOffset, fileOffset: 0, length: entry.size },
    };
  });
  const verify = plans.some(({ content }) => content.verify);
  const allNew = plans.every(({ isNew }) => isNew);
  return copySmallFiles({ devices: places.devices, files, verify, allNew, ...jobOptions(control) });
}

/** The same for files of a tree. */
export async function copyPart(
  volume: Volume,
  { tree, from, to }: TreePart,
  control: TransferControl,
): Promise<SmallFileResults> {
  const places = new Places(volume);
  const targets = new Float64Array((to - from) * NUMBERS_PER_SEGMENT);
  for (let i = from, at = 0; i < to; i++, at += NUMBERS_PER_SEGMENT) {
    const extent = tree.extent(i);
    const size = tree.size(i);
    targets[at] = places.indexOf(extent, size, () => tree.entry(i));
    targets[at + 1] = extent.deviceOffset;
    targets[at + 3] = size;
  }
  const columns = { ...tree.sources(from, to), targets };
  const { verify } = tree;
  return copyColumns({ devices: places.devices, columns, verify, allNew: true, ...jobOptions(control) });
}

function jobOptions(control: TransferControl) {
  const { threads, signal } = control;
  return { threads, signal, onProgress: countingFrom(control) };
}

/** The devices that have the only extents of files, without a FileMap for each of a million files. */
class Places {
  readonly devices: MappedDevice[] = [];

  constructor(private readonly volume: Volume) {}

  /** Index of the device of an extent, which must hold `size` bytes and lie in it. Throws what FileMap throws for the entry. */
  indexOf({ daxdev, deviceOffset, length }: Extent, size: number, entry: () => FileEntry): number {
    const device = this.volume.device(daxdev);
    // throws
    if (deviceOffset + length > device.size || length < size) new FileMap(this.volume, entry());
    const index = this.devices.indexOf(device);
    return index < 0 ? this.devices.push(device) - 1 : index;
  }
}
