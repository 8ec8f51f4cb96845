/** A whole file system copied into a new one, of another size and with other layouts if that is wanted (docs/clone.md). */
import type { FileEntry } from '../../format/entries/file.js';
import type { MkdirEntry } from '../../format/entries/mkdir.js';
import type { Interleave } from '../../format/interleave.js';
import { lastIndexOf } from '../../format/logHeader.js';
import { CreationPlan, type PlanTarget } from '../allocate/creationPlan.js';
import type { Layout, Policy } from '../allocate/placement.js';
import { makeRandom } from '../allocate/random.js';
import { SimulatedPool } from '../declared/simulatedPool.js';
import { FamfsError } from '../errors.js';
import { silent } from '../host/host.js';
import { type MkfsOptions, type MkfsResult, mkfs } from '../mkfs/mkfs.js';
import { famfsOn, probe } from '../pool/finder.js';
import { requireMaps } from '../pool/sameFs.js';
import type { Volume } from '../pool/volume.js';
import { WriteSession } from '../pool/writeSession.js';
import type { FilePlan, FillResult } from '../transfer/filePlan.js';
import { fillFiles } from '../transfer/fillFiles.js';
import type { TransferControl } from '../transfer/transferFile.js';

export interface CloneOptions extends Omit<MkfsOptions, 'logLength' | 'unit'> {
  /** bytes; undefined: as long as the source's, or longer, so that half of it is free */
  readonly logLength: number | undefined;
  /** bytes; undefined: that of the source */
  readonly unit: number | undefined;
  /** of all files; undefined: each keeps its number of strips and its chunk */
  readonly interleave: Interleave | undefined;
  readonly policy: Policy;
  /** makes the random policy reproducible */
  readonly seed: number;
}

/** A clone that has been planned and found possible. */
export interface ClonePlan {
  readonly paths: readonly string[];
  readonly mkfs: MkfsOptions;
  readonly options: CloneOptions;
  /** what mkfs would make */
  readonly made: MkfsResult;
  readonly files: number;
  readonly directories: number;
  /** of all files */
  readonly bytes: number;
}

/**
 * Plans a clone of `source` on the daxdevs at `paths`, the primary first. Throws ALREADY_MEMBER for a daxdev of the source, even with
 * force; what mkfs throws; NO_SPACE and LOG_FULL. Nothing has changed then.
 */
export function planClone(source: Volume, paths: readonly string[], options: CloneOptions): ClonePlan {
  refuseMembers(source, paths);
  const { namespace } = source.replay;
  const entries = namespace.fileCount + namespace.directoryCount;
  const mkfsOptions: MkfsOptions = {
    ...options,
    logLength: options.logLength ?? roomyLog(source.superblock.logLength, entries + paths.length - 1),
    unit: options.unit ?? source.superblock.allocationUnit,
  };
  const made = mkfs(source.host, paths, { ...mkfsOptions, dryRun: true });
  const sizes = made.daxdevs.map(({ size }) => size);
  const pool = SimulatedPool.blank(sizes, mkfsOptions, options.defaults);
  pool.requireSlots(entries);
  const { files, directories } = planTree(source, pool, options, mkfsOptions.unit);
  const bytes = files.reduce((sum, { entry }) => sum + entry.size, 0);
  return { paths, mkfs: mkfsOptions, options, made, files: files.length, directories: directories.length, bytes };
}

/** A file system that is made, and what became of each file. */
export interface Cloned {
  readonly made: MkfsResult;
  readonly results: readonly FillResult<FilePlan>[];
}

/**
 * Makes the new file system: its directories, then each file once all its bytes are there. Throws what mkfs throws, the signal's
 * reason, and what requireMaps throws if the log of the source was rewritten meanwhile.
 */
export async function clone(source: Volume, plan: ClonePlan, control: TransferControl): Promise<Cloned> {
  const { host } = source;
  // what it warns of was said when it was planned
  const made = mkfs(silent(host), plan.paths, { ...plan.mkfs, dryRun: false });
  const session = await WriteSession.openWhenFree(host, plan.paths, control.signal);
  try {
    const { files, directories } = planTree(source, session, plan.options, plan.mkfs.unit);
    session.requireSlots(files.length + directories.length);
    for (const directory of directories) session.append(directory);
    const results = await fillFiles(session, files, control);
    requireMaps(source);
    return { made, results };
  } finally {
    session.close();
  }
}

/** Twice as long as is needed. */
function roomyLog(length: number, entries: number): number {
  let roomy = length;
  while (lastIndexOf(roomy) + 1 < 2 * entries) roomy *= 2;
  return roomy;
}

function refuseMembers({ host, superblock: { fsUuid }, members }: Volume, paths: readonly string[]): void {
  const known = new Set(members.all().flatMap(({ candidates }) => candidates.map(({ identity }) => identity)));
  for (const path of paths) {
    const found = probe(host, path);
    if (!known.has(found.identity) && famfsOn(found)?.fsUuid !== fsUuid) continue;
    throw new FamfsError('ALREADY_MEMBER', `${path} belongs to the file system ${fsUuid}, which is to be cloned`, {
      hint: 'name other daxdevs with --to',
      details: { device: path, fsUuid },
    });
  }
}

interface PlannedTree {
  readonly directories: readonly MkdirEntry[];
  readonly files: readonly FilePlan[];
}

/** Everything in the order of the log, placed in the new file system. Throws NO_SPACE. */
function planTree(source: Volume, target: PlanTarget, options: CloneOptions, unit: number): PlannedTree {
  // names that are there may be any bytes
  const plan = new CreationPlan(target, makeRandom(options.seed), true);
  const directories: MkdirEntry[] = [];
  const files: FilePlan[] = [];
  for (const node of source.replay.namespace.nodes()) {
    const { path, mode, uid, gid } = node;
    if (node.kind === 'directory') {
      directories.push(plan.addDirectory({ path, mode, uid, gid }, false) as MkdirEntry);
      continue;
    }
    const old = source.fileEntry(node);
    const request = { path, size: old.size, mode, uid, gid };
    const { entry } = plan.addFile(request, layoutOf(old, options, unit), false);
    const content = { from: 'famfs', volume: source, entry: old } as const;
    files.push({ entry: { ...entry, flags: old.flags }, isNew: true, content });
  }
  return { directories, files };
}

function layoutOf({ fmap }: FileEntry, { interleave, policy }: CloneOptions, unit: number): Layout {
  if (interleave !== undefined) return { ...interleave, policy, contiguous: false };
  if (fmap.layout === 'simple') return { stripes: 0, chunkSize: undefined, policy, contiguous: false };
  // a chunk is never smaller than an allocation unit
  const chunkSize = Math.max(fmap.chunkSize, unit);
  return { stripes: fmap.extents.length, chunkSize, policy, contiguous: false };
}
