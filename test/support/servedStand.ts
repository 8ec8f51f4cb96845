/** A file system of a sandbox, served to a test's kernel over a socket, in this process. */
import { after } from 'node:test';
import { viewOf } from '../../src/format/struct.js';
import type { Host } from '../../src/fs/host/host.js';
import { FamfsServer, type ServerRun } from '../../src/fs/serve/famfsServer.js';
import type { ServeOptions } from '../../src/fs/serve/serveOptions.js';
import { createIn, entryOut, mkdirIn, OP, openIn, releaseIn } from './fuseWire.js';
import type { Sandbox } from './sandbox.js';
import { cString, pack, TestKernel } from './testKernel.js';

const LAYOUT = { stripes: undefined, chunkSize: undefined, policy: 'fill', contiguous: false } as const;

export interface ServedStand {
  readonly kernel: TestKernel;
  readonly served: FamfsServer;
  readonly serving: ServerRun;
  /** what the server said */
  readonly log: string[];
}

/** Serves what FAMFS_DEV names; the mount ends, and all is committed, when the test file ends, or before by stop(). */
export function serveSandbox(sandbox: Sandbox, options: Partial<ServeOptions> = {}): ServedStand {
  const kernel = new TestKernel();
  const log: string[] = [];
  const host: Host = { env: sandbox.env, cwd: sandbox.folder, warn: (code) => log.push(code) };
  const all: ServeOptions = {
    readOnly: false,
    cache: 'auto',
    maps: 'none',
    mapsOfImages: true,
    rootOwner: { uid: 0, gid: 0 },
    allowBytes: false,
    threads: 2,
    refresh: 20,
    linger: 20,
    staging: sandbox.folder,
    layout: LAYOUT,
    mapText: ({ path }) => path,
    ...options,
  };
  const served = FamfsServer.open(host, [], all, (line) => log.push(line));
  const serving = served.serve([kernel.serverFd]);
  const stand = { kernel, served, serving, log };
  after(() => stop(stand));
  return stand;
}

const stopped = new WeakSet<FamfsServer>();

/** Unmounts, as far as a socket can be. */
export async function stop(stand: ServedStand): Promise<void> {
  if (stopped.has(stand.served)) return;
  stopped.add(stand.served);
  stand.kernel.close();
  await stand.serving.ended;
  stand.served.close();
}

/** CREATE: the node, or an errno as a negative number. */
export async function create(kernel: TestKernel, parent: number, name: string, flags = 1): Promise<number> {
  const payload = Buffer.concat([pack(createIn, { flags, mode: 0o100640 }), cString(name)]);
  const { error, body } = await kernel.ask(OP.CREATE, parent, payload, 12);
  return error === 0 ? entryOut.read(viewOf(body), 0).node : -error;
}

export async function mkdir(kernel: TestKernel, parent: number, name: string): Promise<number> {
  const { error, body } = await kernel.ask(
    OP.MKDIR,
    parent,
    Buffer.concat([pack(mkdirIn, { mode: 0o750 }), cString(name)]),
  );
  return error === 0 ? entryOut.read(viewOf(body), 0).node : -error;
}

export async function open(kernel: TestKernel, node: number, flags: number): Promise<number> {
  return (await kernel.ask(OP.OPEN, node, pack(openIn, { flags }))).error;
}

/** FLUSH and RELEASE, as close(2) has it; the errno of the FLUSH. */
export async function close(kernel: TestKernel, node: number, flags: number): Promise<number> {
  const { error } = await kernel.ask(OP.FLUSH, node, Buffer.alloc(24));
  await kernel.ask(OP.RELEASE, node, pack(releaseIn, { flags }));
  return error;
}

/**
 * Waits until something is so, at most `limit` milliseconds, which only a busy machine needs. A look that takes long is not taken
 * as often, since it would keep a processor from what is waited for.
 */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, limit = 60_000): Promise<void> {
  for (const start = performance.now(); performance.now() - start < limit; ) {
    const began = performance.now();
    if (await isSo()) return;
    const pause = Math.max(5, 4 * (performance.now() - began));
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error(`not in time: ${what}`);
}
