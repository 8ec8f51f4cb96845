/** The daxdevs of a pool on this host: found by uuid, opened on demand. */
import { listed } from '../../format/listed.js';
import type { MappedDevice } from '../../native/device.js';
import { type ErrorCode, FamfsError } from '../errors.js';
import { openDevice, whyUnopened } from '../host/openDevice.js';
import type { LoggedDaxdev } from '../log/replay.js';
import { hasNoLog, readSuperblock } from '../media/superblockReader.js';
import { type Finder, famfsOn, type ProbedDaxdev, type UnopenedDaxdev } from './finder.js';

/**
 * present: on this host, and as the log says; missing: no daxdev of this host has its uuid; wrong size: its size differs from the
 * log; foreign: a daxdev has its uuid but belongs to another file system; damaged: its superblock is not sound; other unit: its
 * superblock has another allocation unit than the primary's; ambiguous: several daxdevs have its uuid (copies of an image).
 */
export type MemberState = 'present' | 'missing' | 'wrong size' | 'foreign' | 'damaged' | 'other unit' | 'ambiguous';

/** One daxdev of the pool, on this host. */
export interface Member {
  readonly index: number;
  readonly uuid: string;
  readonly state: MemberState;
  /** bytes, as the log says (for the primary, as its superblock says) */
  readonly size: number;
  /** its path on this host; undefined if it is missing */
  readonly path: string | undefined;
  /** its size here, bytes; undefined if it is missing */
  readonly sizeHere: number | undefined;
  /** the daxdevs with its uuid: several if it is ambiguous */
  readonly candidates: readonly ProbedDaxdev[];
  /** daxdevs that could not be opened and may be the missing one */
  readonly unopened: readonly UnopenedDaxdev[];
}

/** What identifies a pool and its members. */
export interface PoolFacts {
  readonly primary: MappedDevice;
  readonly fsUuid: string;
  /** allocation unit, bytes: the same on all of them */
  readonly unit: number;
  /** bytes of the primary as its superblock says */
  readonly primarySize: number;
  /** grows as ADD_DAXDEV entries are appended */
  readonly daxdevs: readonly LoggedDaxdev[];
}

export class Members {
  readonly #members = new Map<number, Member>();
  readonly #open = new Map<number, MappedDevice>();
  #finder: Finder;
  /** daxdevs of the pool when #finder was made */
  #known: number;

  constructor(
    finder: Finder,
    private readonly pool: PoolFacts,
  ) {
    this.#finder = finder;
    this.#known = pool.daxdevs.length;
  }

  /** The finder of the latest search. */
  get finder(): Finder {
    return this.#finder;
  }

  /** A daxdev of the pool on this host; searched for once. `index` must be one of the log's. */
  member(index: number): Member {
    const known = this.#members.get(index);
    if (known !== undefined) return known;
    const member = index === 0 ? this.#primary() : this.#find(this.pool.daxdevs[index] as LoggedDaxdev);
    this.#members.set(index, member);
    return member;
  }

  /** All daxdevs of the pool, by index. */
  all(): Member[] {
    return this.pool.daxdevs.map(({ index }) => this.member(index));
  }

  /**
   * Maps a daxdev of the pool, as the primary is mapped: for reading, or for reading and writing. Throws MISSING_DAXDEV,
   * WRONG_SIZE, FOREIGN_DAXDEV, SUPERBLOCK_DAMAGED, AMBIGUOUS_DAXDEV or DEVICE_OPEN.
   */
  open(index: number): MappedDevice {
    if (index === 0) return this.pool.primary;
    const known = this.#open.get(index);
    if (known !== undefined) return known;
    const device = this.#map(index);
    this.#open.set(index, device);
    return device;
  }

  /** Unmaps all daxdevs but the primary. */
  close(): void {
    for (const device of this.#open.values()) device.close();
    this.#open.clear();
  }

  #map(index: number): MappedDevice {
    if (index >= this.pool.daxdevs.length)
      throw new FamfsError('MISSING_DAXDEV', `the pool has no daxdev ${index}`, { details: { daxdev: index } });
    const member = this.member(index);
    const { writable } = this.pool.primary;
    if (!isUsable(member, writable)) throw unusable(member);
    const device = openDevice(this.finder.host, member.path as string, writable);
    // another device may have taken the path since it was probed
    if (readSuperblock(device).superblock?.deviceUuid === member.uuid && device.size === member.sizeHere) return device;
    device.close();
    throw unusable({ ...member, state: 'missing' });
  }

  #primary(): Member {
    const { primary, primarySize, daxdevs } = this.pool;
    const { index, uuid } = daxdevs[0] as LoggedDaxdev;
    const state = primary.size === primarySize ? 'present' : 'wrong size';
    const { path, size: sizeHere } = primary;
    return { index, uuid, state, size: primarySize, path, sizeHere, candidates: [], unopened: [] };
  }

  #find({ index, uuid, size }: LoggedDaxdev): Member {
    const { fsUuid, unit } = this.pool;
    const candidates = this.#candidates(uuid);
    const [first] = candidates;
    const state = stateOf(candidates, { fsUuid, unit, size });
    const unopened = state === 'missing' ? this.finder.unopened : [];
    return { index, uuid, state, size, path: first?.path, sizeHere: first?.size, candidates, unopened };
  }

  /** The daxdevs with this uuid, those of this file system if there are any. */
  #candidates(uuid: string): readonly ProbedDaxdev[] {
    const ours = this.finder.find(
      (superblock) => superblock.deviceUuid === uuid && superblock.fsUuid === this.pool.fsUuid,
    );
    const candidates = ours.length > 0 ? ours : this.finder.find((superblock) => superblock.deviceUuid === uuid);
    const { length } = this.pool.daxdevs;
    if (candidates.length > 0 || length === this.#known) return candidates;
    // it may have joined after the search
    this.#known = length;
    this.#finder = this.#finder.fresh();
    return this.#candidates(uuid);
  }
}

function stateOf(
  candidates: readonly ProbedDaxdev[],
  { fsUuid, unit, size }: Pick<PoolFacts, 'fsUuid' | 'unit'> & { readonly size: number },
): MemberState {
  const [first] = candidates;
  if (first === undefined) return 'missing';
  if (candidates.length > 1) return 'ambiguous';
  if (famfsOn(first)?.fsUuid !== fsUuid) return 'foreign';
  const { state, superblock } = first.reading;
  if (state !== 'valid' || superblock === undefined || !hasNoLog(superblock)) return 'damaged';
  if (superblock.allocationUnit !== unit) return 'other unit';
  return first.size === size && superblock.deviceSize === size ? 'present' : 'wrong size';
}

/** Reading is allowed if the device is larger than the log says, because every extent lies inside it. */
function isUsable({ state, size, sizeHere }: Member, writable: boolean): boolean {
  return state === 'present' || (state === 'wrong size' && !writable && sizeHere !== undefined && sizeHere >= size);
}

const CODES: Readonly<Record<Exclude<MemberState, 'present'>, ErrorCode>> = {
  missing: 'MISSING_DAXDEV',
  'wrong size': 'WRONG_SIZE',
  foreign: 'FOREIGN_DAXDEV',
  damaged: 'SUPERBLOCK_DAMAGED',
  'other unit': 'SUPERBLOCK_DAMAGED',
  ambiguous: 'AMBIGUOUS_DAXDEV',
};

const HINTS: Readonly<Record<Exclude<MemberState, 'present'>, string>> = {
  missing: 'attach it, or name its image with --dev',
  'wrong size': 'restore its size, or record the one that it has with famfs daxdev resize',
  foreign: 'name the right one with --dev',
  damaged: 'run: famfs fsck',
  'other unit': 'run: famfs fsck',
  ambiguous: 'name the right one with --dev',
};

/** Advice about a member that cannot be used. */
export function advice({ state, unopened }: Member): string {
  const [first, ...others] = unopened;
  if (first === undefined) return HINTS[state as Exclude<MemberState, 'present'>];
  const { path, error } = first;
  const more = others.length === 0 ? '' : `, like ${listed(others.map((daxdev) => daxdev.path))}`;
  const hint = error instanceof FamfsError && error.hint !== undefined ? `: ${error.hint}` : '';
  return `it may be ${path}, which could not be opened${more} (${whyUnopened(error)})${hint}`;
}

/** The error of an operation that needs an unusable daxdev. */
export function unusable(member: Member): FamfsError {
  const { index, uuid, size, sizeHere, path, candidates } = member;
  const state = member.state as Exclude<MemberState, 'present'>;
  const details = { daxdev: index, uuid, state, size, sizeHere, paths: candidates.map((daxdev) => daxdev.path) };
  return new FamfsError(CODES[state], `daxdev ${index} of the pool (uuid ${uuid}) ${explain(member)}`, {
    hint: advice(member),
    details: { ...details, path },
  });
}

/** What is wrong with a member, as the end of a sentence. */
export function explain({ state, path, size, sizeHere, candidates }: Member): string {
  const paths = listed(candidates.map((daxdev) => daxdev.path));
  const TEXTS: Readonly<Record<MemberState, string>> = {
    present: `is ${path}`,
    missing: 'is not on this host',
    'wrong size': `should have ${size} bytes, ${path} has ${sizeHere}`,
    foreign: `is ${path}, whose superblock names another file system`,
    damaged: `is ${path}, whose superblock is damaged`,
    'other unit': `is ${path}, whose superblock has another allocation unit than that of the primary`,
    ambiguous: `is each of ${paths}`,
  };
  return TEXTS[state];
}
