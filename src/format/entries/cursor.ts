/**
 * A decoded log entry, in one object that is reused for each entry. A log may have half a million; an object for each, with its
 * map and its extents, would cost more than the decoding.
 */
import type { Fault, FaultSink } from '../fault.js';
import type { Extent, Fmap } from '../fmap.js';
import { MAX_SIMPLE_EXTENTS } from '../fmap.js';
import { decodePath, PATH_FIELD_SIZE, writePath } from '../path.js';
import { viewOf } from '../struct.js';
import { ENTRY_TYPES, type EntryTypeName, type LogEntry, typeOf } from './entryTypes.js';

/** A copy of a log or of a part of it. */
export interface Snapshot {
  readonly data: Buffer;
  readonly view: DataView;
}

export function snapshotOf(data: Buffer): Snapshot {
  return { data, view: viewOf(data) };
}

/** What could be read of one slot. */
export interface DecodedEntry {
  /** undefined if not even its type is known */
  readonly entry: LogEntry | undefined;
  /** empty for a sound entry */
  readonly faults: readonly Fault[];
}

const SOUND: readonly Fault[] = Object.freeze([]);
const NO_PATH = Buffer.alloc(0);

export class EntryCursor implements DecodedEntry {
  faults: readonly Fault[] = SOUND;
  /** undefined if the type is unknown */
  type: EntryTypeName | undefined = undefined;

  // FILE and MKDIR
  uid = 0;
  gid = 0;
  mode = 0;
  /** the buffer with the path's bytes; they change with the next entry */
  pathData: Buffer = NO_PATH;
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
  /** bytes; for an interleaved file only */
  chunkSize = 0;
  /** 0..16 extents or strips; 0 for a directory */
  extentCount = 0;
  readonly daxdevs = new Float64Array(MAX_SIMPLE_EXTENTS);
  /** bytes on the daxdev */
  readonly offsets = new Float64Array(MAX_SIMPLE_EXTENTS);
  /** bytes */
  readonly lengths = new Float64Array(MAX_SIMPLE_EXTENTS);

  #path: string | undefined = undefined;
  #entry: LogEntry | undefined = undefined;
  #ownPath: Buffer | undefined = undefined;

  /** Adds a fault of the entry. */
  readonly report: FaultSink = (code, field, found, allowed) => {
    this.faults = [...this.faults, { code, field, found: String(found), allowed: String(allowed) }];
  };

  /** Clears what the previous entry left. */
  reset(): void {
    this.faults = SOUND;
    this.type = undefined;
    this.size = 0;
    this.extentCount = 0;
    this.#path = undefined;
    this.#entry = undefined;
  }

  /** Loads a sound entry that this program has made. */
  load(entry: LogEntry): void {
    this.reset();
    typeOf(entry).columns?.load(this, entry);
    this.keep(entry);
  }

  /** Keeps an entry of a rare type as an object; the cursor has no fields for it. */
  keep(entry: LogEntry): void {
    this.type = entry.type;
    this.#entry = entry;
  }

  /** The entry that `keep` kept. Throws TypeError if it has another type. */
  kept<Type extends EntryTypeName>(type: Type): Extract<LogEntry, { readonly type: Type }> {
    if (this.#entry?.type !== type) throw new TypeError(`the entry is not of type ${type}`);
    return this.#entry as Extract<LogEntry, { readonly type: Type }>;
  }

  /** Loads the path of an entry that this program has made. */
  loadPath(path: string): void {
    this.#ownPath ??= Buffer.alloc(PATH_FIELD_SIZE);
    this.pathData = this.#ownPath;
    this.pathStart = 0;
    this.pathEnd = writePath(this.#ownPath, 0, path);
    this.pathIsPlain = false;
    this.#path = path;
  }

  /** Loads the map of an entry that this program has made. */
  loadFmap(fmap: Fmap): void {
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

  /** The map of a FILE entry as an object. */
  get fmap(): Fmap {
    const extents = this.#extents();
    if (this.interleaved) return { layout: 'interleaved', chunkSize: this.chunkSize, extents };
    return { layout: 'simple', extents };
  }

  /** The entry as an object, which stays valid when the cursor is reused. */
  get entry(): LogEntry | undefined {
    if (this.#entry === undefined && this.type !== undefined)
      this.#entry = ENTRY_TYPES[this.type].columns?.toEntry(this);
    return this.#entry;
  }

  #extents(): Extent[] {
    const extents: Extent[] = [];
    for (let i = 0; i < this.extentCount; i++)
      extents.push({
        daxdev: this.daxdevs[i] as number,
        deviceOffset: this.offsets[i] as number,
        length: this.lengths[i] as number,
      });
    return extents;
  }
}
