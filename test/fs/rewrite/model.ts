/** What a file system must hold after any commands: a model that shares no code with the rewriting of logs. */
import { encodeLogEntry } from '../../../src/format/entries/encoder.js';
import type { LogEntry } from '../../../src/format/entries/entryTypes.js';
import { encodeLogHeader, MIN_LOG_LENGTH } from '../../../src/format/logHeader.js';
import { crc32 } from '../../../src/native/device.js';

const UNIT = 2 ** 21;

interface ModelExtent {
  readonly daxdev: number;
  readonly deviceOffset: number;
  readonly length: number;
}

/** A file or directory; sizes and offsets in bytes. */
export interface ModelNode {
  path: string;
  readonly directory: boolean;
  mode: number;
  uid: number;
  gid: number;
  size: number;
  readonly seed: number;
  /** 0 for a simple file */
  chunkSize: number;
  extents: ModelExtent[];
}

/** A daxdev other than the primary, by the entry that adds it. */
export interface ModelDaxdev {
  readonly uuid: string;
  readonly image: string;
  /** bytes */
  readonly size: number;
}

type Item = ModelNode | ModelDaxdev;

const isNode = (item: Item): item is ModelNode => 'path' in item;

export class Model {
  /** in the order of the log */
  items: Item[] = [];

  get nodes(): ModelNode[] {
    return this.items.filter(isNode);
  }

  /** The secondaries by index, starting with 1. */
  get daxdevs(): ModelDaxdev[] {
    return this.items.filter((item): item is ModelDaxdev => !isNode(item));
  }

  /** Takes the daxdev with an index out, after its files have moved to `places` (by the old indices). */
  evacuate(index: number, places: ReadonlyMap<string, ReadonlyMap<number, readonly ModelExtent[]>>): void {
    const leaving = this.daxdevs[index - 1];
    for (const node of this.nodes) {
      const moved = places.get(node.path);
      const extents = node.extents.flatMap((extent) =>
        extent.daxdev === index ? (moved?.get(extent.deviceOffset) ?? [extent]) : [extent],
      );
      node.extents = extents.map((extent) => ({ ...extent, daxdev: extent.daxdev - Number(extent.daxdev > index) }));
    }
    this.items = this.items.filter((item) => item !== leaving);
    this.#sort();
  }

  /** Another daxdev, or the same with another size, takes the place of the one with an index. */
  replace(index: number, daxdev: ModelDaxdev): void {
    const old = this.daxdevs[index - 1];
    this.items = this.items.map((item) => (item === old ? daxdev : item));
  }

  /** The end of the last extent on a daxdev, in bytes; 0 if there is none. */
  endOf(index: number): number {
    return Math.max(0, ...this.#extentsOn(index).map(({ deviceOffset, length }) => deviceOffset + length));
  }

  /** bytes of all extents on a daxdev */
  usedOn(index: number): number {
    return this.#extentsOn(index).reduce((sum, { length }) => sum + length, 0);
  }

  #extentsOn(index: number): ModelExtent[] {
    return this.nodes.flatMap(({ extents }) => extents.filter(({ daxdev }) => daxdev === index));
  }

  get(path: string): ModelNode | undefined {
    return this.nodes.find((node) => node.path === path);
  }

  inside(path: string): ModelNode[] {
    return this.nodes.filter((node) => node.path === path || node.path.startsWith(`${path}/`));
  }

  remove(path: string): void {
    const gone = new Set(this.inside(path));
    this.items = this.items.filter((item) => !isNode(item) || !gone.has(item));
  }

  move(from: string, to: string): void {
    for (const node of this.inside(from)) node.path = to + node.path.slice(from.length);
    this.#sort();
  }

  shorten(node: ModelNode, size: number): void {
    const { chunkSize, extents } = node;
    node.size = size;
    if (chunkSize > 0 && size >= chunkSize) {
      const stripes = Math.ceil(size / (chunkSize * extents.length));
      node.extents = extents.map((strip) => ({ ...strip, length: stripes * chunkSize }));
      return;
    }
    node.chunkSize = 0;
    let units = Math.ceil(size / UNIT);
    node.extents = [];
    for (const extent of extents) {
      const kept = Math.min(units, extent.length / UNIT);
      if (kept > 0) node.extents.push({ ...extent, length: kept * UNIT });
      units -= kept;
    }
  }

  /** Each directory comes before what is in it, each daxdev before the files on it, and otherwise the order stays. */
  #sort(): void {
    const sorted = new Set<Item>();
    const { daxdevs } = this;
    const take = (item: Item) => {
      if (sorted.has(item)) return;
      if (isNode(item)) {
        const parent = this.get(item.path.slice(0, Math.max(item.path.lastIndexOf('/'), 0)));
        if (parent !== undefined) take(parent);
        for (const daxdev of daxdevs.slice(0, Math.max(0, ...item.extents.map(({ daxdev }) => daxdev)))) take(daxdev);
      }
      sorted.add(item);
    };
    for (const item of this.items) take(item);
    this.items = [...sorted];
  }

  /** The first `length` bytes of a log of 8 MiB that was written in one go. */
  log(length: number): Buffer {
    let daxdev = 0;
    const entries = this.items.map((item, slot) => {
      const entry: LogEntry = isNode(item)
        ? entryOf(item)
        : { type: 'ADD_DAXDEV', deviceSize: item.size, deviceUuid: item.uuid, daxdev: ++daxdev };
      return encodeLogEntry(entry, slot, crc32);
    });
    const bytes = Buffer.concat([encodeLogHeader(MIN_LOG_LENGTH, entries.length, crc32), ...entries]);
    return Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);
  }
}

function entryOf({ path, directory, mode, uid, gid, size, chunkSize, extents }: ModelNode): LogEntry {
  if (directory) return { type: 'MKDIR', path, mode, uid, gid };
  const fmap =
    chunkSize > 0 ? ({ layout: 'interleaved', chunkSize, extents } as const) : ({ layout: 'simple', extents } as const);
  return { type: 'FILE', path, size, flags: 2, mode, uid, gid, fmap };
}
