/** Takes one mutated image through the commands and checks what must hold for each. */
import { existsSync, mkdirSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeRandom, type Random } from '../../src/fs/allocate/random.js';
import { observeMemory } from '../../src/native/device.js';
import { type Run, runCommand } from '../support/runCommand.js';
import { rawClaims } from './claims.js';
import type { Seed } from './corpus.js';
import { ABSOLUTE_PATH, LOG_OFFSET, mutate, Target } from './mutate.js';

/** milliseconds that one command may take */
const PATIENCE = 1000;
/** the same for one that copies all files of a small image, which may share space */
const COPY_PATIENCE = 20_000;
const MOST_COPIED = 64 * 2 ** 20;
const MOST_MEMORY = 300 * 2 ** 20;
const FSCK_CODES = [0, 4, 8];
const CODES = [0, 1];
const ENTRY = 544;
const FIRST_ENTRY = LOG_OFFSET + 48;
const NEW_FILE = 'made-by-the-fuzzer';

/** A property that does not hold. */
export class Finding extends Error {}

interface Written {
  readonly offset: number;
  readonly length: number;
}

/** Mutates the seed's image by `number`, runs the commands, and puts the image back. Throws Finding. */
export async function trial(seed: Seed, number: number): Promise<void> {
  const random = makeRandom(number);
  const { image } = seed;
  const target = new Target(image, seed.entries, seed.deviceSize, random);
  mutate(target);
  const written: Written[] = [];
  for (const [offset, length] of target.touched) writeSync(seed.fd, image, offset, length, offset);
  observeMemory({ write: (_device, offset, bytes) => written.push({ offset, length: bytes.length }) });
  try {
    await looks(seed, written, random);
    await extracts(seed, random);
    await creates(seed, written);
    if (random() < 0.25) await repairs(seed);
  } finally {
    observeMemory(undefined);
    for (const [offset, length] of target.touched) restore(seed, offset, length);
    for (const { offset, length } of written) restore(seed, offset, length);
  }
  if (process.memoryUsage.rss() > MOST_MEMORY) throw new Finding(`memory: ${process.memoryUsage.rss()} bytes`);
}

function restore({ fd, sound, image }: Seed, offset: number, length: number): void {
  const known = Math.max(Math.min(offset + length, sound.length) - offset, 0);
  if (known > 0) {
    sound.copy(image, offset, offset, offset + known);
    writeSync(fd, sound, offset, known, offset);
  }
  if (known < length) writeSync(fd, Buffer.alloc(length - known), 0, length - known, offset + known);
}

const SOMETIMES = [
  ['df'],
  ['info'],
  ['daxdev', 'list', '--json'],
  ['stat', 'd0/f0', 'f0', 'd0'],
  ['resolve', '--json', 'd0/f0'],
  ['whois', '0', '0xa00000'],
  ['showfmap', '--all', '--json'],
  ['logplay', '--from', '3'],
] as const;

/** Commands that must not change anything. */
async function looks(seed: Seed, written: readonly Written[], random: Random): Promise<void> {
  for (const argv of [
    ['logplay', '--json'],
    // names of owners are looked up by another program, once for users and once for groups
    ['ls', random() < 0.1 ? '-lR' : '-nR'],
    ['showfmap', '--all'],
    ['info', '--json'],
    SOMETIMES[Math.floor(random() * SOMETIMES.length)] as (typeof SOMETIMES)[number],
  ])
    await run(seed, [...argv, '--dev', seed.path], CODES);
  await run(seed, ['fsck', '-n', '--json', seed.path], FSCK_CODES);
  const [first] = written;
  if (first !== undefined)
    throw new Finding(`a command that only looks wrote ${first.length} bytes at ${first.offset}`);
}

/** Commands that copy names from the log to disk leave everything outside their folder alone. */
async function extracts(seed: Seed, random: Random): Promise<void> {
  const folder = join(seed.path, '..', 'extracted');
  const target = join(folder, 'in', 'there');
  const chance = random();
  const copies = chance < 0.02 && seed.deviceSize <= MOST_COPIED;
  if (!copies && chance < 0.9) return;
  mkdirSync(join(folder, 'in'), { recursive: true });
  const argv = copies ? ['get', '-r', '/', target] : ['logplay', '--shadow', target];
  await run(seed, [...argv, '--dev', seed.path], CODES, copies ? COPY_PATIENCE : PATIENCE);
  const made = [...readdirSync(folder), ...readdirSync(join(folder, 'in'))];
  if (made.some((name) => name !== 'in' && name !== 'there')) throw new Finding(`${argv[0]} made ${made.join()}`);
  if (existsSync(ABSOLUTE_PATH)) throw new Finding(`${argv[0]} made ${ABSOLUTE_PATH}`);
  rmSync(folder, { recursive: true });
}

/** A file may be made, but not on space that an entry claims; only its entry and the header's counts are written. */
async function creates(seed: Seed, written: readonly Written[]): Promise<void> {
  const { exitCode } = await run(seed, ['creat', '-s', '2M', NEW_FILE, '--dev', seed.path], CODES);
  const outside = written.find(({ offset, length }) => !isAppend(offset, length));
  if (outside !== undefined) throw new Finding(`creat wrote ${outside.length} bytes at ${outside.offset}`);
  if (exitCode !== 0) {
    const entry = written.find(({ length }) => length === ENTRY);
    if (entry !== undefined) throw new Finding('a creat that failed appended an entry');
    return;
  }
  const slot = ((written.find(({ length }) => length === ENTRY)?.offset ?? Number.NaN) - FIRST_ENTRY) / ENTRY;
  if (!Number.isInteger(slot)) throw new Finding('creat succeeded without an entry');
  const after = Buffer.alloc(FIRST_ENTRY + (slot + 1) * ENTRY);
  readSync(seed.fd, after, 0, after.length, 0);
  const claims = rawClaims(after, slot + 1);
  const own = claims.filter((claim) => claim.slot === slot);
  for (const mine of own) {
    const other = claims.find(
      (claim) =>
        claim.slot !== mine.slot && claim.device === mine.device && claim.from < mine.to && mine.from < claim.to,
    );
    if (other !== undefined)
      throw new Finding(`creat took ${mine.from} to ${mine.to}, which entry ${other.slot} claims`);
    if (mine.from < (mine.device === 0n ? 0xa00000n : 0x200000n) || mine.to > BigInt(seed.deviceSize))
      throw new Finding(`creat took ${mine.from}, outside`);
  }
}

function isAppend(offset: number, length: number): boolean {
  const inLog = offset - FIRST_ENTRY;
  return (offset === LOG_OFFSET + 32 && length === 16) || (length === ENTRY && inLog >= 0 && inLog % ENTRY === 0);
}

/** What fsck -y reports as repaired stays repaired, and no visible file is lost. */
async function repairs(seed: Seed): Promise<void> {
  const before = await paths(seed);
  const { exitCode } = await run(seed, ['fsck', '-y', '--no-undo', seed.path], [0, 1, 4, 5, 8, 9]);
  const again = await run(seed, ['fsck', '-y', '--no-undo', seed.path], [0, 4, 8]);
  if (exitCode < 8 && again.exitCode !== (exitCode & 4))
    throw new Finding(`fsck -y exits ${exitCode}, then ${again.exitCode}`);
  const after = new Set(await paths(seed));
  const lost = before.find((path) => !after.has(path));
  if (lost !== undefined) throw new Finding(`fsck -y lost ${JSON.stringify(lost)}`);
}

async function paths(seed: Seed): Promise<string[]> {
  const { exitCode, stdout } = await run(seed, ['ls', '-R', '--json', '--dev', seed.path], CODES);
  if (exitCode !== 0) return [];
  return (JSON.parse(stdout).entries as { path: string }[]).map(({ path }) => path);
}

async function run(seed: Seed, argv: readonly string[], allowed: readonly number[], patience = PATIENCE): Promise<Run> {
  const started = performance.now();
  const result = await runCommand(argv, { env: seed.env, cwd: '/' });
  const took = performance.now() - started;
  const label = argv[0] as string;
  if (/internal error|"INTERNAL"/.test(result.stderr)) throw new Finding(`${label}: ${result.stderr}`);
  if (!allowed.includes(result.exitCode)) throw new Finding(`${label} exits ${result.exitCode}: ${result.stderr}`);
  if (took > patience && (await isSlow(argv, seed))) throw new Finding(`${label} takes ${took} ms`);
  const unsafe = /[^\P{Cc}\n\t]|[\u202a-\u202e]/u.exec(result.stdout + result.stderr);
  if (unsafe !== null) throw new Finding(`${label} prints character ${unsafe[0].charCodeAt(0)}`);
  return result;
}

/** A busy machine makes anything late: only processor time counts, and only if it is late every time. */
async function isSlow(argv: readonly string[], seed: Seed): Promise<boolean> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const started = process.cpuUsage();
    await runCommand(argv, { env: seed.env, cwd: '/' });
    const { user, system } = process.cpuUsage(started);
    if ((user + system) / 1000 <= PATIENCE) return false;
  }
  return true;
}
