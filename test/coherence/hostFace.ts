/** The addon's face of memory for simulated hosts: each device of a host is a cache over the fabric. */
import { statSync } from 'node:fs';
import type { Random } from '../../src/fs/allocate/random.js';
import {
  type Addon,
  addon,
  type FilesJobRequest,
  type JobRequest,
  type NativeDevice,
  type NativeLogTable,
} from '../../src/native/addon.js';
import { type Fabric, HostCache, type MemoryOperation } from './fabric.js';

/** Slots that are read at once, as the addon does. */
const SLOTS_AT_ONCE = 256;

/** A host, its devices by path. */
export interface SimulatedHost {
  readonly name: string;
  readonly caches: Map<string, HostCache>;
}

export interface FaceOptions {
  readonly random: Random;
  /** the memory of each path, shared by all hosts */
  readonly fabrics: ReadonlyMap<string, Fabric>;
  /** between any two operations: may run what another host does */
  between(host: SimulatedHost, operation: MemoryOperation): void;
  /** whether to leave an operation out: the fault that a test puts in */
  leaveOut(host: SimulatedHost, operation: MemoryOperation, site: string): boolean;
}

/** The host that runs now; work of another host is run by `as`. */
export class Hosts {
  current: SimulatedHost | undefined;

  as<T>(host: SimulatedHost, work: () => T): T {
    const before = this.current;
    this.current = host;
    try {
      return work();
    } finally {
      this.current = before;
    }
  }
}

/** An addon whose devices belong to the host that opens them, and whose bulk work is done at once. */
export function simulatedAddon(hosts: Hosts, options: FaceOptions): Addon {
  const real = addon();

  class Device implements NativeDevice {
    readonly size: number;
    readonly #cache: HostCache;
    readonly #host: SimulatedHost;

    constructor(path: string) {
      this.#host = hosts.current as SimulatedHost;
      this.size = statSync(path).size;
      const fabric = options.fabrics.get(path);
      if (fabric === undefined) throw new Error(`${path} is no device of the fabric`);
      const known = this.#host.caches.get(path);
      this.#cache = known ?? new HostCache(fabric, options.random);
      this.#host.caches.set(path, this.#cache);
    }

    /** No part of the fabric is known to be zero, as on a device. */
    isHole(): boolean {
      return false;
    }

    /** Has a thread of its own do what follows, until it is called with 0. */
    useThread(thread: number): void {
      this.#cache.thread = thread;
    }

    readInto(target: Uint8Array, offset: number): void {
      this.#do('read', () => this.#cache.read(offset, target));
    }

    write(offset: number, bytes: Uint8Array): void {
      this.#do('write', () => this.#cache.write(offset, bytes));
    }

    writeBack(offset: number, length: number): void {
      this.#do('writeBack', () => this.#cache.writeBack(offset, length));
    }

    invalidate(offset: number, length: number): void {
      this.#do('invalidate', () => this.#cache.invalidate(offset, length));
    }

    fence(): void {
      this.#do('fence', () => this.#cache.fence());
    }

    persist(offset: number, bytes: Uint8Array): void {
      this.write(offset, bytes);
      this.writeBack(offset, bytes.length);
      this.fence();
    }

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

    #do(operation: MemoryOperation, work: () => void): void {
      options.between(this.#host, operation);
      if (operation === 'read' || operation === 'write' || !options.leaveOut(this.#host, operation, callSite())) work();
    }
  }

  /** Reads through the device of the host, and hands the bytes to the addon's table. */
  function tableOf(layout: Readonly<Record<string, number>>, unit: number): NativeLogTable {
    const table = new real.LogTable(layout, unit);
    const entrySize = layout.entrySize as number;
    const decode: NativeLogTable['decode'] = (device, firstSlot, from, to) => {
      const parts: Buffer[] = [];
      for (let slot = from; slot < to; slot += SLOTS_AT_ONCE) {
        const count = Math.min(SLOTS_AT_ONCE, to - slot);
        parts.push(scanSlots(device, firstSlot + slot * entrySize, count * entrySize));
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

  return {
    ...real,
    pageSize: real.pageSize,
    setErrorClass: () => {},
    Device: Device as unknown as Addon['Device'],
    Job: class {
      constructor(request: JobRequest | FilesJobRequest) {
        const devices = request.devices as unknown as Device[];
        for (const device of devices) device.useThread(1);
        const bytes = bulk(request);
        for (const device of devices) device.useThread(0);
        queueMicrotask(() => request.done({ bytes, cancelled: false, more: false, faults: [] }));
      }
      cancel(): void {}
      bytes(): number {
        return 0;
      }
    },
    LogTable: tableOf as unknown as Addon['LogTable'],
  };
}

/** What cpp/log_table.cc does to read entries of memory that other hosts share. */
function scanSlots(device: NativeDevice, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  device.invalidate(offset, length);
  device.fence();
  device.readInto(bytes, offset);
  return bytes;
}

/** The seeded pattern is a byte here that depends on seed and place; stores are written back and fenced as those of cpp/copy.cc. */
function bulk({ operation, devices, segments, seed, invalidate }: JobRequest | FilesJobRequest): number {
  let done = 0;
  for (let at = 0; at < segments.length; at += 4) {
    const [index, offset, fileOffset, length] = segments.subarray(at, at + 4) as unknown as number[] as [
      number,
      number,
      number,
      number,
    ];
    const device = devices[index] as NativeDevice;
    const pattern = Buffer.alloc(length, Number((seed * 31n + BigInt(fileOffset)) & 0xffn) || 1);
    if (operation === 'fillPattern') {
      device.write(offset, pattern);
      device.writeBack(offset, length);
    } else if (operation === 'verifyPattern') {
      const found = Buffer.alloc(length);
      if (invalidate) {
        device.invalidate(offset, length);
        device.fence();
      }
      device.readInto(found, offset);
      if (!found.equals(pattern)) throw new Error(`wrong bytes at ${offset}`);
    } else throw new Error(`${operation} is not simulated`);
    done += length;
  }
  if (operation === 'fillPattern') for (const device of devices) device.fence();
  return done;
}

/** The functions of the product, or of this file, that ask for an operation: `readShared < storeZeros`. */
function callSite(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 12;
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  Error.stackTraceLimit = stackTraceLimit;
  const names = frames.map((frame) => /at (?:async )?(?:Object\.|Module\.)?([\w.#$]+) /.exec(frame)?.[1] ?? '?');
  const callers = names.filter((name) => !/^(Device|MappedDevice|callSite|_Device|#do$)/.test(name));
  return callers.slice(0, 2).join(' < ');
}
