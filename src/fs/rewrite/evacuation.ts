/** A daxdev leaves its pool: its files get other places, and the daxdevs after it lower indices (docs/evacuation.md). */
import { counted } from '../../format/counted.js';
import { FreeSpace } from '../allocate/freeSpace.js';
import { type MovedExtent, Relocator } from '../allocate/relocation.js';
import { FamfsError } from '../errors.js';
import type { FileInLog } from '../pool/fileBlock.js';
import { type Member, unusable } from '../pool/members.js';
import type { Volume } from '../pool/volume.js';
import { copyExtents, type ExtentCopy } from '../transfer/copyExtents.js';
import type { TransferControl } from '../transfer/transferFile.js';
import type { EditedDaxdev, EditedNode, EditedTree } from './editedTree.js';
import { takeJournal } from './journalExtents.js';

/** A file with bytes on the daxdev. */
export interface EvacuatedFile {
  readonly path: string;
  /** bytes of its extents there */
  readonly bytes: number;
  readonly moved: readonly MovedExtent[];
  /** fewer daxdevs hold its strips than before */
  readonly crowded: boolean;
}

/** What the removal of a daxdev changes. */
export interface Evacuation {
  readonly member: Member;
  readonly files: readonly EvacuatedFile[];
  /** of all files */
  readonly bytes: number;
  /** daxdevs that get another index */
  readonly renumbered: readonly { readonly uuid: string; readonly from: number; readonly to: number }[];
}

/**
 * Plans that daxdev `index` leaves the pool. Throws IS_PRIMARY, NO_SPACE, and for a daxdev with files that cannot be used what
 * Members.open throws.
 * @param keepJournal leave free space of the primary for the journal of the rewrite
 */
export function evacuate(volume: Volume, tree: EditedTree, index: number, keepJournal: boolean): Evacuation {
  if (index === 0) throw primaryStays('removed');
  const leaving = tree.daxdevs[index] as EditedDaxdev;
  const member = volume.members.member(index);
  const nodes = new Map(tree.nodes.map((node) => [node.slot, node]));
  const there: FileInLog[] = [];
  for (const file of volume.fileEntries()) {
    const { extents } = file.entry.fmap;
    if (extents.some(({ daxdev }) => daxdev === index)) there.push(file);
    // its map has other indices, even where its bytes stay
    if (extents.some(({ daxdev }) => daxdev >= index)) (nodes.get(file.slot) as EditedNode).changed = true;
  }
  if (there.length > 0) refuseUnusable(member, there);
  const files = relocateAll(volume, there, index, keepJournal, (slot) => nodes.get(slot) as EditedNode);
  leaving.removed = true;
  const after = tree.daxdevs.slice(index + 1);
  return {
    member,
    files,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    renumbered: after.map(({ uuid, index: from }) => ({ uuid, from, to: from - 1 })),
  };
}

/** Copies the bytes of the files to their new places, as copyExtents does; what is there now stays. Throws what that throws. */
export async function moveFiles(
  volume: Volume,
  { member, files }: Evacuation,
  control: TransferControl,
): Promise<void> {
  if (files.length === 0) return;
  const copies = files.flatMap(({ path, moved }) =>
    moved.flatMap(({ from, to }) => {
      let next = from;
      return to.map(({ daxdev, deviceOffset, length }): ExtentCopy => {
        const copy = { from: next, target: volume.device(daxdev), deviceOffset, length, path };
        next += length;
        return copy;
      });
    }),
  );
  await copyExtents(volume.device(member.index), copies, control);
}

/** The error about the primary, which holds superblock and log. @param done what was to be done to it: `removed` */
export function primaryStays(done: string): FamfsError {
  return new FamfsError('IS_PRIMARY', `daxdev 0 is the primary, which holds the log, and cannot be ${done}`, {
    hint: 'famfs clone copies the whole file system to other daxdevs',
    details: { daxdev: 0 },
  });
}

function refuseUnusable(member: Member, files: readonly FileInLog[]): void {
  if (member.state === 'present') return;
  const error = unusable(member);
  throw error.with({
    message: `${error.message}; ${counted(files.length, 'file has', 'files have')} bytes there, such as ${files[0]?.entry.path}`,
    hint: member.state === 'missing' ? `${error.hint}; or give these files up with famfs rm` : (error.hint ?? ''),
    details: { files: files.length },
  });
}

/** Large pieces first, and strips before extents that may be divided: what is left over suits the small ones. */
function relocateAll(
  { members, replay }: Volume,
  files: readonly FileInLog[],
  index: number,
  keepJournal: boolean,
  nodeOf: (slot: number) => EditedNode,
): EvacuatedFile[] {
  const here = replay.daxdevs.filter(
    (daxdev) => daxdev.index !== index && members.member(daxdev.index).state === 'present',
  );
  const spaces = here.map((daxdev) => new FreeSpace(daxdev));
  const relocator = new Relocator(spaces, index);
  const sized = files.map((file) => {
    const extents = file.entry.fmap.extents.filter(({ daxdev }) => daxdev === index);
    const bytes = extents.reduce((sum, { length }) => sum + length, 0);
    const striped = file.entry.fmap.layout === 'interleaved';
    return { file, bytes, striped, largest: Math.max(...extents.map(({ length }) => length)) };
  });
  relocator.requireRoom(sized.reduce((sum, { bytes }) => sum + bytes, 0));
  if (keepJournal && sized.length > 0) takeJournal(spaces[0] as FreeSpace, replay.next);
  const done = new Map<FileInLog, EvacuatedFile>();
  for (const { file, bytes } of sized.toSorted(
    (a, b) => Number(b.striped) - Number(a.striped) || b.largest - a.largest,
  )) {
    const { path, fmap } = file.entry;
    const relocated = relocator.relocate(path, fmap);
    nodeOf(file.slot).fmap = relocated.fmap;
    done.set(file, { path, bytes, moved: relocated.moved, crowded: relocated.crowded });
  }
  return files.map((file) => done.get(file) as EvacuatedFile);
}
