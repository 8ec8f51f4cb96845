/** Image files that are put into states that a crash leaves, and back: only what differs is written. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Arrival } from './arrivals.js';
import type { PendingLine } from './cacheModel.js';

interface Image {
  readonly fd: number;
  /** a copy with what is certain to be in memory */
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
   * @param folder where the images are
   * @param copies folder for copies of them, which is made; not below the other: members of a pool are looked for there
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

  /** What is certain to be in memory. */
  readonly read = (image: string, offset: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    readSync(this.#image(image).certain, bytes, 0, length, offset);
    return bytes;
  };

  /** Tells that a range of an image was changed, to be put back. */
  touch(image: string, offset: number, length: number): void {
    this.#touched.push({ image, offset, length });
  }

  /** Changes the images to what a crash leaves when so much of these lines has arrived. */
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

  /** Changes the images to what is certain. */
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

/** Neighbouring pieces as one. */
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
