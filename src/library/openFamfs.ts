/** Opening a file system for reading. */

import { Readable } from 'node:stream';
import type { FileEntry } from '../format/entries/file.js';
import { FamfsError } from '../fs/errors.js';
import { loadConfig } from '../fs/host/config.js';
import { findFile, findNode } from '../fs/log/findNode.js';
import type { Node } from '../fs/log/namespace.js';
import type { Tree } from '../fs/log/tree.js';
import { follow, replayAppended } from '../fs/pool/follow.js';
import { openVolume } from '../fs/pool/openVolume.js';
import { requireMaps } from '../fs/pool/sameFs.js';
import type { Volume } from '../fs/pool/volume.js';
import { slotThatApplied } from '../fs/shadow/applied.js';
import { readParts } from '../fs/transfer/fileBytes.js';
import { FileMap as MappedFile } from '../fs/transfer/fileMap.js';
import { type Check, type CheckOptions, check } from './check.js';
import { type Daxdev, daxdevsOf } from './daxdev.js';
import { type Entry, entryOf } from './entry.js';
import { translated, translating, translatingLater, usage } from './failures.js';
import type { Famfs, FollowOptions, ListOptions, LogFacts, LogOptions } from './famfs.js';
import { type ByteRange, type FileMap, fileMapOf, type Piece, piecesOf, rangeIn } from './fileMap.js';
import { type Devices, type HostOptions, hostOf, listOf } from './host.js';
import { type LogEntry, logEntryOf } from './logEntry.js';

/** Options of {@link openFamfs}. */
export interface OpenOptions extends HostOptions {
  /** show the state after so many log entries; the default is all of them */
  readonly at?: number | undefined;
}

const INTERVAL = 100;
/** bytes of a file that a stream reads at once */
const CHUNK = 1024 ** 2;
/** log entries that are read at once */
const ENTRIES = 512;

export class OpenFamfs implements Famfs {
  readonly #volume: Volume;
  readonly #devices: readonly string[];
  readonly #options: HostOptions;
  /** of the names after `next` log entries */
  #tree: { readonly tree: Tree; readonly next: number } | undefined;
  #closed = false;

  constructor(volume: Volume, devices: readonly string[], options: HostOptions) {
    this.#volume = volume;
    this.#devices = devices;
    this.#options = options;
  }

  get fsUuid(): string {
    return this.volume.superblock.fsUuid;
  }

  get label(): string | undefined {
    return translating(() => this.volume.label);
  }

  get role(): 'Master' | 'Client' {
    return translating(() => this.volume.role);
  }

  get allocationUnit(): number {
    return this.volume.superblock.allocationUnit;
  }

  get mountPoint(): string | undefined {
    return this.volume.mount?.mountPoint;
  }

  get logFacts(): LogFacts {
    const { log, replay } = this.volume;
    return { entries: replay.next, capacity: log.capacity, skipped: replay.skipped };
  }

  daxdevs(): Daxdev[] {
    return translating(() => daxdevsOf(this.volume));
  }

  list(path = '/', { recursive = false }: ListOptions = {}): Generator<Entry, void, undefined> {
    const node = translating(() => findNode(this.volume.replay.namespace, path));
    return this.#list(node, recursive);
  }

  *#list(node: Node, recursive: boolean): Generator<Entry, void, undefined> {
    if (node.kind === 'file') yield entryOf(node);
    else
      for (const { nodes } of this.#treeNow().walk(node, recursive)) for (const inside of nodes) yield entryOf(inside);
  }

  /** The names as a tree, which is made again only when there are new ones. */
  #treeNow(): Tree {
    const { namespace, next } = this.volume.replay;
    if (this.#tree?.next !== next) this.#tree = { tree: namespace.tree(), next };
    return this.#tree.tree;
  }

  stat(path: string): Entry {
    return translating(() => entryOf(findNode(this.volume.replay.namespace, path)));
  }

  exists(path: string): boolean {
    try {
      this.stat(path);
      return true;
    } catch (error) {
      if (error instanceof FamfsError && (error.code === 'NO_ENTRY' || error.code === 'NOT_A_DIRECTORY')) return false;
      throw error;
    }
  }

  map(path: string): FileMap {
    return translating(() => fileMapOf(this.#file(path)));
  }

  resolve(path: string, range: ByteRange = {}): Generator<Piece, void, undefined> {
    return translating(() => {
      const entry = this.#file(path);
      const { offset, length } = rangeIn(entry, range);
      return piecesOf(this.volume, entry, offset, length);
    });
  }

  read(path: string, range: ByteRange = {}): Readable {
    return translating(() => {
      const entry = this.#file(path);
      const wanted = rangeIn(entry, range);
      const parts = readParts(new MappedFile(this.volume, entry), wanted, CHUNK);
      return Readable.from(translatingEach(requiringMaps(this.volume, parts)), {
        objectMode: false,
        highWaterMark: CHUNK,
      });
    });
  }

  log({ from = 0 }: LogOptions = {}): Generator<LogEntry, void, undefined> {
    const { entries } = this.logFacts;
    if (!Number.isSafeInteger(from) || from < 0)
      throw new FamfsError('BAD_RANGE', `from: ${from} is no slot of a log`, {
        hint: 'slots are whole numbers, 0 and higher',
      });
    return translatingEach(this.#entries(from, entries));
  }

  *#entries(from: number, to: number): Generator<LogEntry> {
    for (let next = from; next < to; next += ENTRIES) {
      const { log, replay } = this.volume;
      const some: LogEntry[] = [];
      log.scan(next, Math.min(next + ENTRIES, to), (slot, { entry }) => {
        const applied = entry !== undefined && slotThatApplied(entry, replay) === slot;
        some.push(logEntryOf({ slot, entry, applied }));
      });
      yield* some;
    }
  }

  refresh(): LogEntry[] {
    return translating(() => replayAppended(this.volume).map(logEntryOf));
  }

  async *follow(options: FollowOptions = {}): AsyncGenerator<LogEntry, void, undefined> {
    const { interval = INTERVAL, signal = new AbortController().signal } = options;
    if (!(interval >= 1)) throw usage(`interval: ${interval} is no number of milliseconds`, 'give 1 or more');
    try {
      for await (const entries of follow(this.volume, { interval, signal })) yield* entries.map(logEntryOf);
    } catch (error) {
      throw translated(error);
    }
  }

  check(options: CheckOptions = {}): Promise<Check> {
    return translatingLater(() => {
      this.requireOpen();
      return check(this.#devices, { ...this.#options, ...options });
    });
  }

  close(): void {
    this.#closed = true;
    this.#volume.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** What is open. Throws CLOSED. */
  protected get volume(): Volume {
    this.requireOpen();
    return this.#volume;
  }

  protected requireOpen(): void {
    if (this.#closed) throw new FamfsError('CLOSED', 'the file system was closed', { hint: 'open it again' });
  }

  #file(path: string): FileEntry {
    const { volume } = this;
    return volume.fileEntry(findFile(volume.replay.namespace, path));
  }
}

/** Yields only what was read before the log was rewritten. */
function* requiringMaps(volume: Volume, parts: Iterable<Buffer>): Generator<Buffer> {
  for (const part of parts) {
    requireMaps(volume);
    yield part;
  }
}

function* translatingEach<T>(items: Iterable<T>): Generator<T, void, undefined> {
  try {
    yield* items;
  } catch (error) {
    throw translated(error);
  }
}

/**
 * Opens a file system for reading, and replays its log. Nothing is locked: this host and others may write to it meanwhile.
 * @param devices daxdevs or images, as `--dev` takes them; one is enough if the others can be found from it. Without any, it is the
 * file system that FAMFS_DEV or the configuration names, or else the only one on this host.
 * @throws {@link FamfsError} NO_FAMFS, AMBIGUOUS, DEVICE_OPEN, SUPERBLOCK_DAMAGED, OTHER_VERSION, NOT_A_MEMBER, ADDON ...
 */
export async function openFamfs(devices?: Devices, options: OpenOptions = {}): Promise<Famfs> {
  return translatingLater(async () => {
    const named = listOf(devices);
    const host = hostOf(options);
    await loadConfig(host);
    return new OpenFamfs(openVolume(host, named, { at: options.at }), named, options);
  });
}
