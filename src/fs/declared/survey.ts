/** What is on the daxdevs of a declared pool: nothing yet, or a file system that they belong to. Only looks. */
import { lstatSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { MIN_LOG_LENGTH } from '../../format/logHeader.js';
import { ALLOCATION_UNIT, SUPERBLOCK_REGION, type Superblock } from '../../format/superblock.js';
import { FamfsError } from '../errors.js';
import { type Host, silent } from '../host/host.js';
import { openNew, refuseGeometry } from '../mkfs/newDaxdevs.js';
import { refuseContent } from '../mkfs/oldContent.js';
import { Finder, famfsOn, type ProbedDaxdev, probe } from '../pool/finder.js';
import { refuseMounted } from '../pool/mountOfPool.js';
import type { DeclaredDaxdev, DeclaredPool } from './declaration.js';
import { conflict, type Objection, objecting, refuseAny } from './objection.js';

/** A daxdev that is to get its first superblock. */
export interface BlankDaxdev {
  readonly path: string;
  /** bytes */
  readonly size: number;
  /** an image that is yet to be made */
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

type Looked = { readonly declared: DeclaredDaxdev } & (
  | { readonly found: ProbedDaxdev }
  | { readonly missing: string; readonly size: number }
);

/** Looks at each daxdev. Throws Refused for those that cannot be members. */
export function survey(host: Host, pool: DeclaredPool): Survey {
  const objections: Objection[] = [];
  const looked = pool.daxdevs.flatMap((declared): Looked[] => {
    const one = objecting(objections, declared.origin, () => look(host, declared, pool));
    return one === undefined ? [] : [one];
  });
  refuseAny(objections);
  refuseTwins(looked, objections);
  const used = looked.flatMap((one): UsedDaxdev[] => {
    const superblock = 'found' in one ? famfsOn(one.found) : undefined;
    return superblock === undefined || !('found' in one)
      ? []
      : [{ path: one.found.path, superblock, declared: one.declared }];
  });
  refuseStrangers(used, objections);
  const isNew = used.length === 0;
  const blank = looked.flatMap((one, i): BlankDaxdev[] => {
    if ('found' in one && famfsOn(one.found) !== undefined) return [];
    const logLength = isNew && i === 0 ? (pool.logLength ?? MIN_LOG_LENGTH) : 0;
    const made = objecting(objections, one.declared.origin, () => blankDaxdev(host, one, logLength));
    return made === undefined ? [] : [made];
  });
  refuseAny(objections);
  return { blank, used };
}

function look(host: Host, declared: DeclaredDaxdev, pool: DeclaredPool): Looked {
  const { path, uuid, size } = declared;
  if (path === undefined) return { declared, found: findByUuid(host, uuid as string, pool) };
  const stats = statSync(path, { throwIfNoEntry: false });
  if (size !== undefined && (stats === undefined || isEmptyFile(stats))) {
    refuseFolder(path);
    return { declared, missing: path, size };
  }
  const found = probe(host, path);
  if (size !== undefined && found.size !== size) {
    const hint = 'correct the size in the manifest, or leave it out';
    throw conflict(path, [`has ${found.size} bytes, not ${size}`], hint, { device: path });
  }
  const known = famfsOn(found)?.deviceUuid;
  if (uuid !== undefined && known !== uuid) {
    const reason =
      known === undefined ? `has no superblock, and so not the uuid ${uuid}` : `has the uuid ${known}, not ${uuid}`;
    throw conflict(path, [reason], 'correct the uuid in the manifest, or leave it out', { device: path });
  }
  return { declared, found };
}

function isEmptyFile(stats: Stats): boolean {
  return stats.isFile() && stats.size === 0;
}

/** A missing image must have a folder to be made in, and no dangling link in its place. */
function refuseFolder(path: string): void {
  const folder = dirname(path);
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  if (!isLink && statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const why = isLink ? 'it is a symbolic link that leads nowhere' : `there is no folder ${folder}`;
  throw new FamfsError('CANNOT_WRITE', `${path} cannot be made: ${why}`, {
    hint: isLink ? 'remove the link' : `make it with: mkdir -p ${folder}`,
    details: { path, reason: 'ENOENT' },
  });
}

function findByUuid(host: Host, uuid: string, { daxdevs }: DeclaredPool): ProbedDaxdev {
  const paths = daxdevs.flatMap(({ path }) =>
    path !== undefined && statSync(path, { throwIfNoEntry: false }) ? [path] : [],
  );
  const [first, ...others] = new Finder(host, paths).find((superblock) => superblock.deviceUuid === uuid);
  if (first === undefined)
    throw new FamfsError('MISSING_DAXDEV', `no daxdev here has the uuid ${uuid}`, {
      hint: 'attach it, or name it by path',
      details: { uuid },
    });
  if (others.length > 0)
    throw new FamfsError('AMBIGUOUS_DAXDEV', `several daxdevs here have the uuid ${uuid}`, {
      hint: 'name the right one by path',
      details: { uuid, paths: [first, ...others].map(({ path }) => path) },
    });
  return first;
}

function refuseTwins(looked: readonly Looked[], objections: Objection[]): void {
  const known = new Map<string, string>();
  for (const one of looked) {
    if (!('found' in one)) continue;
    const { identity, path } = one.found;
    const twin = known.get(identity);
    known.set(identity, path);
    if (twin === undefined) continue;
    const error = new FamfsError('SAME_DAXDEV', `${twin} and ${path} are the same device`, {
      hint: 'name each daxdev once',
      details: { devices: [twin, path] },
    });
    objections.push({ origin: one.declared.origin, error });
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

/** All that mkfs and daxdev add refuse. */
function blankDaxdev(host: Host, one: Looked, logLength: number): BlankDaxdev {
  const { declared } = one;
  if (!('found' in one)) {
    const least = SUPERBLOCK_REGION + logLength + ALLOCATION_UNIT;
    if (one.size >= least) return { path: one.missing, size: one.size, isMissing: true, declared };
    throw new FamfsError('TOO_SMALL', `${one.missing} is to have ${one.size} bytes; it needs ${least}`, {
      hint: 'give it a larger size',
      details: { device: one.missing, size: one.size, needed: least },
    });
  }
  const { path, size } = one.found;
  const devices = openNew(host, [path], false);
  try {
    for (const device of devices) {
      refuseMounted(host, device);
      refuseGeometry(device, logLength);
      refuseContent(silent(host), device, SUPERBLOCK_REGION + logLength, 0);
    }
  } finally {
    for (const device of devices) device.close();
  }
  return { path, size, isMissing: false, declared };
}
