/** Making what a manifest wants: everything is planned first, then made under one lock, or nothing is. */
import { makeRandom } from '../../fs/allocate/random.js';
import { addMembers, makeImages, makePrimary } from '../../fs/declared/makePool.js';
import { type NewFile, type NodePlan, needsRewrite } from '../../fs/declared/nodePlan.js';
import type { Objection } from '../../fs/declared/objection.js';
import { planNodes } from '../../fs/declared/planNodes.js';
import type { PoolPlan } from '../../fs/declared/poolPlan.js';
import { FamfsError } from '../../fs/errors.js';
import { silent } from '../../fs/host/host.js';
import { openVolume } from '../../fs/pool/openVolume.js';
import type { WriteSession } from '../../fs/pool/writeSession.js';
import type { FilePlan } from '../../fs/transfer/filePlan.js';
import { ownImages } from '../../fs/transfer/localFile.js';
import type { Context } from '../../ui/command.js';
import { withSession } from '../options/device.js';
import type { Failures } from '../transfer/failures.js';
import { fillShown } from '../transfer/fillFiles.js';
import {
  badManifest,
  type ManifestPlan,
  nodePlanOptions,
  planNew,
  planOnPool,
  planPool,
  type SurveyedManifest,
} from './prepare.js';
import { checkRewrite, type RewriteConsent, rewriteNodes } from './rewriteNodes.js';

export interface ApplyOptions extends RewriteConsent {
  /** undefined: as many as help */
  readonly threads: number | undefined;
}

/** What was made. */
export interface AppliedManifest extends ManifestPlan {
  /** files of the plan that could not be filled, and so were neither made nor replaced */
  readonly unfilled: ReadonlySet<string>;
}

/**
 * Makes all that is missing, and then changes and replaces what the manifest says so of. Throws BadManifest for what is in conflict and
 * what checkRewrite throws, with nothing changed; a file that cannot be filled is a failure.
 */
export async function applyManifest(
  context: Context,
  manifest: SurveyedManifest,
  options: ApplyOptions,
  failures: Failures,
): Promise<AppliedManifest> {
  if (!manifest.isNew)
    return withSession(context, manifest.named, (session) =>
      applyToPool(context, manifest, session, options, failures),
    );
  const { pool, nodes } = planNew(context, manifest);
  await refuse(manifest, nodes.objections);
  makeImages(pool);
  makePrimary(context, pool);
  const primary = pool.joining[0]?.path as string;
  return withSession(context, [primary], async (session) => {
    addMembers(session, pool);
    return { pool, ...(await makeNodes(context, manifest, session, options, failures)) };
  });
}

async function applyToPool(
  context: Context,
  manifest: SurveyedManifest,
  session: WriteSession,
  options: ApplyOptions,
  failures: Failures,
): Promise<AppliedManifest> {
  const pool = planPool(manifest, session.volume);
  await refuse(manifest, pool?.objections ?? []);
  if (pool !== undefined && pool.joining.length > 0) {
    const nodes = await planGrown(context, manifest, pool);
    checkRewrite(session.volume, nodes, options);
    makeImages(pool);
    addMembers(session, pool);
  }
  return { pool, ...(await makeNodes(context, manifest, session, options, failures)) };
}

/** The plan for the pool with the daxdevs that are to join it. Throws what stands against the files, before one joins. */
async function planGrown(context: Context, manifest: SurveyedManifest, pool: PoolPlan): Promise<NodePlan> {
  const volume = openVolume(silent(context), manifest.named);
  try {
    const nodes = planOnPool(context, manifest, volume, pool);
    await refuse(manifest, nodes.objections);
    return nodes;
  } finally {
    volume.close();
  }
}

async function makeNodes(
  context: Context,
  manifest: SurveyedManifest,
  session: WriteSession,
  options: ApplyOptions,
  failures: Failures,
): Promise<Omit<AppliedManifest, 'pool'>> {
  const { volume } = session;
  const nodes = planNodes(session, manifest.declared, nodePlanOptions(context, ownImages(volume), makeRandom()));
  await refuse(manifest, nodes.objections);
  checkRewrite(volume, nodes, options);
  for (const directory of nodes.directories) session.append(directory);
  for (const { block } of nodes.blocks) session.appendBlock(block);
  session.appendFiles(nodes.files.flatMap(({ entry, content }) => (content === undefined ? [entry] : [])));
  const plans = [...filePlans(nodes.files, false), ...filePlans(nodes.replaced, true)];
  const unfilled = plans.length === 0 ? new Set<string>() : await fill(context, session, plans, options, failures);
  if (needsRewrite(nodes)) {
    context.signal.throwIfAborted();
    const replaced = nodes.replaced.filter(({ entry }) => !unfilled.has(entry.path));
    await rewriteNodes(session, { replaced, changed: nodes.changed }, options, context.signal);
  }
  return { nodes, unfilled };
}

/** Those that have bytes to be stored. */
function filePlans(files: readonly NewFile[], replaces: boolean): FilePlan[] {
  return files.flatMap(({ entry, content, sha256 }) =>
    content === undefined ? [] : [{ entry, isNew: true, content, sha256, replaces }],
  );
}

/** Returns the paths of those that are not done. */
async function fill(
  context: Context,
  session: WriteSession,
  files: readonly FilePlan[],
  { threads }: ApplyOptions,
  failures: Failures,
): Promise<Set<string>> {
  const unfilled = new Set<string>();
  for (const { plan, state, error } of await fillShown(context, session, files, threads)) {
    if (state === 'done') continue;
    const { path } = plan.entry;
    unfilled.add(path);
    const hint = 'apply the manifest again to make the rest';
    const what = plan.replaces ? 'replaced' : 'made';
    failures.add(error ?? new FamfsError('INCOMPLETE', `${path} was not ${what}`, { hint, details: { path } }));
  }
  return unfilled;
}

async function refuse(manifest: SurveyedManifest, objections: readonly Objection[]): Promise<void> {
  if (objections.length > 0) throw await badManifest(objections, manifest);
}
