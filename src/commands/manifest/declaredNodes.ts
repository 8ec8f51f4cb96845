/** The directories and files of a manifest. */
import { parentPath } from '../../format/path.js';
import type { DeclaredFile, DeclaredNode } from '../../fs/declared/declaration.js';
import { FamfsError } from '../../fs/errors.js';
import { newFilePath, newPath } from '../../fs/log/givenPath.js';
import type { MistakeCollector } from './collector.js';
import { FileReader } from './declaredFile.js';
import type { Place } from './mistakes.js';
import { MOST_PATHS, type PathList } from './ranges.js';
import type { Manifest, ManifestDirectory } from './schema.js';

type Kind = 'directory' | 'file';

/**
 * All directories and files, in the order of the manifest; ranges are written out, and sources looked at.
 * @param unit allocation unit of the pool, bytes
 */
export function declaredNodes(
  manifest: Manifest,
  folder: string,
  unit: number,
  collector: MistakeCollector,
): { directories: DeclaredNode[]; files: DeclaredFile[] } {
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
  const files: DeclaredFile[] = [];
  for (const [i, item] of (manifest.files ?? []).entries()) {
    if (item === undefined) continue;
    const origin = ['files', i];
    if (item.sources !== undefined) {
      const globbed = reader.globbed(item, item.sources, origin);
      const paths = names.paths('file', globbed, origin);
      for (const file of reader.copies(item, paths, globbed, origin)) files.push(file);
      continue;
    }
    const ranged = collector.ranged(item.path, [...origin, 'path'], item.literal);
    const paths = names.paths('file', ranged, origin);
    for (const file of reader.files(item, paths, origin)) files.push(file);
  }
  names.checkParents();
  return { directories, files };
}

/** Every path that was named: none may be named twice, and none may be below a file. */
class NameTable {
  readonly #places: Record<Kind, Map<string, Place>> = { directory: new Map(), file: new Map() };

  constructor(private readonly collector: MistakeCollector) {}

  /** The paths that an item stands for, without what is wrong with one of them; at most one mistake is collected. */
  paths(kind: Kind, named: PathList | undefined, origin: Place): string[] {
    const paths: string[] = [];
    if (named === undefined) return paths;
    const { directory, file } = this.#places;
    if (directory.size + file.size + named.count > MOST_PATHS) {
      this.collector.add(origin, `the manifest stands for more than ${MOST_PATHS} paths`, 'split it');
      return paths;
    }
    for (let i = 0; i < named.count; i++) {
      const path = this.#path(kind, named.at(i), origin);
      if (path === undefined) return paths;
      paths.push(path);
    }
    return paths;
  }

  /** A file that is the parent of something else. */
  checkParents(): void {
    const { directory, file } = this.#places;
    const sound = new Set(['']);
    for (const places of [directory, file]) {
      for (const [path, origin] of places) {
        for (let above = parentPath(path); !sound.has(above); above = parentPath(above)) {
          sound.add(above);
          if (!file.has(above)) continue;
          this.collector.add(origin, `${path} is below ${above}, which is a file of this manifest`, 'use another path');
          break;
        }
      }
    }
  }

  #path(kind: Kind, given: string, origin: Place): string | undefined {
    try {
      const path = kind === 'file' ? newFilePath(given) : newPath(given);
      const { directory, file } = this.#places;
      const twin = directory.has(path) ? 'directory' : file.has(path) ? 'file' : undefined;
      if (twin !== undefined || path === '') {
        const first = twin === undefined ? 'the root, which mkfs makes' : `named twice, first as a ${twin}`;
        return this.collector.add(origin, `${path === '' ? given : path} is ${first}`, 'name each path once');
      }
      this.#places[kind].set(path, origin);
      return path;
    } catch (error) {
      if (!(error instanceof FamfsError)) throw error;
      return this.collector.add([...origin, 'path'], error.message, error.hint ?? 'use another path');
    }
  }
}
