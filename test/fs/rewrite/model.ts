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

export class Model {
  /** in the order of the log */
  nodes: ModelNode[] = [];

  get(path: string): ModelNode | undefined {
    return this.nodes.find((node) => node.path === path);
  }

  inside(path: string): ModelNode[] {
    return this.nodes.filter((node) => node.path === path || node.path.startsWith(`${path}/`));
  }

  remove(path: string): void {
    const gone = new Set(this.inside(path));
    this.nodes = this.nodes.filter((node) => !gone.has(node));
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

  /** Each directory comes before what is in it, and otherwise the order stays. */
  #sort(): void {
    const sorted: ModelNode[] = [];
    const take = (node: ModelNode) => {
      if (sorted.includes(node)) return;
      const parent = this.get(node.path.slice(0, Math.max(node.path.lastIndexOf('/'), 0)));
      if (parent !== undefined) take(parent);
      sorted.push(node);
    };
    for (const node of this.nodes) take(node);
    this.nodes = sorted;
  }

  /** The first `length` bytes of a log of 8 MiB that was written in one go. */
  log(length: number): Buffer {
    const entries = this.nodes.map((node, slot) => encodeLogEntry(entryOf(node), slot, crc32));
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
