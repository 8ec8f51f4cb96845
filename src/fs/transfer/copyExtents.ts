/** Copies extents from one daxdev to others, in memory, and compares them. */
import { hex } from '../../format/fieldText.js';
import { type BulkFault, type CheckResult, runBulk, type Segment } from '../../native/bulk.js';
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { TransferControl } from './transferFile.js';

/** bytes that go from one daxdev to a place on another */
export interface ExtentCopy {
  /** bytes from the start of the source */
  readonly from: number;
  readonly target: MappedDevice;
  /** bytes from the start of the target */
  readonly deviceOffset: number;
  readonly length: number;
  /** path of the file that has them */
  readonly path: string;
}

/** copies that are passed on at once */
const BATCH = 8192;

/**
 * Copies extents of one daxdev to others, then reads all of them again and compares; advances by twice their bytes. Throws the
 * signal's reason, POISON for memory that cannot be reached, and WRONG_BYTE.
 */
export async function copyExtents(
  source: MappedDevice,
  copies: readonly ExtentCopy[],
  control: TransferControl,
): Promise<void> {
  for (const operation of ['copyMemory', 'compareMemory'] as const)
    for (let i = 0; i < copies.length; i += BATCH)
      await runBatch(source, copies.slice(i, i + BATCH), operation, control);
}

async function runBatch(
  source: MappedDevice,
  copies: readonly ExtentCopy[],
  operation: 'copyMemory' | 'compareMemory',
  { threads, signal, advance }: TransferControl,
): Promise<void> {
  const devices = [...new Set(copies.map(({ target }) => target))];
  const segments: Segment[] = copies.map(({ from, target, deviceOffset, length }) => {
    return { device: devices.indexOf(target), offset: deviceOffset, fileOffset: from, length };
  });
  let reported = 0;
  const onProgress = (done: number) => {
    advance(done - reported);
    reported = done;
  };
  const job = { operation, source, devices, segments, threads, signal, onProgress, invalidate: true };
  const result: CheckResult = await runBulk(job);
  signal.throwIfAborted();
  const [fault] = result.faults;
  const pathAt = (at: number) => copies.find(({ from, length }) => at >= from && at < from + length)?.path ?? '';
  if (fault !== undefined) throw poisoned(fault, source, devices, pathAt(fault.fileOffset));
  const { difference } = result;
  if (difference === undefined) return;
  const { device, offset, fileOffset, expected, found } = difference;
  const { path } = devices[device] as MappedDevice;
  throw new FamfsError(
    'WRONG_BYTE',
    `${pathAt(fileOffset)}: its copy on ${path} has a wrong byte at offset ${hex(offset)}: found ${hex(found)}, expected ${hex(expected)}`,
    {
      hint: 'the memory is bad, or something writes to the file',
      details: { path: pathAt(fileOffset), device: path, deviceOffset: offset, expected, found },
    },
  );
}

function poisoned(
  { side, device, offset, fileOffset, action, code }: BulkFault,
  source: MappedDevice,
  devices: readonly MappedDevice[],
  path: string,
): FamfsError {
  const [at, deviceOffset] = side === 'file' ? [source, fileOffset] : [devices[device] as MappedDevice, offset];
  return new FamfsError(
    'POISON',
    `${path}: memory of ${at.path} cannot be ${action === 'read' ? 'read' : 'written'} at offset ${hex(deviceOffset)}`,
    {
      hint:
        side === 'file'
          ? 'save the rest of the file with famfs cp --out --skip-bad, and remove it with famfs rm'
          : 'the memory is bad, or has no storage (an image on a full disk)',
      details: { path, device: at.path, deviceOffset, reason: code },
    },
  );
}
