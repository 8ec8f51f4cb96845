/** All files below a folder as they are, to be compared with what they are later. */
import { type BigIntStats, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Head } from './head.js';

export class Snapshot {
  readonly #facts: ReadonlyMap<string, string>;
  readonly #contents: readonly Head[];

  constructor(private readonly folder: string) {
    this.#facts = factsBelow(folder);
    const files = [...this.#facts.keys()].filter((path) => lstatSync(path).isFile());
    this.#contents = files.map((path) => new Head(path, lstatSync(path).size));
  }

  /** What was made, removed or changed since: bytes, kind, size, mode, owner, links, time of change. */
  changes(): string[] {
    const now = factsBelow(this.folder);
    const paths = new Set([...this.#facts.keys(), ...now.keys()]);
    const others = [...paths].filter((path) => now.get(path) !== this.#facts.get(path));
    const written = this.#contents.filter((head) => now.has(head.path) && !head.isUnchanged());
    return [...new Set([...others, ...written.map(({ path }) => path)])];
  }
}

function factsBelow(folder: string): Map<string, string> {
  const paths = [folder, ...readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)))];
  return new Map(paths.map((path) => [path, facts(lstatSync(path, { bigint: true }))]));
}

function facts({ ino, mode, uid, gid, nlink, size, blocks, mtimeNs, ctimeNs }: BigIntStats): string {
  return [ino, mode, uid, gid, nlink, size, blocks, mtimeNs, ctimeNs].join(' ');
}
