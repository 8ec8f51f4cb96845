/** The manifest that describes a file system as it is. */
import { statSync } from 'node:fs';
import type { FileEntry } from '../../format/entries/file.js';
import { octal } from '../../format/fieldText.js';
import { isUtf8Path, pathBytes } from '../../format/path.js';
import { DEFAULT_ALLOCATION_UNIT } from '../../format/superblock.js';
import { FamfsError } from '../../fs/errors.js';
import { newFilePath, newPath } from '../../fs/log/givenPath.js';
import type { Node } from '../../fs/log/namespace.js';
import { isLogLength } from '../../fs/media/superblockReader.js';
import type { FileInLog } from '../../fs/pool/fileBlock.js';
import type { Member } from '../../fs/pool/members.js';
import type { Volume } from '../../fs/pool/volume.js';
import { indexText } from './indexText.js';
import { looksRanged } from './ranges.js';

export interface ExportedDaxdev {
  /** absolute; left out for a daxdev that is not here, or whose path a manifest cannot state */
  readonly path?: string;
  /** bytes; only of an image */
  readonly size?: number;
  /** in place of `path` */
  readonly uuid?: string;
}

export interface ExportedPool {
  /** the primary first */
  readonly daxdevs: readonly ExportedDaxdev[];
  /** left out where it has none */
  readonly label?: string;
  /** bytes */
  readonly loglen?: number;
  /** bytes; left out where it is 2 MiB */
  readonly allocUnit?: number;
  /** default interleave of new files; left out where the pool has none */
  readonly stripes?: number;
  /** bytes */
  readonly chunk?: number;
}

export interface ExportedOwner {
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** octal: `0644` */
  readonly mode?: string | undefined;
}

/** What most files and directories have; each of the others states what it has instead. */
export interface ExportedDefaults extends ExportedOwner {
  /** octal: `0755` */
  readonly directoryMode?: string | undefined;
}

export interface ExportedDirectory extends ExportedOwner {
  readonly path: string;
  /** the path has braces that are no range */
  readonly literal?: true;
}

export interface ExportedFile extends ExportedDirectory {
  /** bytes */
  readonly size: number;
  /** strips; 0 for simple extents */
  readonly stripes: number;
  /** bytes; of interleaved files */
  readonly chunk?: number;
  /** indices of the daxdevs it lies on, as `0,2,5-8`; left out in a pool of one */
  readonly daxdevs?: string;
}

/** A manifest. */
export interface Exported {
  readonly pool: ExportedPool;
  readonly defaults: ExportedDefaults;
  readonly directories: Iterable<ExportedDirectory>;
  readonly files: Iterable<ExportedFile>;
}

/** permission bits that a manifest can state */
const MODE_BITS = 0o7777;

/**
 * The manifest of a file system. `entries` are its files; they are drawn together with `files`. Throws NOT_UTF8 or BAD_PATH for a name
 * that a manifest cannot state.
 */
export function exported(volume: Volume, entries: Iterable<FileInLog>): Exported {
  const { namespace, daxdevs } = volume.replay;
  for (const node of namespace.nodes()) refuseUnstatable(node);
  const common = commonOf(namespace.nodes());
  const { uid, gid, fileMode, directoryMode } = common;
  const isPool = daxdevs.length > 1;
  return {
    pool: exportedPool(volume),
    defaults: { uid, gid, mode: modeText(fileMode), directoryMode: modeText(directoryMode) },
    directories: mapped(nodesOf(namespace.nodes(), 'directory'), (node) => stated(node, common, directoryMode)),
    files: mapped(statable(entries), (entry) => exportedFile(entry, stated(entry, common, fileMode), isPool)),
  };
}

function exportedPool({ superblock, members, label, defaultInterleave }: Volume): ExportedPool {
  const { logLength, allocationUnit } = superblock;
  return {
    daxdevs: members.all().map(exportedDaxdev),
    ...(label === undefined ? {} : { label }),
    ...(isLogLength(logLength, Number.MAX_SAFE_INTEGER) ? { loglen: logLength } : {}),
    ...(allocationUnit === DEFAULT_ALLOCATION_UNIT ? {} : { allocUnit: allocationUnit }),
    ...(defaultInterleave && { stripes: defaultInterleave.stripes, chunk: defaultInterleave.chunkSize }),
  };
}

function exportedDaxdev({ path, uuid, size, state }: Member): ExportedDaxdev {
  if (path === undefined || state !== 'present' || !isUtf8Path(path) || looksRanged(path)) return { uuid };
  const isImage = statSync(pathBytes(path), { throwIfNoEntry: false })?.isFile() ?? false;
  return isImage ? { path, size } : { path };
}

function exportedFile({ size, fmap }: FileEntry, named: ExportedDirectory, isPool: boolean): ExportedFile {
  const indices = fmap.extents.map(({ daxdev }) => daxdev);
  const interleave =
    fmap.layout === 'interleaved' ? { stripes: fmap.extents.length, chunk: fmap.chunkSize } : { stripes: 0 };
  return { ...named, size, ...interleave, ...(isPool ? { daxdevs: indexText(indices) } : {}) };
}

type Attributes = Pick<Node, 'path' | 'uid' | 'gid' | 'mode'>;

interface Common {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly fileMode: number | undefined;
  readonly directoryMode: number | undefined;
}

/** A path, and the attributes that are not those that most have. */
function stated(
  { path, uid, gid, mode }: Attributes,
  common: Common,
  usualMode: number | undefined,
): ExportedDirectory {
  return {
    path,
    ...(looksRanged(path) ? { literal: true } : {}),
    ...(uid === common.uid ? {} : { uid }),
    ...(gid === common.gid ? {} : { gid }),
    ...((mode & MODE_BITS) === usualMode ? {} : { mode: octal(mode & MODE_BITS) }),
  };
}

function commonOf(nodes: Iterable<Node>): Common {
  const [uids, gids, fileModes, directoryModes] = [new Tally(), new Tally(), new Tally(), new Tally()];
  for (const { kind, uid, gid, mode } of nodes) {
    uids.add(uid);
    gids.add(gid);
    (kind === 'file' ? fileModes : directoryModes).add(mode & MODE_BITS);
  }
  return { uid: uids.most, gid: gids.most, fileMode: fileModes.most, directoryMode: directoryModes.most };
}

/** How often each number occurs. */
class Tally {
  readonly #counts = new Map<number, number>();

  add(value: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  /** undefined where none was added */
  get most(): number | undefined {
    const [first, ...others] = this.#counts;
    if (first === undefined) return undefined;
    return others.reduce((best, one) => (one[1] > best[1] ? one : best), first)[0];
  }
}

function modeText(mode: number | undefined): string | undefined {
  return mode === undefined ? undefined : octal(mode);
}

/** plan and apply take no other names: they are those that new files may have. */
function refuseUnstatable({ kind, path }: Node): void {
  if (!isUtf8Path(path))
    throw new FamfsError('NOT_UTF8', `path '${path}' is not UTF-8, so no manifest can name it`, {
      hint: 'give it another name with famfs mv',
      details: { path },
    });
  if (kind === 'file') newFilePath(path);
  else newPath(path);
}

function* nodesOf(nodes: Iterable<Node>, kind: Node['kind']): Generator<Node> {
  for (const node of nodes) if (node.kind === kind) yield node;
}

/** A manifest has no files without bytes: apply could not make them. */
function* statable(entries: Iterable<FileInLog>): Generator<FileEntry> {
  for (const { entry } of entries) if (entry.size > 0) yield entry;
}

/** `items` may be drawn several times if they can. */
function mapped<T, R>(items: Iterable<T>, change: (item: T) => R): Iterable<R> {
  return {
    *[Symbol.iterator]() {
      for (const item of items) yield change(item);
    },
  };
}
