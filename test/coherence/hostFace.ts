/** The addon's face of memory for simulated hosts: each device of a host is a cache over the fabric. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import {
  type Addon,
  addon,
  type FilesJobRequest,
  type JobRequest,
  type NativeDevice,
  type NativeLogTable,
} from '../../src/native/addon.js';
import { type BulkDevice, runModel, scanSlots } from './bulkModel.js';
import type { HostCache, MemoryOperation } from './fabric.js';
import type { Asker, Range, Rules } from './rules.js';
import { callSite, regionOf } from './site.js';

/** Slots that are read at once, as the addon does. */
const SLOTS_AT_ONCE = 256;

/** A host, with its caches by the path of the device. */
export interface SimulatedHost {
  readonly name: string;
  /** its cache of a device; undefined for a file of its own */
  cacheOf(path: string): HostCache | undefined;
  /** before each operation: may run what another host does, or throw PowerLoss */
  before(operation: MemoryOperation): void;
  /**
   * whether to leave an operation out: the fault that a test puts in
   * @param sites the places that ask for it: that of TypeScript, that of C++
   */
  leavesOut(operation: MemoryOperation, sites: () => readonly string[]): boolean;
  /** watches that it keeps the rules, where that is wanted */
  readonly rules?: Rules | undefined;
}

/** Thrown by every operation of a host whose power was lost. */
export class PowerLoss extends Error {}

const current = new AsyncLocalStorage<SimulatedHost>();

/** Runs work on a host, which opens its devices; the work may be asynchronous. */
export function onHost<T>(host: SimulatedHost, work: () => T): T {
  return current.run(host, work);
}

class Device implements NativeDevice, BulkDevice {
  readonly size: number;
  readonly #cache: HostCache;
  readonly #host: SimulatedHost;
  readonly #name: string;
  /** parts that were stored to and not fenced yet, of the thread of JavaScript */
  readonly #stored = new Set<string>();
  /** the job that is being done */
  #doing = '';

  constructor(path: string, host: SimulatedHost, cache: HostCache) {
    this.#host = host;
    this.#name = basename(path);
    this.size = statSync(path).size;
    this.#cache = cache;
  }

  /** A file has holes where nobody has stored to; this saves the simulation work, and changes nothing that a host could see. */
  isHole(offset: number, length: number): boolean {
    return this.#cache.isUntouched(offset, length);
  }

  /** Has a thread of its own do what follows, for a job, until it is called with 0. */
  useThread(thread: number, doing = ''): void {
    this.#cache.thread = thread;
    this.#doing = doing;
  }

  readInto(target: Uint8Array, offset: number): void {
    this.#host.before('read');
    this.#host.rules?.load(this.#range(offset, target.length), () => this.#asker(offset));
    this.#cache.read(offset, target);
  }

  write(offset: number, bytes: Uint8Array): void {
    this.#host.before('write');
    if (this.#cache.thread === 0) this.#stored.add(regionOf(offset));
    this.#host.rules?.store(this.#range(offset, bytes.length), () => this.#asker(offset));
    this.#cache.write(offset, bytes);
  }

  writeBack(offset: number, length: number, place?: string): void {
    if (!this.#does('writeBack', place, regionOf(offset))) return;
    this.#host.rules?.writeBack(this.#range(offset, length));
    this.#cache.writeBack(offset, length);
  }

  invalidate(offset: number, length: number, place?: string): void {
    if (!this.#does('invalidate', place)) return;
    const isOfJob = this.#cache.thread !== 0;
    this.#host.rules?.invalidate(this.#range(offset, length), isOfJob, () => this.#asker(offset));
    this.#cache.invalidate(offset, length);
  }

  fence(place?: string, part = [...this.#stored].sort().join(', ')): void {
    if (this.#cache.thread === 0) this.#stored.clear();
    if (!this.#does('fence', place, part)) return;
    this.#host.rules?.fence(this.#name);
    this.#cache.fence();
  }

  persist(offset: number, bytes: Uint8Array): void {
    this.write(offset, bytes);
    this.writeBack(offset, bytes.length);
    this.fence();
  }

  /** As cpp/device.cc: each entry, and then the counts that count it. */
  persistEach(offset: number, bytes: Uint8Array, stride: number, counters: number, count: number): void {
    for (let done = 0; done * stride < bytes.length; done++) {
      this.persist(offset + done * stride, bytes.subarray(done * stride, (done + 1) * stride));
      const now = BigInt(count + done + 1);
      this.persist(counters, new Uint8Array(BigUint64Array.of(now, now).buffer));
    }
  }

  lock(): boolean {
    return true;
  }

  unlock(): void {}

  close(): void {}

  #range(offset: number, length: number): Range {
    return { device: this.#name, offset, length };
  }

  #asker(offset: number): Asker {
    return { site: callSite() ?? '', part: regionOf(offset) };
  }

  /** @param part what is written back or fenced, where the product stores by itself */
  #does(operation: MemoryOperation, place: string | undefined, part = ''): boolean {
    this.#host.before(operation);
    return !this.#host.leavesOut(operation, () => {
      // what C++ stores, it stores by itself, whoever asks for it
      if (place !== undefined && part !== '') return [place];
      const asked = callSite();
      const what = part || this.#doing;
      const own = asked === undefined ? [] : [what === '' ? asked : `${asked}: ${what}`];
      return place === undefined ? own : [...own, place];
    });
  }
}

/** A job that is done when it begins; the result comes later, as from the threads of C++. */
class Job {
  readonly #bytes: number = 0;

  constructor(request: JobRequest | FilesJobRequest) {
    const devices = [...request.devices, ...('source' in request && request.source ? [request.source] : [])];
    for (const device of devices as unknown as Device[]) device.useThread(1, request.operation);
    try {
      const done = runModel(request);
      this.#bytes = done.bytes;
      queueMicrotask(() => request.done({ cancelled: false, more: false, ...done }));
    } finally {
      for (const device of devices as unknown as Device[]) device.useThread(0);
    }
  }

  cancel(): void {}

  bytes(): number {
    return this.#bytes;
  }
}

/** An addon whose devices belong to the host that opens them. All else is the real one. */
export function simulatedAddon(): Addon {
  const real = addon();

  /** Reads through the device of the host, and hands the bytes to the addon's table. */
  function tableOf(layout: Readonly<Record<string, number>>, unit: number): NativeLogTable {
    const table = new real.LogTable(layout, unit);
    const entrySize = layout.entrySize as number;
    const decode: NativeLogTable['decode'] = (device, firstSlot, from, to) => {
      const parts: Buffer[] = [];
      for (let slot = from; slot < to; slot += SLOTS_AT_ONCE) {
        const count = Math.min(SLOTS_AT_ONCE, to - slot);
        parts.push(scanSlots(device as unknown as BulkDevice, firstSlot + slot * entrySize, count * entrySize));
      }
      table.decodeBytes(Buffer.concat(parts), from, to);
    };
    return new Proxy(table, {
      get(target, name) {
        if (name === 'decode') return decode;
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** A file that is no device of the fabric, as a journal on a disk, is mapped as ever. */
  function deviceOf(...given: ConstructorParameters<Addon['Device']>): NativeDevice {
    const [path] = given;
    const host = current.getStore();
    if (host === undefined) throw new Error(`${path} is opened by no host`);
    const cache = host.cacheOf(path);
    return cache === undefined ? new real.Device(...given) : new Device(path, host, cache);
  }

  return {
    ...real,
    pageSize: real.pageSize,
    setErrorClass: () => {},
    Device: deviceOf as unknown as Addon['Device'],
    Job: Job as unknown as Addon['Job'],
    LogTable: tableOf as unknown as Addon['LogTable'],
  };
}
