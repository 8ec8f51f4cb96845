/** A server over a few mapped files, and the test's kernel at the other end. */
import type { TestContext } from 'node:test';
import type { MappedDevice } from '../../src/native/device.js';
import { type FuseEvent, type FuseOptions, FuseServer, NodeBatch } from '../../src/native/fuse.js';
import { TestKernel } from '../support/testKernel.js';
import { makeDevice } from './scratch.js';

export const MIB = 1024 ** 2;
export const DEVICE_SIZE = 4 * MIB;

/** A file of the table: its place is up to the test. */
export interface FilePlace {
  readonly id: number;
  readonly path: string;
  readonly size: number;
  readonly chunk: number;
  readonly extents: readonly (readonly [device: number, offset: number, length: number])[];
  readonly flags?: number;
  readonly mode?: number;
}

export interface Stand {
  readonly server: FuseServer;
  readonly kernel: TestKernel;
  readonly devices: readonly MappedDevice[];
  readonly events: FuseEvent[];
  /** the next event of a type, once there is one */
  event<T extends FuseEvent['type']>(type: T): Promise<Extract<FuseEvent, { type: T }>>;
}

export const USUAL: Omit<FuseOptions, 'fds'> = {
  threads: 2,
  creates: false,
  writes: true,
  direct: false,
  followsOpens: false,
  timeout: 100,
  time: 1_700_000_000,
  maps: [],
  xattrs: [],
  staging: '/tmp',
  mode: 0o755,
  uid: 7,
  gid: 8,
};

/** Serves a tree; the kernel goes away when the test ends. */
export function makeStand(t: TestContext, files: readonly FilePlace[], options: Partial<FuseOptions> = {}): Stand {
  const kernel = new TestKernel();
  const events: FuseEvent[] = [];
  const server = new FuseServer({ ...USUAL, ...options, fds: [kernel.serverFd] }, (event) => events.push(event));
  const devices = [makeDevice(t, DEVICE_SIZE), makeDevice(t, DEVICE_SIZE)];
  for (const [i, device] of devices.entries()) server.setDevice(i, device);
  const batch = new NodeBatch();
  batch.add(100, Buffer.from('d'), 0o750, 1, 2);
  batch.add(101, Buffer.from('d/e'), 0o700, 3, 4);
  for (const { id, path, size, chunk, extents, flags = 0, mode = 0o640 } of files) {
    batch.add(id, Buffer.from(path), mode, 5, 6, size, chunk, flags);
    for (const extent of extents) batch.addExtent(...extent);
  }
  server.addNodes(batch);
  server.start();
  t.after(() => kernel.close());
  const event: Stand['event'] = async (type) => {
    const start = performance.now();
    for (;;) {
      const found = events.findIndex((one) => one.type === type);
      if (found >= 0) return events.splice(found, 1)[0] as never;
      if (performance.now() - start > 60_000) throw new Error(`no event ${type}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  return { server, kernel, devices, events, event };
}
