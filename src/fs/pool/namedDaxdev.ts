/** The daxdev that a command is to change: named by its index, its uuid or its path on this host. */
import { isUuidPrefix } from '../../format/uuid.js';
import { FamfsError } from '../errors.js';
import { famfsOn, type ProbedDaxdev, probe } from './finder.js';
import { foundOrphans, leftIndex, type OrphanSearch } from './orphans.js';
import type { Volume } from './volume.js';

/** A member of the pool; or an orphan, which names the pool although the log does not know it (any more). */
export type NamedDaxdev =
  | { readonly kind: 'member'; readonly index: number }
  | ({ readonly kind: 'orphan' } & FoundOrphan);

export interface FoundOrphan {
  readonly found: ProbedDaxdev;
  readonly uuid: string;
  /** index of a daxdev that has left the pool with the last rewrite of the log; undefined for any other */
  readonly leftIndex: number | undefined;
}

const INDEX = /^\d{1,3}$/;

/**
 * The daxdev that `given` means. An index means the daxdev that has left with the last rewrite, if that had it and its superblock is not
 * cleared: the same command again completes it. It is refused while there are other orphans: where the removal of a daxdev was stopped,
 * those after it may have got other indices already.
 * @param joining identity of a device that is about to join, and may be an orphan
 * Throws NO_SUCH_DAXDEV, ORPHAN, AMBIGUOUS_DAXDEV, NOT_A_MEMBER, or DEVICE_OPEN for a path.
 */
export function namedDaxdev(volume: Volume, given: string, joining?: string): NamedDaxdev {
  if (INDEX.test(given)) return byIndex(volume, Number(given), joining);
  if (isUuidPrefix(given)) return byUuid(volume, given.toLowerCase());
  return byPath(volume, given);
}

/**
 * The index of the member that `given` means. Throws what namedDaxdev throws, and ORPHAN.
 * @param hintFor what to do with an orphan at this path
 * @param joining as for namedDaxdev
 */
export function namedMember(
  volume: Volume,
  given: string,
  hintFor: (orphan: string) => string,
  joining?: string,
): number {
  const named = namedDaxdev(volume, given, joining);
  if (named.kind === 'member') return named.index;
  const { path } = named.found;
  throw new FamfsError('ORPHAN', `${path} (uuid ${named.uuid}) names this pool, but the log does not know it`, {
    hint: hintFor(path),
    details: { device: path, uuid: named.uuid },
  });
}

function byIndex(volume: Volume, index: number, joining: string | undefined): NamedDaxdev {
  const count = volume.replay.daxdevs.length;
  const strays = orphans(volume).filter(({ found }) => found.identity !== joining);
  const [left, ...others] = strays.filter(({ leftIndex: before }) => before === index);
  if (left !== undefined && others.length === 0) return { kind: 'orphan', ...left };
  const [orphan] = strays;
  if (orphan === undefined && index < count) return { kind: 'member', index };
  if (orphan === undefined)
    throw new FamfsError('NO_SUCH_DAXDEV', `the pool has no daxdev ${index}`, {
      hint: `its daxdevs are 0 to ${count - 1}: famfs daxdev list`,
      details: { daxdev: index },
    });
  const { found, uuid } = orphan;
  const { path } = found;
  throw new FamfsError('ORPHAN', `${path} (uuid ${uuid}) names this pool, but is not in its log`, {
    hint: `if its removal was stopped, finish that with famfs daxdev remove ${path}: daxdevs may have other indices now; otherwise give the uuid in place of the index`,
    details: { device: path, uuid },
  });
}

function byUuid(volume: Volume, prefix: string): NamedDaxdev {
  const members = volume.replay.daxdevs.filter(({ uuid }) => uuid.startsWith(prefix));
  const strays = orphans(volume).filter(({ uuid }) => uuid.startsWith(prefix));
  if (members.length + strays.length > 1)
    throw new FamfsError(
      'AMBIGUOUS_DAXDEV',
      `${members.length + strays.length} daxdevs have uuids that begin with ${prefix}`,
      {
        hint: 'give more of the uuid, or its path',
        details: { uuid: prefix },
      },
    );
  const [member] = members;
  const [stray] = strays;
  if (member !== undefined) return { kind: 'member', index: member.index };
  if (stray !== undefined) return { kind: 'orphan', ...stray };
  throw new FamfsError('NO_SUCH_DAXDEV', `the pool has no daxdev with the uuid ${prefix}`, {
    hint: 'famfs daxdev list shows its daxdevs',
    details: { uuid: prefix },
  });
}

function byPath(volume: Volume, path: string): NamedDaxdev {
  const { host, replay, superblock, primary } = volume;
  const found = probe(host, path);
  const theirs = famfsOn(found);
  if (found.identity === primary.identity) return { kind: 'member', index: 0 };
  if (theirs?.fsUuid !== superblock.fsUuid)
    throw new FamfsError('NOT_A_MEMBER', `${path} does not belong to the pool ${superblock.fsUuid}`, {
      hint: 'famfs daxdev list shows its daxdevs',
      details: { device: path, fsUuid: theirs?.fsUuid },
    });
  const { deviceUuid: uuid } = theirs;
  const member = replay.daxdevs.find((daxdev) => daxdev.uuid === uuid);
  return member === undefined
    ? { kind: 'orphan', ...orphanOf(volume, found) }
    : { kind: 'member', index: member.index };
}

function orphans(volume: Volume): FoundOrphan[] {
  const { finder, fsUuid, daxdevs } = orphanSearch(volume);
  return foundOrphans(finder, fsUuid, daxdevs).map((found) => orphanOf(volume, found));
}

function orphanOf(volume: Volume, found: ProbedDaxdev): FoundOrphan {
  return { found, uuid: famfsOn(found)?.deviceUuid as string, leftIndex: leftIndex(orphanSearch(volume), found) };
}

/** Where to look for the orphans of a file system. */
export function orphanSearch({ members, primary, superblock, replay }: Volume): OrphanSearch {
  return { finder: members.finder, primary, fsUuid: superblock.fsUuid, daxdevs: replay.daxdevs };
}
