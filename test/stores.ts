/**
 * What a crash can leave: every store of a run is recorded, and images are made anew as they were when it stopped after any
 * of them; of the stores since the last fence of a device, any may have got through.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type MappedDevice, observeMemory } from '../src/native/device.js';

type Operation =
  | { readonly kind: 'write'; readonly path: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'fence'; readonly path: string };

/** Runs `work` and returns every store and fence of it, in order. */
export async function record(work: () => Promise<unknown>): Promise<Operation[]> {
  const operations: Operation[] = [];
  observeMemory({
    write: ({ path }: MappedDevice, offset, bytes) =>
      operations.push({ kind: 'write', path, offset, bytes: Buffer.from(bytes) }),
    fence: ({ path }: MappedDevice) => operations.push({ kind: 'fence', path }),
  });
  try {
    await work();
  } finally {
    observeMemory(undefined);
  }
  return operations;
}

/** Index of each operation after which memory differs from before. */
export function crashPoints(operations: readonly Operation[]): number[] {
  const writes = operations.flatMap(({ kind }, i) => (kind === 'write' ? [i + 1] : []));
  return [0, ...writes];
}

/**
 * The stores that a crash before operation `end` leaves: all that were fenced on their device; of the others those that
 * `survives` chooses.
 */
export function survivors(
  operations: readonly Operation[],
  end: number,
  survives: () => boolean,
): Extract<Operation, { kind: 'write' }>[] {
  const lastFence = new Map<string, number>();
  for (const [i, { kind, path }] of operations.slice(0, end).entries()) if (kind === 'fence') lastFence.set(path, i);
  return operations
    .slice(0, end)
    .filter((operation, i) => operation.kind === 'write' && (i < (lastFence.get(operation.path) ?? -1) || survives()))
    .map((operation) => operation as Extract<Operation, { kind: 'write' }>);
}

/** Applies stores to images of the same names in another folder. */
export function replayOnto(folder: string, writes: readonly Extract<Operation, { kind: 'write' }>[]): void {
  for (const { path, offset, bytes } of writes) {
    const fd = openSync(join(folder, path.split('/').at(-1) as string), 'r+');
    writeSync(fd, bytes, 0, bytes.length, offset);
    closeSync(fd);
  }
}
