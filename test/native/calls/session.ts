/** A random sequence of calls of the addon, each compared with the model. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { MappedDevice } from '../../../src/native/device.js';
import type { Random } from '../../support/random.js';
import { callDevice } from './deviceCalls.js';
import { runJobs } from './jobCalls.js';
import { Mapped } from './mapped.js';
import { ModelFile } from './modelFile.js';
import { callRecords } from './recordCalls.js';
import { openWrongly } from './wrongCalls.js';

const MOST_FILES = 3;
const MOST_DEVICES = 5;
const SIZES = [
  1,
  7,
  63,
  64,
  65,
  4095,
  4096,
  4097,
  65_536,
  131_072,
  135_169,
  2 ** 21,
  2 ** 22 + 12_345,
  9_000_001,
  9_000_001,
];
/** Sparse files larger than any memory: offsets beyond 31, 32 and 40 bits. */
const HUGE = [2 ** 31 + 1, 2 ** 32 + 4096, 2 ** 40 + 123];

/** What a sequence works on. */
export class Session {
  readonly random: Random;
  readonly folder: string;
  readonly files: ModelFile[] = [];
  readonly devices: Mapped[] = [];
  /** is given each call before it is made */
  readonly say: (call: string) => void;
  #made = 0;

  constructor(folder: string, random: Random, say: (call: string) => void) {
    this.folder = folder;
    this.random = random;
    this.say = say;
  }

  /** @throws Finding if something differs from the model */
  async run(steps: number): Promise<void> {
    try {
      this.makeFile();
      this.open();
      for (let i = 0; i < steps; i++) await this.#step();
      for (const file of this.files) file.checkKnown();
    } finally {
      for (const device of this.devices) device.face.close();
      for (const file of this.files) this.#drop(file);
    }
  }

  /** An unused path in the folder of the session. */
  newPath(): string {
    return join(this.folder, `f${this.#made++}`);
  }

  makeFile(): ModelFile {
    const { random } = this;
    const size = random.chance(0.1) ? random.pick(HUGE) : random.pick([...SIZES, 1 + random.below(30_000)]);
    const file = new ModelFile(this.newPath(), size);
    const runs = random.below(4);
    for (let i = 0; i < runs; i++) {
      const length = Math.min(size, random.below(9000));
      file.fill(random.below(size - length + 1), random.bytes(length));
    }
    this.files.push(file);
    this.say(`file ${file.path} of ${size}`);
    return file;
  }

  open(): Mapped {
    const full = this.files.filter((file) => file.length > 0);
    const file = full.length > 0 ? this.random.pick(full) : this.makeFile();
    const writable = this.random.chance(0.85);
    this.say(`open ${file.path} ${writable ? 'rw' : 'ro'}`);
    const device = new Mapped(file, MappedDevice.open(file.path, { writable }));
    this.devices.push(device);
    return device;
  }

  async #step(): Promise<void> {
    const { random, devices } = this;
    const at = random.below(100);
    if (at < 42) callDevice(this, random.pick(devices));
    else if (at < 78) await runJobs(this);
    else if (at < 83) callRecords(this);
    else if (at < 86) openWrongly(this);
    else if (at < 89) this.#close();
    else if (at < 94) this.#resize();
    else if (at < 97 && this.files.length < MOST_FILES) this.makeFile();
    else this.#renew();
  }

  #close(): void {
    const device = this.random.pick(this.devices);
    this.say(`close ${device}`);
    device.close();
  }

  /** Cuts a mapped file to some of its pages, or restores its size. */
  #resize(): void {
    const file = this.random.pick(this.files);
    const { size } = this.devices.find((device) => device.file === file)?.face ?? { size: file.length };
    const pages = Math.floor(size / 4096);
    const length = this.random.chance(0.5) ? size : this.random.below(pages + 1) * 4096;
    this.say(`truncate ${file.path} to ${length}`);
    file.truncate(length);
    file.check();
  }

  /** Opens a device in place of a closed one, or an additional one. */
  #renew(): void {
    const at = this.devices.findIndex((device) => device.closed);
    if (at >= 0) this.devices.splice(at, 1);
    if (this.devices.length < MOST_DEVICES) this.open();
  }

  #drop(file: ModelFile): void {
    file.close();
    rmSync(file.path, { force: true });
  }
}
