/** The directories and files of a manifest. */
import { isDirectlyIn, parentPath } from '../../format/path.js';
import type { DeclaredNode, FileRun } from '../../fs/declared/declaration.js';
import { itemAfter } from '../../fs/declared/fileRuns.js';
import { FamfsError } from '../../fs/errors.js';
import { isPlain, newFilePath, newPath } from '../../fs/log/givenPath.js';
import type { ItemRun } from './alikeItems.js';
import type { MistakeCollector } from './collector.js';
import { FileReader } from './declaredFile.js';
import type { Place } from './mistakes.js';
import { MOST_PATHS, type PathList } from './ranges.js';
import type { Manifest, ManifestDirectory, ManifestFile } from './schema.js';

type Kind = 'directory' | 'file';

/**
 * All directories and files, in the order of the manifest; ranges are written out, and sources looked at.
 * @param runs its files, those together that are alike
 * @param unit allocation unit of the pool, bytes
 */
export function declaredNodes(
  manifest: Manifest,
  runs: readonly ItemRun[],
  folder: string,
  unit: number,
  collector: MistakeCollector,
): { directories: DeclaredNode[]; files: FileRun[] } {
  const { defaults = {} } = manifest;
  const names = new NameTable(collector);
  const common = {
    uid: collector.uid(defaults.uid, ['defaults', 'uid']),
    gid: collector.gid(defaults.gid, ['defaults', 'gid']),
    onConflict: defaults.onConflict ?? 'fail',
  };
  const directoryMode = collector.mode(defaults.directoryMode, ['defaults', 'directoryMode']);
  const directories: DeclaredNode[] = [];
  for (const [i, item] of (manifest.directories ?? []).entries()) {
    if (item === undefined) continue;
    const origin = ['directories', i];
    const fields: ManifestDirectory = typeof item === 'string' ? { path: item } : item;
    const { path, literal, uid, gid, mode, onConflict = common.onConflict } = fields;
    const stated = {
      uid: collector.uid(uid, [...origin, 'uid']) ?? common.uid,
      gid: collector.gid(gid, [...origin, 'gid']) ?? common.gid,
      mode: collector.mode(mode, [...origin, 'mode']) ?? directoryMode,
      onConflict,
      origin,
    };
    const ranged = collector.ranged(path, [...origin, 'path'], literal);
    for (const name of names.paths('directory', ranged, origin)) directories.push({ path: name, ...stated });
  }
  const reader = new FileReader(defaults, { ...common, unit }, folder, collector);
  const files: FileRun[] = [];
  const items = manifest.files ?? [];
  for (const { begin, end } of runs) {
    for (let i = begin; i < end; i++) {
      const item = items[i];
      if (item === undefined) continue;
      const before = collector.mistakes.length;
      const made = filesOfItem(item, ['files', i], reader, names, collector);
      for (const run of made) files.push(run);
      const [first] = made;
      if (first === undefined || i + 1 === end || collector.mistakes.length > before) continue;
      const more = itemsLike(first, items as readonly ManifestFile[], { begin: i + 1, end }, names, collector);
      if (more === undefined) continue;
      files.push(more);
      i += more.paths.length;
    }
  }
  names.checkParents();
  return { directories, files };
}

/** The files that an item stands for. */
function filesOfItem(
  item: ManifestFile,
  origin: Place,
  reader: FileReader,
  names: NameTable,
  collector: MistakeCollector,
): FileRun[] {
  if (item.sources !== undefined) {
    const globbed = reader.globbed(item, item.sources, origin);
    return reader.copies(item, names.paths('file', globbed, origin), globbed, origin);
  }
  const ranged = collector.ranged(item.path, [...origin, 'path'], item.literal);
  return reader.files(item, names.paths('file', ranged, origin), origin);
}

/**
 * The files of items that are alike, up to the first that needs more care, if there are any.
 * @param first a file of an item before them that is like them, and has no mistakes
 */
function itemsLike(
  first: FileRun,
  items: readonly ManifestFile[],
  { begin, end }: ItemRun,
  names: NameTable,
  collector: MistakeCollector,
): FileRun | undefined {
  const { source, sources, literal = false } = items[begin] as ManifestFile;
  if (source !== undefined || sources !== undefined) return undefined;
  const paths: string[] = [];
  const sizes: number[] = [];
  let known: string | number | undefined;
  let bytes: number | undefined;
  for (let i = begin; i < end; i++) {
    const { path, size } = items[i] as ManifestFile;
    if (size === undefined) break;
    if (size !== known) {
      known = size;
      bytes = collector.soundSize(size);
    }
    if (bytes === undefined || !isPlain(path) || !(literal || !path.includes('{')) || !names.addFile(path)) break;
    paths.push(path);
    sizes.push(bytes);
  }
  if (paths.length === 0) return undefined;
  const origin = ['files', begin];
  names.note('file', { count: paths.length, origin, isList: true });
  return { ...first, paths, sizes, origin, isList: true };
}

/** Paths that were named one after the other. */
interface Named {
  readonly count: number;
  readonly origin: Place;
  /** as in FileRun */
  readonly isList: boolean;
}

/** Every path that was named: none may be named twice, and none may be below a file. */
class NameTable {
  readonly #paths: Record<Kind, Set<string>> = { directory: new Set(), file: new Set() };
  /** where the paths were named, in the same order */
  readonly #named: Record<Kind, Named[]> = { directory: [], file: [] };

  constructor(private readonly collector: MistakeCollector) {}

  /** The paths that an item stands for, without what is wrong with one of them; at most one mistake is collected. */
  paths(kind: Kind, named: PathList | undefined, origin: Place): string[] {
    const paths: string[] = [];
    if (named === undefined) return paths;
    const { directory, file } = this.#paths;
    if (directory.size + file.size + named.count > MOST_PATHS) {
      this.collector.add(origin, `the manifest stands for more than ${MOST_PATHS} paths`, 'split it');
      return paths;
    }
    for (let i = 0; i < named.count; i++) {
      const path = this.#path(kind, named.at(i), origin);
      if (path === undefined) break;
      paths.push(path);
    }
    this.note(kind, { count: paths.length, origin, isList: false });
    return paths;
  }

  /** Adds the path of a file; false, with nothing added, if it or their number is a mistake. note() must follow. */
  addFile(path: string): boolean {
    const { directory, file } = this.#paths;
    const before = file.size;
    if (directory.size + before >= MOST_PATHS || directory.has(path)) return false;
    file.add(path);
    return file.size > before;
  }

  /** Notes where the paths that were added last were named. */
  note(kind: Kind, named: Named): void {
    this.#named[kind].push(named);
  }

  /** A file that is the parent of something else. */
  checkParents(): void {
    const sound = new Set(['']);
    for (const kind of ['directory', 'file'] as const) {
      let parent = '';
      let index = -1;
      for (const path of this.#paths[kind]) {
        index++;
        if (isDirectlyIn(parent, path)) continue;
        parent = parentPath(path);
        for (let above = parent; !sound.has(above); above = parentPath(above)) {
          sound.add(above);
          if (!this.#paths.file.has(above)) continue;
          const message = `${path} is below ${above}, which is a file of this manifest`;
          this.collector.add(this.#originOf(kind, index), message, 'use another path');
          break;
        }
      }
    }
  }

  #originOf(kind: Kind, index: number): Place {
    let rest = index;
    for (const { count, origin, isList } of this.#named[kind]) {
      if (rest < count) return isList ? itemAfter(origin, rest) : origin;
      rest -= count;
    }
    throw new Error('each path was named somewhere');
  }

  #path(kind: Kind, given: string, origin: Place): string | undefined {
    try {
      const path = kind === 'file' ? newFilePath(given) : newPath(given);
      const { directory, file } = this.#paths;
      const twin = directory.has(path) ? 'directory' : file.has(path) ? 'file' : undefined;
      if (twin !== undefined || path === '') {
        const first = twin === undefined ? 'the root, which mkfs makes' : `named twice, first as a ${twin}`;
        return this.collector.add(origin, `${path === '' ? given : path} is ${first}`, 'name each path once');
      }
      this.#paths[kind].add(path);
      return path;
    } catch (error) {
      if (!(error instanceof FamfsError)) throw error;
      return this.collector.add([...origin, 'path'], error.message, error.hint ?? 'use another path');
    }
  }
}
