/** Puts image files into the state after a crash, and back, writing only what differs. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Arrival } from './arrivals.js';
import type { PendingLine } from './cacheModel.js';

interface Image {
  readonly fd: number;
  /** a copy with the certain contents of memory */
  readonly certain: number;
}

interface Range {
  readonly image: string;
  readonly offset: number;
  readonly length: number;
}

export class Images {
  readonly #images: ReadonlyMap<string, Image>;
  #touched: Range[] = [];

  /**
   * @param folder folder of the images
   * @param copies folder to make for copies; not below `folder`, which is searched for members of the pool
   */
  constructor(folder: string, copies: string, names: readonly string[]) {
    mkdirSync(copies);
    execFileSync('cp', ['--sparse=always', ...names.map((name) => join(folder, name)), copies]);
    const open = (name: string) => ({
      fd: openSync(join(folder, name), 'r+'),
      certain: openSync(join(copies, name), 'r+'),
    });
    this.#images = new Map(names.map((name) => [name, open(name)]));
  }

  /** The certain contents of memory. */
  readonly read = (image: string, offset: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    readSync(this.#image(image).certain, bytes, 0, length, offset);
    return bytes;
  };

  /** Notes that a range of an image was changed and must be put back. */
  touch(image: string, offset: number, length: number): void {
    this.#touched.push({ image, offset, length });
  }

  /** Changes the images to the state after a crash in which this much of these lines has arrived. */
  put(lines: readonly PendingLine[], arrived: Arrival): void {
    const chosen = lines.flatMap((line, i) => {
      const version = line.versions[(arrived[i] as number) - 1];
      return version === undefined ? [] : [{ ...line, bytes: version.bytes }];
    });
    for (const { image, offset, bytes } of runs(chosen)) {
      writeSync(this.#image(image).fd, bytes, 0, bytes.length, offset);
      this.touch(image, offset, bytes.length);
    }
  }

  /** Changes the images to the certain contents. */
  restore(): void {
    for (const { image, offset, length } of this.#touched) {
      const bytes = this.read(image, offset, length);
      writeSync(this.#image(image).fd, bytes, 0, length, offset);
    }
    this.#touched = [];
  }

  /** Makes the last versions of these lines certain. */
  settle(lines: readonly PendingLine[]): void {
    const settled = lines.map((line) => ({ ...line, bytes: (line.versions.at(-1) ?? line.stable).bytes }));
    for (const { image, offset, bytes } of runs(settled)) {
      const { fd, certain } = this.#image(image);
      for (const file of [fd, certain]) writeSync(file, bytes, 0, bytes.length, offset);
    }
  }

  close(): void {
    for (const { fd, certain } of this.#images.values()) {
      closeSync(fd);
      closeSync(certain);
    }
  }

  #image(name: string): Image {
    const image = this.#images.get(name);
    if (image === undefined) throw new Error(`${name} is none of the images of this scenario`);
    return image;
  }
}

interface Piece {
  readonly image: string;
  readonly offset: number;
  readonly bytes: Buffer;
}

/** Joins neighbouring pieces. */
function runs(pieces: readonly Piece[]): Piece[] {
  const sorted = [...pieces].sort((a, b) => (a.image === b.image ? a.offset - b.offset : a.image < b.image ? -1 : 1));
  const groups: Piece[][] = [];
  for (const piece of sorted) {
    const last = groups.at(-1)?.at(-1);
    const follows = last?.image === piece.image && last.offset + last.bytes.length === piece.offset;
    if (follows) groups.at(-1)?.push(piece);
    else groups.push([piece]);
  }
  return groups.map((group) => ({ ...(group[0] as Piece), bytes: Buffer.concat(group.map(({ bytes }) => bytes)) }));
}
