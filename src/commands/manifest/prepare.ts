/** From a manifest to what must be done: for plan, which only looks, and for apply, which does it. */
import { resolve } from 'node:path';
import { makeRandom, type Random } from '../../fs/allocate/random.js';
import type { Declaration, DeclaredPool } from '../../fs/declared/declaration.js';
import type { NodePlan, NodePlanOptions } from '../../fs/declared/nodePlan.js';
import { DeclarationError, type Objection } from '../../fs/declared/objection.js';
import { planNodes } from '../../fs/declared/planNodes.js';
import { existingPool, newPool, type PoolPlan } from '../../fs/declared/poolPlan.js';
import { SimulatedPool } from '../../fs/declared/simulatedPool.js';
import { type Survey, survey } from '../../fs/declared/survey.js';
import type { FamfsError } from '../../fs/errors.js';
import { untagged } from '../../fs/pool/tags.js';
import type { Volume } from '../../fs/pool/volume.js';
import { ownImages } from '../../fs/transfer/localFile.js';
import type { Context } from '../../ui/command.js';
import { parentModeOf } from '../options/parentMode.js';
import { BadManifest } from './mistakes.js';
import { type ReadManifest, readManifest } from './readManifest.js';

/** A manifest, and what is on the daxdevs that it names. */
export interface SurveyedManifest extends ReadManifest {
  /** undefined: the manifest names none, and the file system exists */
  readonly survey: Survey | undefined;
  /** what leads to the file system, as --dev does */
  readonly named: readonly string[];
  /** there is none yet */
  readonly isNew: boolean;
}

/** What must be made so that the pool is as a manifest says. */
export interface ManifestPlan {
  /** undefined: the manifest does not name the daxdevs */
  readonly pool: PoolPlan | undefined;
  readonly nodes: NodePlan;
}

/** Reads a manifest and looks at its daxdevs, or at those of --dev in their place. Throws BadManifest and DeclarationError. */
export async function surveyManifest(
  context: Context,
  source: string,
  dev: readonly string[],
): Promise<SurveyedManifest> {
  const read = await readManifest(context, source);
  const declared = withDevices(context, read.declared, dev);
  const { pool } = declared;
  if (pool === undefined || pool.daxdevs.length === 0)
    return { ...read, declared, survey: undefined, named: dev, isNew: false };
  try {
    const found = survey(context, pool);
    const named = found.used.map(({ path }) => path);
    return { ...read, declared, survey: found, named, isNew: named.length === 0 };
  } catch (error) {
    throw error instanceof DeclarationError ? await badManifest(error.objections, read) : error;
  }
}

/** --dev says where the pool of a manifest is, or is to be. */
function withDevices(context: Context, declared: Declaration, dev: readonly string[]): Declaration {
  if (declared.pool === undefined || dev.length === 0) return declared;
  const daxdevs = untagged(context, dev).map((path) => {
    return { path: resolve(context.cwd, path), uuid: undefined, label: undefined, size: undefined, origin: ['pool'] };
  });
  return { ...declared, pool: { ...declared.pool, daxdevs } };
}

/** Everything of a new pool. */
export function planNew(
  context: Context,
  { declared, survey: found }: SurveyedManifest,
): ManifestPlan & { pool: PoolPlan } {
  const pool = newPool(found as Survey, declared.pool as DeclaredPool);
  const { joining, defaults } = pool;
  const target = SimulatedPool.blank(
    joining.map(({ size }) => size),
    pool,
    defaults,
  );
  return { pool, nodes: planNodes(target, declared, nodePlanOptions(context, new Set(), makeRandom())) };
}

/** What a pool that exists lacks of its daxdevs; undefined where the manifest does not name them. */
export function planPool({ declared, survey: found }: SurveyedManifest, volume: Volume): PoolPlan | undefined {
  if (declared.pool === undefined) return undefined;
  return existingPool(found, declared.pool, volume);
}

/** The directories and files on a pool that exists, and that may have to grow first. Uses up the volume's replay. */
export function planOnPool(
  context: Context,
  { declared }: SurveyedManifest,
  volume: Volume,
  pool: PoolPlan | undefined,
): NodePlan {
  const target = SimulatedPool.of(volume);
  for (const { size } of pool?.joining ?? []) target.addDaxdev(size);
  return planNodes(target, declared, nodePlanOptions(context, ownImages(volume), makeRandom()));
}

export function nodePlanOptions(context: Context, images: ReadonlySet<string>, random: Random): NodePlanOptions {
  const { umask, uid, gid } = context;
  return {
    owner: { uid, gid },
    fileMode: 0o666 & ~umask,
    directoryMode: 0o777 & ~umask,
    parentMode: parentModeOf(umask),
    images,
    random,
  };
}

/** for errors whose message says all, as of a source that is not there */
const ANY_HINT = 'correct the manifest, or what it names';

/** Objections as errors that say where in the manifest. */
export async function badManifest(
  objections: readonly Objection[],
  { where }: Pick<ReadManifest, 'where'>,
): Promise<BadManifest> {
  const errors: FamfsError[] = [];
  for (const { origin, error } of objections)
    errors.push(error.with({ message: `${await where(origin)}: ${error.message}`, hint: error.hint ?? ANY_HINT }));
  return new BadManifest(errors);
}

/** Runs `work`; of several errors in a manifest all but the last are reported here, and the last one is thrown. */
export async function reportingMistakes<T>(context: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BadManifest)) throw error;
    for (const one of error.errors.slice(0, -1)) context.failed(one);
    throw error.errors.at(-1);
  }
}
