/** Finds the primary of a pool from any of its daxdevs. */
import { listed } from '../../format/listed.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { isSecondary, wasKilled } from '../media/superblockReader.js';
import { type Finder, famfsOn, hasLog, type ProbedDaxdev, secondaryOn } from './finder.js';

/**
 * Finds the primary of the pool that the named daxdevs belong to. Throws DEVICE_OPEN, NO_FAMFS, NO_PRIMARY or AMBIGUOUS.
 * @param salvage accept the only named daxdev if it has lost its superblock, but not its log
 */
export function findPrimary(finder: Finder, salvage: boolean): ProbedDaxdev {
  const named = finder.named();
  const primaries = named.filter((daxdev) => famfsOn(daxdev) !== undefined && secondaryOn(daxdev) === undefined);
  const pool = named.map(secondaryOn).find((superblock) => superblock !== undefined)?.fsUuid;
  const candidates =
    primaries.length > 0 || pool === undefined
      ? primaries
      : finder.find((superblock) => superblock.fsUuid === pool && !isSecondary(superblock));
  const [first, ...others] = originals(finder.host, candidates);
  if (first === undefined) return lostPrimary(named, pool, salvage);
  if (others.length === 0) return (salvage ? primaryBeside(finder.host, first, named) : undefined) ?? first;
  const paths = candidates.map(({ path }) => path);
  throw new FamfsError('AMBIGUOUS', `each of ${listed(paths)} is the primary of a file system`, {
    hint: 'name only one of them',
    details: { primaries: paths },
  });
}

/**
 * The primary that has lost its superblock, where `found` is a secondary whose damaged superblock looks like that of a primary: it has no
 * log, and the only other one does.
 */
function primaryBeside(host: Host, found: ProbedDaxdev, named: readonly ProbedDaxdev[]): ProbedDaxdev | undefined {
  if (found.reading.state === 'valid') return undefined;
  const lost = onlyLost(named);
  return lost !== undefined && !hasLog(host, found) ? lost : undefined;
}

/** The named daxdev that has a log but no superblock, if it is the only one. */
function onlyLost(named: readonly ProbedDaxdev[]): ProbedDaxdev | undefined {
  const [lost, ...others] = named.filter(({ hasLostLog }) => hasLostLog);
  return others.length === 0 ? lost : undefined;
}

/** Of daxdevs with the same superblock, those that also have a log: a copy of the superblock alone is not a primary. */
function originals(host: Host, candidates: readonly ProbedDaxdev[]): readonly ProbedDaxdev[] {
  const superblocks = candidates.map(famfsOn);
  const isOne = superblocks.every(
    (superblock) =>
      superblock?.fsUuid === superblocks[0]?.fsUuid && superblock?.deviceUuid === superblocks[0]?.deviceUuid,
  );
  if (candidates.length < 2 || !isOne) return candidates;
  const withLog = candidates.filter((candidate) => hasLog(host, candidate));
  return withLog.length > 0 ? withLog : candidates;
}

/** @param pool uuid of the file system that a named secondary belongs to */
function lostPrimary(named: readonly ProbedDaxdev[], pool: string | undefined, salvage: boolean): ProbedDaxdev {
  const lost = named.find(({ hasLostLog }) => hasLostLog);
  const onlyOne = onlyLost(named);
  if (salvage && onlyOne !== undefined) return onlyOne;
  const names = listed(named.map(({ path }) => path));
  if (pool === undefined)
    throw new FamfsError('NO_FAMFS', `no famfs on ${names}`, {
      hint: lost === undefined ? 'name a daxdev that has one, or make one with famfs mkfs' : lostHint(lost),
      ...(onlyOne && { details: { log: onlyOne.path } }),
    });
  throw new FamfsError('NO_PRIMARY', `${names}: secondary of a pool whose primary is not on this host`, {
    hint: lost === undefined ? 'name the primary with --dev, or attach it' : lostHint(lost),
    details: { fsUuid: pool, ...(onlyOne && { log: onlyOne.path }) },
  });
}

/** Advice about a daxdev that has a log but no superblock. */
export function lostHint({ path, reading }: ProbedDaxdev): string {
  const restore = `on its Master, famfs fsck -y ${path} writes a new superblock`;
  if (wasKilled(reading))
    return `the famfs on ${path} was killed: ${restore}, and famfs mkfs ${path} makes a new file system`;
  return `${path} has a log but no superblock: ${restore}`;
}
