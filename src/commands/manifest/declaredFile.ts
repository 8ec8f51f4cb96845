/** What an item of a manifest says of its files. */
import { resolve } from 'node:path';
import { interleaveFault } from '../../format/interleave.js';
import { SMALL_PAGE } from '../../format/superblock.js';
import type { Layout } from '../../fs/allocate/placement.js';
import type { ConflictPolicy, DeclaredContent, DeclaredFile, FileRun } from '../../fs/declared/declaration.js';
import { FamfsError } from '../../fs/errors.js';
import type { Source } from '../../fs/transfer/listedFiles.js';
import { PseudoFiles } from '../../fs/transfer/pseudoFiles.js';
import { fileSource } from '../../fs/transfer/sourceTree.js';
import type { MistakeCollector } from './collector.js';
import { GlobbedPaths, GlobMistake, globFiles } from './glob.js';
import type { Place } from './mistakes.js';
import type { PathList } from './ranges.js';
import type { Manifest, ManifestFile } from './schema.js';
import { isPruned } from './schemaMistakes.js';

type Defaults = NonNullable<Manifest['defaults']>;

/** what an item says of each of its files, whatever their names and bytes */
const STATED = ['uid', 'gid', 'mode', 'onConflict', 'stripes', 'chunk', 'policy', 'daxdevs', 'contiguous'] as const;
type Stated = Omit<DeclaredFile, 'path' | 'size' | 'content' | 'sha256' | 'origin'>;

export class FileReader {
  readonly #defaults: Layout;
  readonly #mode: number | undefined;
  readonly #pseudoFiles = new PseudoFiles();
  /** the item that was read last, and what it stated: mostly, the next one states the same */
  #last: { readonly item: ManifestFile; readonly stated: Stated } | undefined;

  /** @param common owner and policy of what does not say otherwise, and the allocation unit of the pool, bytes */
  constructor(
    defaults: Defaults,
    private readonly common: {
      readonly uid: number | undefined;
      readonly gid: number | undefined;
      readonly onConflict: ConflictPolicy;
      readonly unit: number;
    },
    private readonly folder: string,
    private readonly collector: MistakeCollector,
  ) {
    const { stripes, chunk, policy, daxdevs } = defaults;
    this.#mode = collector.mode(defaults.mode, ['defaults', 'mode']);
    this.#defaults = {
      stripes,
      chunkSize: this.#chunk(chunk, ['defaults', 'chunk']),
      policy: policy ?? 'random',
      contiguous: false,
      daxdevs: collector.daxdevs(daxdevs, ['defaults', 'daxdevs']),
    };
  }

  /** The files that an item stands for, with these paths. */
  files(item: ManifestFile, paths: readonly string[], origin: Place): FileRun[] {
    const { collector } = this;
    const size = collector.size(item.size, [...origin, 'size']);
    if (item.size === undefined && item.source === undefined && !isPruned(item))
      collector.add(origin, 'the key size is missing', 'add size, or source, which determines the size');
    if (item.dereference !== undefined)
      collector.add([...origin, 'dereference'], 'it is for sources', 'leave it out: a source is always followed');
    const sha256 = this.#sha256(item, paths.length, origin);
    const shared = { sha256, origin, ...this.#stated(item, origin) };
    const content = this.#content(item, origin);
    if (item.source === undefined) {
      const sizes = new Array<number | undefined>(paths.length).fill(size);
      return paths.length === 0 ? [] : [{ ...shared, content, paths, sizes, isList: false }];
    }
    const sources = collector.ranged(item.source, [...origin, 'source'], item.literal);
    if (sources === undefined) return [];
    if (sources.count !== paths.length) {
      if (paths.length > 0)
        collector.add(
          [...origin, 'source'],
          `it stands for ${sources.count} files, and path for ${paths.length}`,
          'give both the same ranges',
        );
      return [];
    }
    return this.#copies(paths, sources, size, shared);
  }

  /** The files of this host that the pattern of an item names, with the paths that they get. */
  globbed(item: ManifestFile, pattern: string, origin: Place): GlobbedPaths | undefined {
    const { collector } = this;
    const directory = collector.ranged(item.path, [...origin, 'path'], item.literal);
    if (directory === undefined) return undefined;
    if (directory.count > 1)
      return collector.add(
        [...origin, 'path'],
        'sources go into one directory',
        'leave out the range, or say literal: true',
      );
    for (const key of ['size', 'source', 'seed', 'zero', 'sha256'] as const)
      if (item[key] !== undefined)
        collector.add([...origin, key], `${key} and sources exclude each other`, 'leave one of them out');
    try {
      const files = globFiles(pattern, this.folder, item.dereference ?? false);
      return new GlobbedPaths(`${directory.at(0).replace(/\/+$/, '')}/`, files);
    } catch (error) {
      if (!(error instanceof GlobMistake)) throw error;
      return collector.add([...origin, 'sources'], error.message, error.hint);
    }
  }

  /** The files that were found, as far as they have paths. */
  copies(item: ManifestFile, paths: readonly string[], globbed: GlobbedPaths | undefined, origin: Place): FileRun[] {
    const shared = { sha256: undefined, origin, ...this.#stated(item, origin) };
    return globbed === undefined
      ? []
      : this.#copies(paths, { at: (index) => globbed.source(index) }, undefined, shared);
  }

  /** What an item says of each of its files. Items that state the same one after the other share their layout. */
  #stated(item: ManifestFile, origin: Place): Stated {
    const last = this.#last;
    if (last !== undefined && STATED.every((key) => item[key] === last.item[key])) return last.stated;
    const { collector } = this;
    const before = collector.mistakes.length;
    const stated = {
      uid: collector.uid(item.uid, [...origin, 'uid']) ?? this.common.uid,
      gid: collector.gid(item.gid, [...origin, 'gid']) ?? this.common.gid,
      mode: collector.mode(item.mode, [...origin, 'mode']) ?? this.#mode,
      onConflict: item.onConflict ?? this.common.onConflict,
      layout: this.#layout(item, origin),
    };
    // each item gets mistakes of its own
    this.#last = collector.mistakes.length === before ? { item, stated } : undefined;
    return stated;
  }

  #copies(
    paths: readonly string[],
    sources: Pick<PathList, 'at'>,
    stated: number | undefined,
    shared: Omit<DeclaredFile, 'path' | 'size' | 'content'>,
  ): FileRun[] {
    const files: FileRun[] = [];
    for (const [i, path] of paths.entries()) {
      const found = this.#sourceAt(resolve(this.folder, sources.at(i)));
      const size = found instanceof Error ? stated : found.size;
      if (stated !== undefined && size !== stated) {
        const message = `the source ${sources.at(i)} has ${size} bytes, not ${stated}`;
        this.collector.add([...shared.origin, 'size'], message, 'correct it, or leave it out');
        break;
      }
      files.push({ ...shared, paths: [path], sizes: [size], content: { from: 'file', found }, isList: false });
    }
    return files;
  }

  /** A file of this host as it is now, or why it cannot be copied. */
  #sourceAt(path: string): Source | FamfsError {
    try {
      return fileSource(Buffer.from(path), this.#pseudoFiles);
    } catch (error) {
      if (!(error instanceof FamfsError)) throw error;
      return error;
    }
  }

  /** What is not copied but made. */
  #content({ seed, zero, source }: ManifestFile, origin: Place): DeclaredContent | undefined {
    const given = Number(source !== undefined) + Number(seed !== undefined) + Number(zero === true);
    if (given > 1) this.collector.add(origin, 'source, seed and zero exclude each other', 'leave only one of them');
    if (seed !== undefined) return { from: 'pattern', seed: BigInt(seed) };
    return zero ? { from: 'zeros' } : undefined;
  }

  #layout({ stripes, chunk, policy, daxdevs, contiguous = false }: ManifestFile, origin: Place): Layout {
    const { collector } = this;
    const byDefault = this.#defaults;
    if (contiguous && stripes !== undefined && stripes > 0)
      collector.add(origin, 'contiguous and stripes exclude each other', 'a contiguous file is one simple extent');
    const chunkSize = this.#chunk(chunk, [...origin, 'chunk']);
    return {
      stripes: stripes ?? (contiguous ? 0 : byDefault.stripes),
      chunkSize: chunkSize ?? byDefault.chunkSize,
      policy: policy ?? byDefault.policy,
      contiguous,
      daxdevs: collector.daxdevs(daxdevs, [...origin, 'daxdevs']) ?? byDefault.daxdevs,
      requested: { stripes, chunkSize },
    };
  }

  #chunk(value: string | number | undefined, place: Place): number | undefined {
    const { unit } = this.common;
    const chunkSize = this.collector.size(value, place);
    const fault = chunkSize === undefined ? undefined : interleaveFault({ stripes: 1, chunkSize }, unit);
    const hint =
      unit === SMALL_PAGE ? 'give 4k, 8k, 16k ...' : 'give 2M, 4M, 8M ..., or a pool that has them allocUnit: 4k';
    return fault === undefined ? chunkSize : this.collector.add(place, fault, hint);
  }

  #sha256(item: ManifestFile, count: number, origin: Place): string | undefined {
    const { sha256, source, seed, zero } = item;
    if (sha256 === undefined) return undefined;
    const place = [...origin, 'sha256'];
    if (!/^[0-9a-f]{64}$/i.test(sha256))
      return this.collector.add(place, 'it is not a sha256', 'write 64 hex digits, as sha256sum prints them');
    if (count > 1) return this.collector.add(place, `one sha256 for ${count} files`, 'write each file as an item');
    if (source === undefined && seed === undefined && zero !== true && !isPruned(item))
      return this.collector.add(place, 'it needs known bytes', 'add source, seed or zero');
    return sha256.toLowerCase();
  }
}
