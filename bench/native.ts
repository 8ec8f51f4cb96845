/**
 * How fast is bulk work, as a multiple of plain loops over as many bytes on as many threads? Runs take turns and are measured in
 * processor time; --clock measures elapsed time.
 *
 * node out/bench/native.js [--json] [--size BYTES] [--threads N] [--rounds N] [--clock]    (from the root of the repository)
 *
 * Measured twice: on memory with filled page tables, as a dax device has after one fault per 2 MiB (/dev/zero plays the device);
 * and on a file in memory, mapped again for each run, as commands map an image. Needs three times the size.
 */
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MappedDevice } from '../src/native/device.js';
import { type Place, type Question, questions } from './nativeQuestions.js';
import { loadReference } from './nativeReference.js';
import { benchFolder, type Figure, median, processorTime, report, timedAsync } from './report.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' }, // for report()
    size: { type: 'string', default: String(4 * 2 ** 30) },
    threads: { type: 'string', default: String(availableParallelism()) },
    rounds: { type: 'string', default: '5' },
    clock: { type: 'boolean', default: false },
  },
});
const size = Number(values.size);
const threads = Number(values.threads);
const reference = loadReference();
const folder = benchFolder();
let peak = 0;

try {
  const file = makeFile('file');
  const anonymous = reference.map('', size);
  reference.run('pwrite', anonymous, file, threads);
  const common = { size, threads, reference, file, anonymous };
  const before = anonymousBytes();
  const timer = setInterval(() => (peak = Math.max(peak, anonymousBytes() - before)), 20);
  const figures = [...(await onDevice(common)), ...(await onFile(common))];
  clearInterval(timer);
  const memory: Figure = { name: 'growth of anonymous memory at its peak', MiB: peak / 2 ** 20 };
  report(`Bulk work against plain loops: ${size} bytes, ${threads} threads`, [...figures, memory]);
  closeSync(file);
} finally {
  rmSync(folder, { recursive: true });
}

type Common = Omit<Place, 'memory' | 'other'>;

async function onDevice(common: Common): Promise<Figure[]> {
  const device = MappedDevice.open('/dev/zero', { writable: true, sysfs: makeSysfs() });
  const other = reference.map(join(folder, 'file'), size);
  const place = { ...common, memory: common.anonymous, other };
  reference.run('memcpy', common.anonymous, other, threads);
  await questions[0]!.bulk(place, device); // fills in page tables
  const figures: Figure[] = [];
  for (const question of questions) {
    const plain = () => time(async () => question.plain(place));
    figures.push(await ask('device', question, plain, () => time(() => run(question, place, device))));
  }
  reference.unmap(other);
  device.close();
  return figures;
}

async function onFile(common: Common): Promise<Figure[]> {
  const image = makeFile('image');
  const path = join(folder, 'image');
  reference.run('pwrite', common.anonymous, image, threads);
  const figures: Figure[] = [];
  for (const question of questions) {
    const plain = async () => {
      const memory = reference.map(path, size);
      const seconds = await time(async () => question.plain({ ...common, memory, other: common.anonymous }));
      reference.unmap(memory);
      return seconds;
    };
    const bulk = async () => {
      const device = MappedDevice.open(path, { writable: true });
      const place = { ...common, memory: common.anonymous, other: common.anonymous };
      const seconds = await time(() => run(question, place, device));
      device.close();
      return seconds;
    };
    figures.push(await ask('file', question, plain, bulk));
  }
  closeSync(image);
  return figures;
}

async function run({ name, bulk }: Question, place: Place, device: MappedDevice): Promise<void> {
  const { bytes, faults, difference } = await bulk(place, device);
  if (bytes !== size || faults.length > 0 || difference) throw new Error(`${name} went wrong`);
}

type Timed = () => Promise<number>;

async function ask(on: string, { name, against }: Question, plain: Timed, bulk: Timed): Promise<Figure> {
  const milliseconds: { plain: number[]; bulk: number[] } = { plain: [], bulk: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    milliseconds.plain.push(await plain());
    milliseconds.bulk.push(await bulk());
  }
  const [bulkSpeed, plainSpeed] = [milliseconds.bulk, milliseconds.plain].map((all) => size / median(all) / 1e6);
  return { on, name, 'GB/s': bulkSpeed!, plain: against, 'plain GB/s': plainSpeed!, ratio: bulkSpeed! / plainSpeed! };
}

/** Milliseconds; processor time is divided by the number of threads. */
async function time(work: () => Promise<void>): Promise<number> {
  if (values.clock) return timedAsync(work);
  const start = process.cpuUsage();
  await work();
  return processorTime(start) / threads;
}

function makeFile(name: string): number {
  const fd = openSync(join(folder, name), 'w+');
  ftruncateSync(fd, size);
  return fd;
}

/** A sysfs that calls /dev/zero a dax device. */
function makeSysfs(): string {
  const sysfs = join(folder, 'sysfs');
  mkdirSync(join(sysfs, 'dev/char/1:5'), { recursive: true });
  symlinkSync('../../../bus/dax', join(sysfs, 'dev/char/1:5/subsystem'));
  writeFileSync(join(sysfs, 'dev/char/1:5/size'), String(size));
  return sysfs;
}

/** Private memory of this process: pages mapped from files do not count. */
function anonymousBytes(): number {
  return Number(/RssAnon:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]) * 1024;
}
