/**
 * One log entry as it was read, in a record that serves for entry after entry: a log has half a million of them, and an
 * object for each, its map and its extents would cost more than reading them does.
 */
import type { Fault, FaultSink } from '../fault.js';
import { decodePath, PATH_FIELD_SIZE, writePath } from '../path.js';
import { viewOf } from '../struct.js';
import {
  type AddDaxdevEntry,
  type Extent,
  type FileEntry,
  type LogEntry,
  MAX_SIMPLE_EXTENTS,
  type MkdirEntry,
} from './logEntry.js';

/** Bytes of a log, or of a part of it, as one snapshot. */
export interface Snapshot {
  readonly data: Buffer;
  readonly view: DataView;
}

export function snapshotOf(data: Buffer): Snapshot {
  return { data, view: viewOf(data) };
}

/** What could be read of one slot. */
export interface DecodedEntry {
  /** undefined when not even its type is known */
  readonly entry: LogEntry | undefined;
  /** empty for a sound entry */
  readonly faults: readonly Fault[];
}

const SOUND: readonly Fault[] = Object.freeze([]);
const NO_PATH = Buffer.alloc(0);
const NO_PATH_VIEW = viewOf(NO_PATH);
/** bytes behind a path that may be looked at with it */
const SLACK = 4;

export class EntryCursor implements DecodedEntry {
  faults: readonly Fault[] = SOUND;
  /** undefined when it is no type that is known */
  type: LogEntry['type'] | undefined = undefined;

  // FILE and MKDIR
  uid = 0;
  gid = 0;
  mode = 0;
  /** what holds the path's bytes, and three more at least; they change with the next entry */
  pathData: Buffer = NO_PATH;
  pathView: DataView = NO_PATH_VIEW;
  /** bytes [pathStart, pathEnd) of pathData are the path */
  pathStart = 0;
  pathEnd = 0;
  /** whether they are printable ASCII */
  pathIsPlain = false;

  // FILE
  /** bytes; 0 for a directory */
  size = 0;
  flags = 0;
  interleaved = false;
  /** bytes; of an interleaved file only */
  chunkSize = 0;
  /** 0..16 extents or strips; 0 for a directory */
  extentCount = 0;
  readonly daxdevs = new Float64Array(MAX_SIMPLE_EXTENTS);
  /** bytes on the daxdev */
  readonly offsets = new Float64Array(MAX_SIMPLE_EXTENTS);
  /** bytes */
  readonly lengths = new Float64Array(MAX_SIMPLE_EXTENTS);

  daxdev: AddDaxdevEntry | undefined = undefined;

  #path: string | undefined = undefined;
  #entry: LogEntry | undefined = undefined;
  #pathImage: Snapshot | undefined = undefined;

  /** Adds a fault of the entry. */
  readonly report: FaultSink = (code, field, found, allowed) => {
    this.faults = [...this.faults, { code, field, found: String(found), allowed: String(allowed) }];
  };

  /** Forgets the entry before. */
  reset(): void {
    this.faults = SOUND;
    this.type = undefined;
    this.size = 0;
    this.extentCount = 0;
    this.daxdev = undefined;
    this.#path = undefined;
    this.#entry = undefined;
  }

  /** Takes an entry that was made here, and is sound. */
  load(entry: LogEntry): void {
    this.reset();
    this.type = entry.type;
    this.#entry = entry;
    if (entry.type === 'ADD_DAXDEV') this.daxdev = entry;
    else this.#loadNode(entry);
  }

  #loadNode(entry: FileEntry | MkdirEntry): void {
    this.#pathImage ??= snapshotOf(Buffer.alloc(PATH_FIELD_SIZE + SLACK));
    const { data, view } = this.#pathImage;
    this.pathData = data;
    this.pathView = view;
    this.pathStart = 0;
    this.pathEnd = writePath(data, 0, entry.path);
    this.pathIsPlain = false;
    this.#path = entry.path;
    this.uid = entry.uid;
    this.gid = entry.gid;
    this.mode = entry.mode;
    if (entry.type === 'MKDIR') return;
    const { fmap } = entry;
    this.size = entry.size;
    this.flags = entry.flags;
    this.interleaved = fmap.layout === 'interleaved';
    this.chunkSize = fmap.layout === 'interleaved' ? fmap.chunkSize : 0;
    for (const extent of fmap.extents) this.addExtent(extent.daxdev, extent.deviceOffset, extent.length);
  }

  /** Adds an extent or strip; there must be fewer than 16. Offset and length in bytes. */
  addExtent(daxdev: number, offset: number, length: number): void {
    const i = this.extentCount++;
    this.daxdevs[i] = daxdev;
    this.offsets[i] = offset;
    this.lengths[i] = length;
  }

  /** path of a FILE or MKDIR entry */
  get path(): string {
    this.#path ??= this.#decodedPath();
    return this.#path;
  }

  #decodedPath(): string {
    const { pathData, pathStart, pathEnd } = this;
    if (this.pathIsPlain) return pathData.toString('latin1', pathStart, pathEnd);
    return decodePath(pathData.subarray(pathStart, pathEnd));
  }

  /** The entry as an object of its own, which stays when the cursor goes on. */
  get entry(): LogEntry | undefined {
    if (this.#entry === undefined && this.type !== undefined) this.#entry = this.#made(this.type);
    return this.#entry;
  }

  #made(type: LogEntry['type']): LogEntry | undefined {
    const { path, uid, gid, mode, size, flags } = this;
    if (type === 'ADD_DAXDEV') return this.daxdev;
    if (type === 'MKDIR') return { type, path, uid, gid, mode };
    const extents = this.#extents();
    const fmap = this.interleaved
      ? ({ layout: 'interleaved', chunkSize: this.chunkSize, extents } as const)
      : ({ layout: 'simple', extents } as const);
    return { type, path, size, flags, uid, gid, mode, fmap };
  }

  #extents(): Extent[] {
    return Array.from({ length: this.extentCount }, (_, i) => ({
      daxdev: this.daxdevs[i] as number,
      deviceOffset: this.offsets[i] as number,
      length: this.lengths[i] as number,
    }));
  }
}
