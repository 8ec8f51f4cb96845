/** From one file to another of the same size, whose maps divide it in different places. */
import type { MappedDevice } from '../../native/device.js';
import { copyExtents, type ExtentCopy } from './copyExtents.js';
import type { FileMap } from './fileMap.js';
import type { TransferControl } from './transferFile.js';

/** copies that are kept at once */
const BATCH = 8192;

/** Copies all bytes of a file and compares them. Throws what copyExtents throws. */
export async function copyMap(from: FileMap, to: FileMap, control: TransferControl): Promise<void> {
  for (const batch of batches(from, to))
    for (const [source, copies] of batch) await copyExtents(source, copies, control);
}

type Batch = ReadonlyMap<MappedDevice, readonly ExtentCopy[]>;

/** The copies of a file by the daxdev that they come from, so many at a time. */
function* batches(from: FileMap, to: FileMap): Generator<Batch> {
  let batch = new Map<MappedDevice, ExtentCopy[]>();
  let count = 0;
  for (const { source, ...copy } of shared(from, to)) {
    const copies = batch.get(source) ?? [];
    batch.set(source, copies);
    copies.push(copy);
    if (++count < BATCH) continue;
    yield batch;
    batch = new Map();
    count = 0;
  }
  yield batch;
}

interface SourcedCopy extends ExtentCopy {
  readonly source: MappedDevice;
}

/** The longest runs of bytes that are contiguous in both. */
function* shared(from: FileMap, to: FileMap): Generator<SourcedCopy> {
  const sources = from.runs();
  const targets = to.runs();
  let source = sources.next();
  let target = targets.next();
  for (let at = 0; !source.done && !target.done; ) {
    const end = Math.min(source.value.end, target.value.end);
    yield {
      source: source.value.device,
      from: source.value.offset + at - source.value.start,
      target: target.value.device,
      deviceOffset: target.value.offset + at - target.value.start,
      length: end - at,
      path: to.path,
    };
    at = end;
    if (source.value.end === end) source = sources.next();
    if (target.value.end === end) target = targets.next();
  }
}
