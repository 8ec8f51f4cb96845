/** The steps that give a pool its declared daxdevs. */
import type { Interleave } from '../../format/interleave.js';
import { MIN_LOG_LENGTH } from '../../format/logHeader.js';
import { DEFAULT_ALLOCATION_UNIT, type Superblock, unitText } from '../../format/superblock.js';
import type { Volume } from '../pool/volume.js';
import type { DeclaredPool } from './declaration.js';
import { conflict, type Objection } from './objection.js';
import type { BlankDaxdev, Survey } from './survey.js';

export interface DaxdevItem {
  /** extra: a member that the manifest does not name */
  readonly action: 'create' | 'exists' | 'extra';
  /** index in the pool, present or future */
  readonly daxdev: number;
  /** on this host; undefined for a missing member */
  readonly path: string | undefined;
  /** bytes */
  readonly size: number;
  /** the image does not exist yet, and is made too */
  readonly makesImage: boolean;
}

export interface PoolPlan {
  /** the file system does not exist yet */
  readonly isNew: boolean;
  readonly daxdevs: readonly DaxdevItem[];
  /** daxdevs that join, in this order; the first of a new pool becomes its primary */
  readonly joining: readonly BlankDaxdev[];
  readonly label: string | undefined;
  /** bytes; used for a new pool */
  readonly logLength: number;
  /** allocation unit, bytes */
  readonly unit: number;
  readonly defaults: Interleave | undefined;
  readonly objections: readonly Objection[];
}

/** The plan for a new pool on blank daxdevs. */
export function newPool(
  { blank }: Survey,
  { label, logLength = MIN_LOG_LENGTH, unit = DEFAULT_ALLOCATION_UNIT, defaults }: DeclaredPool,
): PoolPlan {
  return {
    isNew: true,
    daxdevs: blank.map(createItem),
    joining: blank,
    label,
    logLength,
    unit,
    defaults,
    objections: [],
  };
}

/**
 * How an existing pool must grow, and where it conflicts with its declaration.
 * @param survey undefined: no daxdevs are declared, so those of the pool are accepted
 */
export function existingPool(survey: Survey | undefined, declared: DeclaredPool, volume: Volume): PoolPlan {
  const { replay, members, superblock, label, defaultInterleave } = volume;
  const { used, blank } = survey ?? { used: [], blank: [] };
  const logged = new Set(replay.daxdevs.map(({ uuid }) => uuid));
  const named = new Map(used.map(({ superblock: { deviceUuid }, path }) => [deviceUuid, path]));
  const namesAll = survey === undefined || used.some((one) => one.declared.label !== undefined);
  const existing = replay.daxdevs.map(({ uuid, index, size }): DaxdevItem => {
    const action = namesAll || named.has(uuid) ? 'exists' : 'extra';
    return { action, daxdev: index, path: named.get(uuid) ?? members.member(index).path, size, makesImage: false };
  });
  // left by an interrupted run or daxdev add: with a superblock, but without a log entry
  const orphans = used
    .filter(({ superblock: { deviceUuid } }) => !logged.has(deviceUuid))
    .map(({ path, superblock: { deviceSize }, declared: one }) => ({
      path,
      size: deviceSize,
      isMissing: false,
      declared: one,
    }));
  const joining = inOrder([...orphans, ...blank], declared);
  const objections = settingObjections(declared, superblock, label, defaultInterleave);
  const count = replay.daxdevs.length;
  const added = joining.map((daxdev, i) => createItem(daxdev, count + i));
  const { logLength, allocationUnit: unit } = superblock;
  return {
    isNew: false,
    daxdevs: [...existing, ...added],
    joining,
    label,
    logLength,
    unit,
    defaults: defaultInterleave,
    objections,
  };
}

function inOrder(joining: readonly BlankDaxdev[], { daxdevs }: DeclaredPool): BlankDaxdev[] {
  return [...joining].sort((a, b) => daxdevs.indexOf(a.declared) - daxdevs.indexOf(b.declared));
}

function createItem({ path, size, isMissing }: BlankDaxdev, daxdev: number): DaxdevItem {
  return { action: 'create', daxdev, path, size, makesImage: isMissing };
}

function settingObjections(
  declared: DeclaredPool,
  { logLength, allocationUnit }: Superblock,
  label: string | undefined,
  defaults: Interleave | undefined,
): Objection[] {
  const objections: Objection[] = [];
  const object = (key: string, reason: string) => {
    const hint = 'correct the manifest, or leave the key out: a pool keeps what mkfs gave it';
    objections.push({ origin: ['pool', key], error: conflict('the pool', [reason], hint, { key }) });
  };
  if (declared.label !== undefined && declared.label !== label)
    object('label', `has ${label === undefined ? 'no label' : `the label ${label}`}, not ${declared.label}`);
  if (declared.logLength !== undefined && declared.logLength !== logLength)
    object('loglen', `has a log of ${logLength} bytes, not ${declared.logLength}`);
  if (declared.unit !== undefined && declared.unit !== allocationUnit)
    object('allocUnit', `has an allocation unit of ${unitText(allocationUnit)}, not ${unitText(declared.unit)}`);
  if (declared.defaults === undefined) return objections;
  const { stripes, chunkSize } = declared.defaults;
  if (defaults?.stripes !== stripes)
    object('stripes', `interleaves files over ${defaults?.stripes ?? 0} strips by default, not ${stripes}`);
  else if (defaults.chunkSize !== chunkSize)
    object('chunk', `has chunks of ${defaults.chunkSize} bytes by default, not ${chunkSize}`);
  return objections;
}
