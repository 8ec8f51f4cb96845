/**
 * What memory may hold after a crash, as CrashMonkey asks it of disks. A store is in the processor's cache until its line is
 * written back and a fence has passed; before that, the line may reach the memory by itself at any moment, and whole words
 * of it in the order in which they were stored. So a crash leaves of each line any of its contents since the last fence.
 */
import type { Random } from '../../src/fs/random.js';
import type { MappedDevice, MemoryObserver } from '../../src/native/device.js';

const LINE = 64;
const WORD = 8;
/** a larger write is recorded by lines, not by words: what matters of it is where it begins and ends */
const BULK = 4096;

/** One line that has changed since the recording began. */
interface Line {
  readonly device: string;
  readonly offset: number;
  /** what is certain to be in memory */
  stable: Buffer;
  /** contents since then, oldest first */
  versions: Buffer[];
  /** how many of them have been written back, without a fence so far */
  writtenBack: number;
}

/** Contents of some lines: what a crash changed of the images that the recording began with. */
export interface CrashState {
  /** how many stores and fences had been done */
  readonly event: number;
  /** how many of them were commits: see `commits` of the recorder */
  readonly commits: number;
  readonly lines: readonly { readonly device: string; readonly offset: number; readonly bytes: Buffer }[];
}

export class CrashRecorder implements MemoryObserver {
  readonly states: CrashState[] = [];
  readonly #lines = new Map<string, Line>();
  readonly #seen = new Set<string>();
  #event = 0;
  #commits = 0;
  #pendingCommit = false;

  /**
   * @param random picks among what a crash may leave
   * @param samples states picked at each store, besides the least and the most that may be left
   * @param isCommit tells a store that, once fenced, makes something lasting; they are counted
   */
  constructor(
    private readonly random: Random,
    private readonly samples: number,
    private readonly isCommit: (offset: number, length: number) => boolean,
  ) {}

  write(device: MappedDevice, offset: number, bytes: Uint8Array): void {
    for (const [at, part] of units(offset, bytes)) {
      const line = this.#line(device, at);
      const content = Buffer.from(line.versions.at(-1) ?? line.stable);
      content.set(part, at % LINE);
      line.versions.push(content);
    }
    if (this.isCommit(offset, bytes.length)) this.#pendingCommit = true;
    this.#event++;
    this.#sample();
  }

  writeBack(device: MappedDevice, offset: number, length: number): void {
    for (let at = offset - (offset % LINE); at < offset + length; at += LINE) {
      const line = this.#lines.get(`${device.path} ${at}`);
      if (line !== undefined) line.writtenBack = line.versions.length;
    }
  }

  fence(): void {
    let changed = false;
    for (const line of this.#lines.values()) {
      if (line.writtenBack === 0) continue;
      line.stable = line.versions[line.writtenBack - 1] as Buffer;
      line.versions = line.versions.slice(line.writtenBack);
      line.writtenBack = 0;
      changed = true;
    }
    if (!changed) return;
    if (this.#pendingCommit) this.#commits++;
    this.#pendingCommit = false;
    this.#event++;
    this.#sample();
  }

  #line(device: MappedDevice, at: number): Line {
    const offset = at - (at % LINE);
    const key = `${device.path} ${offset}`;
    const known = this.#lines.get(key);
    if (known !== undefined) return known;
    const line = { device: device.path, offset, stable: device.read(offset, LINE), versions: [], writtenBack: 0 };
    this.#lines.set(key, line);
    return line;
  }

  #sample(): void {
    this.#keep(() => 0);
    this.#keep((line) => line.versions.length);
    for (let i = 0; i < this.samples; i++) {
      // now and then all or nothing of a line, which is what a plain cache does
      const coarse = this.random() < 0.5;
      this.#keep(({ versions }) => {
        if (coarse) return this.random() < 0.5 ? 0 : versions.length;
        return Math.floor(this.random() * (versions.length + 1));
      });
    }
  }

  #keep(choose: (line: Line) => number): void {
    const lines = [...this.#lines.values()].map((line) => {
      const count = choose(line);
      const bytes = count === 0 ? line.stable : (line.versions[count - 1] as Buffer);
      return { device: line.device, offset: line.offset, bytes };
    });
    const key = lines.map(({ device, offset, bytes }) => `${device} ${offset} ${bytes.toString('latin1')}`).join();
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.states.push({ event: this.#event, commits: this.#commits, lines });
  }
}

/** A write as the stores that the processor does one after the other; 8 and 16 aligned bytes are one. */
function* units(offset: number, bytes: Uint8Array): Generator<[number, Uint8Array]> {
  const single = bytes.length === 16 && offset % 16 === 0;
  const step = single ? 16 : bytes.length > BULK ? LINE : WORD;
  for (let at = 0; at < bytes.length; ) {
    const length = Math.min(step - ((offset + at) % step), bytes.length - at);
    yield [offset + at, bytes.subarray(at, at + length)];
    at += length;
  }
}
