/**
 * The files of this host that a pattern such as weights/**\/*.bin names. The manifest decides what is read, so the walk is bounded, and
 * leaves the folder by a symbolic link only if the manifest says so.
 */
import { isUtf8 } from 'node:buffer';
import { readdirSync, type Stats, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { PathList } from './ranges.js';
import { isWild, LONGEST_PATTERN, plainName, Wildcard } from './wildcard.js';

/** names that one pattern may look at */
const MOST_NAMES = 1_000_000;
/** folders inside of each other, below the part without wildcards */
const DEEPEST = 64;
const EVERY_DEPTH = '**';

export interface GlobbedFile {
  /** absolute */
  readonly local: string;
  /** path below the part of the pattern that has no wildcards */
  readonly below: string;
}

/** The files that a pattern has found, in the directory that they go into. */
export class GlobbedPaths implements PathList {
  /** @param directory '' or with a slash at its end */
  constructor(
    private readonly directory: string,
    private readonly found: readonly GlobbedFile[],
  ) {}

  get count(): number {
    return this.found.length;
  }

  at(index: number): string {
    return this.directory + (this.found[index] as GlobbedFile).below;
  }

  /** where number `index` is on this host */
  source(index: number): string {
    return (this.found[index] as GlobbedFile).local;
  }
}

/** A pattern that cannot be used, or that finds what cannot be used. */
export class GlobMistake extends Error {
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

/**
 * The files that a pattern names, in byte order of `below`; at least one. In a part of the pattern, `*`, `?` and `[...]` are wildcards;
 * the part `**` stands for any number of folders.
 * @param folder where a relative pattern starts
 * @param dereference follow symbolic links below the part without wildcards
 * Throws GlobMistake.
 */
export function globFiles(pattern: string, folder: string, dereference: boolean): GlobbedFile[] {
  const { base, parts } = split(pattern);
  const walk = new Walk(pattern, parts, dereference);
  walk.from(resolve(folder, base));
  const found = [...walk.found].map(([below, local]) => ({ below, local, bytes: Buffer.from(below) }));
  if (found.length === 0) throw new GlobMistake(`'${pattern}' matches no file`, 'correct it, or remove the item');
  return found.sort((a, b) => Buffer.compare(a.bytes, b.bytes)).map(({ below, local }) => ({ below, local }));
}

/** The part without wildcards, as a path, and the parts from the first wildcard on. */
function split(pattern: string): { base: string; parts: string[] } {
  if (/(?<!\\)[{}]/.test(pattern))
    throw new GlobMistake(`'${pattern}' has braces`, "write an item for each pattern, or '\\{' for the character");
  const all = pattern.split('/');
  const first = all.findIndex(isWild);
  if (first < 0)
    throw new GlobMistake(`'${pattern}' has no wildcard`, 'write *, ? or [a-z] in it, or use source for a single file');
  const parts = all.slice(first).filter((part, i, rest) => part !== EVERY_DEPTH || rest[i - 1] !== EVERY_DEPTH);
  for (const part of parts) {
    if (part === '' || part === '.' || part === '..')
      throw new GlobMistake(`'${pattern}' has '${part}' after a wildcard`, 'write the path without it');
    if (part.length > LONGEST_PATTERN || parts.length > DEEPEST)
      throw new GlobMistake('the pattern is too long', `it may have ${DEEPEST} parts of ${LONGEST_PATTERN} characters`);
  }
  // `**` at the end means all files at every depth
  if (parts.at(-1) === EVERY_DEPTH) parts.push('*');
  return { base: all.slice(0, first).map(plainName).join('/') || (first > 0 ? '/' : '.'), parts };
}

interface Name {
  readonly name: string;
  readonly isFolder: boolean;
  readonly isLink: boolean;
  /** UTF-8; if not, `name` is not the name */
  readonly isText: boolean;
}

class Walk {
  /** paths of this host, by what is below the base */
  readonly found = new Map<string, string>();
  readonly #wildcards: (Wildcard | undefined)[];
  /** folders that a part was looked for in: with several `**`, many ways lead to each */
  readonly #visited = new Set<string>();
  #looked = 0;

  constructor(
    private readonly pattern: string,
    private readonly parts: readonly string[],
    private readonly dereference: boolean,
  ) {
    this.#wildcards = parts.map((part) => (part === EVERY_DEPTH ? undefined : new Wildcard(part)));
  }

  from(base: string): void {
    this.#folder(base, '', 0, []);
  }

  /** @param above the folders on the way to it, to recognize a link that leads back */
  #folder(local: string, below: string, part: number, above: readonly string[]): void {
    const key = `${part} ${local}`;
    if (this.#visited.has(key)) return;
    this.#visited.add(key);
    const wildcard = this.#wildcards[part];
    if (wildcard === undefined) this.#folder(local, below, part + 1, above);
    const { dev, ino } = this.#stat(local);
    const identity = `${dev}:${ino}`;
    if (above.includes(identity) || above.length > DEEPEST)
      throw new GlobMistake(`${local} leads back to a folder above it, or too deep`, 'use a narrower pattern');
    const isLast = part === this.parts.length - 1;
    for (const { name, isFolder, isLink, isText } of this.#names(local)) {
      const matches = wildcard === undefined ? isFolder && !name.startsWith('.') : wildcard.matches(name);
      if (!matches || isLast === isFolder) continue;
      const path = join(local, name);
      if (!isText) throw new GlobMistake(`${path} is not UTF-8`, 'rename it, or use famfs cp -r --allow-bytes');
      if (isLink && !this.dereference)
        throw new GlobMistake(
          `${path} is a symbolic link`,
          'dereference: true follows links, or use a narrower pattern',
        );
      const inside = below === '' ? name : `${below}/${name}`;
      if (isLast) this.found.set(inside, path);
      else this.#folder(path, inside, wildcard === undefined ? part : part + 1, [...above, identity]);
    }
  }

  #names(local: string): Name[] {
    const entries = orMistake(local, () => readdirSync(local, { withFileTypes: true, encoding: 'buffer' }));
    this.#looked += entries.length;
    if (this.#looked > MOST_NAMES)
      throw new GlobMistake(`'${this.pattern}' looks at more than ${MOST_NAMES} names`, 'use a narrower pattern');
    return entries.map((entry) => {
      const name = entry.name.toString();
      const isLink = entry.isSymbolicLink();
      const isFolder = isLink ? leadsToFolder(join(local, name)) : entry.isDirectory();
      return { name, isLink, isFolder, isText: isUtf8(entry.name) };
    });
  }

  #stat(local: string): Stats {
    return orMistake(local, () => statSync(local));
  }
}

function leadsToFolder(link: string): boolean {
  try {
    return statSync(link).isDirectory();
  } catch {
    // it leads nowhere: whoever copies it says so
    return false;
  }
}

function orMistake<T>(local: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    throw new GlobMistake(`cannot read the folder ${local}: ${code}`, 'name a folder of this host that may be read');
  }
}
