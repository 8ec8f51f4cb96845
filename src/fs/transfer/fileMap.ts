/** Where the bytes of a file are, in the form that bulk jobs take. */

import type { FileEntry } from '../../format/entries/file.js';
import { type Piece, resolveRange } from '../../format/fmap.js';
import type { Segment } from '../../native/bulk.js';
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { Volume } from '../pool/volume.js';

/** segments passed on at once, so that the map of a file of any size takes about a megabyte of memory */
const BATCH = 8192;

/** A byte of a file, and its place. Offsets in bytes. */
export interface Place {
  readonly fileOffset: number;
  readonly daxdev: number;
  /** path of the daxdev on this host */
  readonly device: string;
  readonly deviceOffset: number;
}

/** The segments of a file on its daxdevs. */
export class FileMap {
  /** path in the file system */
  readonly path: string;
  /** bytes */
  readonly size: number;
  readonly devices: readonly MappedDevice[];
  readonly #entry: FileEntry;
  /** pool indices of `devices` */
  readonly #daxdevs: readonly number[];

  /**
   * Opens the daxdevs of a file. Throws what Volume.device throws, and BAD_MAP if the map leaves its daxdevs or does not cover
   * the file.
   */
  constructor(volume: Volume, entry: FileEntry) {
    const { path, size, fmap } = entry;
    this.path = path;
    this.size = size;
    this.#entry = entry;
    this.#daxdevs = [...new Set(fmap.extents.map(({ daxdev }) => daxdev))];
    this.devices = this.#daxdevs.map((index) => volume.device(index));
    this.#check();
  }

  /** The whole file, in file order, in batches. */
  *batches(): Generator<Segment[]> {
    let batch: Segment[] = [];
    for (const piece of this.#pieces()) {
      batch.push(this.#segment(piece));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  /** Bytes [from, to) of the file, in file order: bytes [start, end) of it are at `offset` of a device. */
  *runs(from = 0, to = this.size): Generator<{ start: number; end: number; device: MappedDevice; offset: number }> {
    for (const { daxdev, deviceOffset: offset, fileOffset: start, length } of this.#pieces(from, to)) {
      const device = this.devices[this.#daxdevs.indexOf(daxdev)] as MappedDevice;
      yield { start, end: start + length, device, offset };
    }
  }

  /** The whole file in one batch, for operations that must not be divided. */
  segments(): Segment[] {
    return Array.from(this.#pieces(), (piece) => this.#segment(piece));
  }

  /** The place of a byte for which a bulk job gives the device's index in `devices`. */
  place(device: number, deviceOffset: number, fileOffset: number): Place {
    const daxdev = this.#daxdevs[device] as number;
    return { fileOffset, daxdev, device: (this.devices[device] as MappedDevice).path, deviceOffset };
  }

  /** Checks segments before they are passed on, because copying and verifying would silently lose the same bytes. */
  *#pieces(from = 0, to = this.size): Generator<Piece> {
    let end = from;
    for (const piece of resolveRange(this.#entry.fmap, from, to - from)) {
      if (piece.fileOffset !== end) break;
      end += piece.length;
      yield piece;
    }
    if (end !== to) throw new Error(`${this.path}: the pieces of its map end at ${end}, not ${to}`);
  }

  #segment({ daxdev, deviceOffset, fileOffset, length }: Piece): Segment {
    return { device: this.#daxdevs.indexOf(daxdev), offset: deviceOffset, fileOffset, length };
  }

  /** Replay has checked the entry, but it was read again since, from memory that others write. */
  #check(): void {
    const { extents, layout } = this.#entry.fmap;
    const sizes = new Map(this.#daxdevs.map((index, i) => [index, (this.devices[i] as MappedDevice).size]));
    const inside = extents.every(
      ({ daxdev, deviceOffset: offset, length }) => offset + length <= (sizes.get(daxdev) as number),
    );
    const equal = layout === 'simple' || extents.every(({ length }) => length === extents[0]?.length);
    const covered = extents.reduce((sum, { length }) => sum + length, 0);
    if (inside && equal && covered >= this.size) return;
    throw new FamfsError('BAD_MAP', `the map of ${this.path} leaves its daxdevs or does not cover the file`, {
      hint: 'run famfs fsck',
      details: { path: this.path },
    });
  }
}
