/**
 * How fast is a log of 100,000 files played into a new shadow tree, compared with a plain loop of writeFileSync that writes the
 * same bytes to the same names? Both take turns; the medians are compared.
 *
 *   npm run bundle && node out/bench/shadow.js [files] [rounds]      FAMFS_BENCH_DIR: where (default: the temp folder)
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogEntry } from '../src/format/entries/entryTypes.js';
import { fileYaml } from '../src/format/fileYaml.js';
import type { Host } from '../src/fs/host/host.js';
import { openVolume } from '../src/fs/pool/openVolume.js';
import type { Volume } from '../src/fs/pool/volume.js';
import { eachApplied } from '../src/fs/shadow/applied.js';
import { ShadowPlayer } from '../src/fs/shadow/player.js';

const [count, repeat] = process.argv.slice(2).filter((arg) => !arg.startsWith('-'));
const files = Number(count ?? 100_000);
const rounds = Number(repeat ?? 5);
const PER_FOLDER = 1000;
const MIB = 1024 ** 2;

const folder = mkdtempSync(join(process.env.FAMFS_BENCH_DIR ?? tmpdir(), 'famfs-bench-'));
const env = { ...process.env, FAMFS_SYSTEM_UUID_FILE: join(folder, 'uuid') };
const host: Host = { env, cwd: folder, warn: (_code, message) => void process.stderr.write(`${message}\n`) };

try {
  const volume = openVolume(host, [makeImage()]);
  const played: number[] = [];
  const plain: number[] = [];
  for (let round = 0; round < rounds; round++) {
    plain.push(await rate('plain', () => writePlainly(volume, join(folder, 'plain'))));
    played.push(await rate('played', () => play(volume, join(folder, 'played'))));
  }
  volume.close();
  report('plain loop of writeFileSync', plain);
  report('played into a shadow tree', played);
  print(`ratio of the medians: ${(median(played) / median(plain)).toFixed(2)}`);
  print(`${files} files, ${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function makeImage(): string {
  const image = join(folder, 'image');
  writeFileSync(image, '');
  truncateSync(image, (files + 1000) * 2 * MIB);
  famfs(['mkfs', '--loglen', '128M', image]);
  const folders = Array.from({ length: Math.ceil(files / PER_FOLDER) }, (_, i) => `d${i}`);
  famfs(['mkdir', '--dev', image, ...folders]);
  const list = Array.from({ length: files }, (_, i) => `d${Math.floor(i / PER_FOLDER)}/file${i} 2M\n`);
  famfs(['creat', '--dev', image, '--from', '-'], list.join(''));
  return image;
}

function famfs(argv: readonly string[], input = ''): void {
  const { status, stderr } = spawnSync(process.execPath, ['dist/famfs.cjs', ...argv], { env, input, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

async function play(volume: Volume, tree: string): Promise<void> {
  const player = await ShadowPlayer.open(tree, volume, { client: false, live: false });
  eachApplied(volume, (entry) => player.play(entry));
  player.finish();
  player.close();
}

/** The texts are prepared: the loop only writes. */
function writePlainly(volume: Volume, tree: string): () => void {
  const texts: [string, string][] = [];
  mkdirSync(tree);
  eachApplied(volume, (entry: LogEntry) => {
    if (entry.type === 'MKDIR') mkdirSync(join(tree, entry.path));
    if (entry.type === 'FILE') texts.push([join(tree, entry.path), fileYaml(entry)]);
  });
  return () => {
    for (const [path, text] of texts) writeFileSync(path, text);
  };
}

/** Files per second of `work`, or of the function that it returns. */
async function rate(name: string, work: () => unknown): Promise<number> {
  rmSync(join(folder, name), { recursive: true, force: true });
  let started = performance.now();
  const timed = await work();
  if (typeof timed === 'function') {
    started = performance.now();
    timed();
  }
  return files / ((performance.now() - started) / 1000);
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function report(what: string, rates: readonly number[]): void {
  const rounded = rates.map((value) => Math.round(value));
  print(`${what}: ${Math.round(median(rates))} files/s (${Math.min(...rounded)} to ${Math.max(...rounded)})`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
