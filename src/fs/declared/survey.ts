/** Looks at the daxdevs of a declared pool, without changing them: they are blank, or belong to a file system. */
import { existsSync } from 'node:fs';
import { MIN_LOG_LENGTH } from '../../format/logHeader.js';
import { DEFAULT_ALLOCATION_UNIT, type Superblock } from '../../format/superblock.js';
import { FamfsError } from '../errors.js';
import { type Host, silent } from '../host/host.js';
import { openDevice } from '../host/openDevice.js';
import { isMissingImage, refuseFolder } from '../mkfs/makeImage.js';
import { type Geometry, leastSize, refuseNew, sameDaxdev } from '../mkfs/newDaxdevs.js';
import { Finder, famfsOn, imagesIn, type ProbedDaxdev, probe } from '../pool/finder.js';
import { pathByLabel } from '../pool/tags.js';
import { orLocalError } from '../transfer/localFile.js';
import type { DeclaredDaxdev, DeclaredPool } from './declaration.js';
import { catchObjection, conflict, type Objection, refuseAny } from './objection.js';

/** A daxdev without a superblock. */
export interface BlankDaxdev {
  readonly path: string;
  /** bytes */
  readonly size: number;
  /** an image that does not exist yet */
  readonly isMissing: boolean;
  readonly declared: DeclaredDaxdev;
}

/** A daxdev with a superblock. */
export interface UsedDaxdev {
  readonly path: string;
  readonly superblock: Superblock;
  readonly declared: DeclaredDaxdev;
}

export interface Survey {
  /** in the order of the manifest; without `used`, the first becomes the primary of a new pool */
  readonly blank: readonly BlankDaxdev[];
  /** all of one file system */
  readonly used: readonly UsedDaxdev[];
}

/** A declared daxdev in its present state. */
interface SurveyedDaxdev {
  readonly declared: DeclaredDaxdev;
  readonly path: string;
  /** bytes */
  readonly size: number;
  /** undefined for an image that does not exist yet */
  readonly identity: string | undefined;
  readonly superblock: Superblock | undefined;
}

/** Looks at each daxdev. Throws DeclarationError if any of them cannot be a member. */
export function survey(host: Host, pool: DeclaredPool): Survey {
  const objections: Objection[] = [];
  const finder = new Finder(host, existingPaths(pool));
  const surveyed = pool.daxdevs.flatMap((declared) => {
    const one = catchObjection(objections, declared.origin, () => surveyDaxdev(finder, declared, pool.folder));
    return one === undefined ? [] : [one];
  });
  refuseAny(objections);
  refuseTwins(surveyed, objections);
  const used = surveyed.flatMap(({ path, superblock, declared }): UsedDaxdev[] =>
    superblock === undefined ? [] : [{ path, superblock, declared }],
  );
  refuseStrangers(used, objections);
  const isNew = used.length === 0;
  const unit = used[0]?.superblock.allocationUnit ?? pool.unit ?? DEFAULT_ALLOCATION_UNIT;
  const blank = surveyed.flatMap((one, i): BlankDaxdev[] => {
    if (one.superblock !== undefined) return [];
    const logLength = isNew && i === 0 ? (pool.logLength ?? MIN_LOG_LENGTH) : 0;
    const { declared, path, size, identity } = one;
    catchObjection(objections, declared.origin, () => refuseUnfit(host, one, { logLength, unit }));
    return [{ path, size, isMissing: identity === undefined, declared }];
  });
  refuseAny(objections);
  return { blank, used };
}

function existingPaths({ daxdevs }: DeclaredPool): string[] {
  return daxdevs.flatMap(({ path }) => (path !== undefined && existsSync(path) ? [path] : []));
}

function surveyDaxdev(finder: Finder, declared: DeclaredDaxdev, folder: string): SurveyedDaxdev {
  const { path, uuid, label, size } = declared;
  if (label !== undefined) return surveyedFrom(declared, probe(finder.host, pathByLabel(finder, label, folder)));
  if (path === undefined) return surveyedFrom(declared, findByUuid(finder, uuid as string, folder));
  const isMissing = orLocalError('read', Buffer.from(path), () => isMissingImage(path));
  if (size !== undefined && isMissing) {
    refuseFolder(path);
    return { declared, path, size, identity: undefined, superblock: undefined };
  }
  const found = surveyedFrom(declared, probe(finder.host, path));
  if (size !== undefined && found.size !== size) {
    const hint = 'correct the size in the manifest, or leave it out';
    throw conflict(path, [`has ${found.size} bytes, not ${size}`], hint, { device: path });
  }
  const known = found.superblock?.deviceUuid;
  if (uuid !== undefined && known !== uuid) {
    const reason =
      known === undefined
        ? `has no superblock, so it does not have the uuid ${uuid}`
        : `has the uuid ${known}, not ${uuid}`;
    throw conflict(path, [reason], 'correct the uuid in the manifest, or leave it out', { device: path });
  }
  return found;
}

function surveyedFrom(declared: DeclaredDaxdev, found: ProbedDaxdev): SurveyedDaxdev {
  const { path, size, identity } = found;
  return { declared, path, size, identity, superblock: famfsOn(found) };
}

function findByUuid(finder: Finder, uuid: string, folder: string): ProbedDaxdev {
  const named = finder.find((superblock) => superblock.deviceUuid === uuid);
  const isIt = (daxdev: ProbedDaxdev) => famfsOn(daxdev)?.deviceUuid === uuid;
  const [first, ...others] = named.length > 0 ? named : imagesIn(finder.host, folder).filter(isIt);
  if (first === undefined)
    throw new FamfsError('MISSING_DAXDEV', `no daxdev on this host has the uuid ${uuid}`, {
      hint: 'attach it, or name it by path',
      details: { uuid },
    });
  if (others.length > 0)
    throw new FamfsError('AMBIGUOUS_DAXDEV', `several daxdevs on this host have the uuid ${uuid}`, {
      hint: 'name the right one by path',
      details: { uuid, paths: [first, ...others].map(({ path }) => path) },
    });
  return first;
}

function refuseTwins(surveyed: readonly SurveyedDaxdev[], objections: Objection[]): void {
  const known = new Map<string, SurveyedDaxdev>();
  for (const one of surveyed) {
    if (one.identity === undefined) continue;
    const twin = known.get(one.identity);
    known.set(one.identity, one);
    if (twin !== undefined) objections.push({ origin: one.declared.origin, error: sameDaxdev(twin, one) });
  }
}

function refuseStrangers(used: readonly UsedDaxdev[], objections: Objection[]): void {
  const fsUuid = used[0]?.superblock.fsUuid;
  for (const { path, superblock, declared } of used) {
    if (superblock.fsUuid === fsUuid) continue;
    const reason = `belongs to the file system ${superblock.fsUuid}, and ${used[0]?.path} to ${fsUuid}`;
    const hint = 'name the daxdevs of one pool; what a daxdev holds is never replaced';
    objections.push({ origin: declared.origin, error: conflict(path, [reason], hint, { device: path }) });
  }
}

/** Refuses what mkfs and daxdev add refuse. */
function refuseUnfit(host: Host, { path, size, identity }: SurveyedDaxdev, geometry: Geometry): void {
  if (identity === undefined) {
    const least = leastSize(geometry);
    if (size >= least) return;
    throw new FamfsError('TOO_SMALL', `${path} would have ${size} bytes; it needs ${least}`, {
      hint: 'give it a larger size',
      details: { device: path, size, needed: least },
    });
  }
  const device = openDevice(host, path, false, 'new');
  try {
    refuseNew(silent(host), device, geometry, { force: 0, dryRun: true });
  } finally {
    device.close();
  }
}
