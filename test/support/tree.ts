/** Trees of ordinary files, to be copied in and out. */
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from './random.js';

const MODES = [0o644, 0o600, 0o755, 0o444, 0o4711, 0o2750];
const SIZES = [1, 100, 4095, 4096, 65_537, 300_000];

/** Makes `count` files of mixed sizes, modes and depths in a new folder. */
export function makeTree(folder: string, count: number, random: Random): void {
  const bytes = random.bytes(1 << 20);
  for (let i = 0; i < count; i++) {
    const parent = join(folder, `d${i % 17}`, i % 3 === 0 ? `ü ${i % 5}` : '.');
    mkdirSync(parent, { recursive: true });
    const size = SIZES[random.below(SIZES.length)] as number;
    const from = random.below(bytes.length - size);
    writeFileSync(join(parent, `file ${i}`), bytes.subarray(from, from + size));
    chmodSync(join(parent, `file ${i}`), MODES[i % MODES.length] as number);
  }
  chmodSync(join(folder, 'd0'), 0o750);
}

/** Every path below a folder with its mode and, of a file, its bytes. */
export function readTree(folder: string): Map<string, string> {
  const tree = new Map<string, string>();
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const stats = lstatSync(join(folder, path));
    const content = stats.isFile() ? readFileSync(join(folder, path), 'latin1') : stats.isDirectory() ? '/' : '?';
    tree.set(path, `${(stats.mode & 0o7777).toString(8)} ${content}`);
  }
  return tree;
}
