/** Making what a manifest wants: everything is planned first, then made under one lock, or nothing is. */
import { makeRandom } from '../../fs/allocate/random.js';
import { addMembers, makeImages, makePrimary } from '../../fs/declared/makePool.js';
import { type NodePlan, planNodes } from '../../fs/declared/nodePlan.js';
import type { Objection } from '../../fs/declared/objection.js';
import type { PoolPlan } from '../../fs/declared/poolPlan.js';
import { FamfsError } from '../../fs/errors.js';
import { silent } from '../../fs/host/host.js';
import { openVolume } from '../../fs/pool/openVolume.js';
import type { WriteSession } from '../../fs/pool/writeSession.js';
import type { FilePlan } from '../../fs/transfer/fillFiles.js';
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

export interface ApplyOptions {
  /** undefined: as many as help */
  readonly threads: number | undefined;
}

/** Makes all that is missing. Throws BadManifest, with nothing changed, for what is in conflict; a file that cannot be filled is a failure. */
export async function applyManifest(
  context: Context,
  manifest: SurveyedManifest,
  options: ApplyOptions,
  failures: Failures,
): Promise<ManifestPlan> {
  if (!manifest.isNew)
    return withSession(context, manifest.named, (session) =>
      applyToPool(context, manifest, session, options, failures),
    );
  const { pool, nodes } = planNew(context, manifest);
  refuse(manifest, nodes.objections);
  makeImages(pool);
  makePrimary(context, pool);
  const primary = pool.joining[0]?.path as string;
  return withSession(context, [primary], async (session) => {
    addMembers(session, pool);
    return { pool, nodes: await makeNodes(context, manifest, session, options, failures) };
  });
}

async function applyToPool(
  context: Context,
  manifest: SurveyedManifest,
  session: WriteSession,
  options: ApplyOptions,
  failures: Failures,
): Promise<ManifestPlan> {
  const pool = planPool(manifest, session.volume);
  refuse(manifest, pool?.objections ?? []);
  if (pool !== undefined && pool.joining.length > 0) {
    checkGrowth(context, manifest, pool);
    makeImages(pool);
    addMembers(session, pool);
  }
  return { pool, nodes: await makeNodes(context, manifest, session, options, failures) };
}

/** Throws what stands against the files before a daxdev joins the pool for them. */
function checkGrowth(context: Context, manifest: SurveyedManifest, pool: PoolPlan): void {
  const volume = openVolume(silent(context), manifest.named);
  try {
    refuse(manifest, planOnPool(context, manifest, volume, pool).objections);
  } finally {
    volume.close();
  }
}

async function makeNodes(
  context: Context,
  manifest: SurveyedManifest,
  session: WriteSession,
  { threads }: ApplyOptions,
  failures: Failures,
): Promise<NodePlan> {
  const { volume } = session;
  const nodes = planNodes(session, manifest.declared, nodePlanOptions(context, ownImages(volume), makeRandom()));
  refuse(manifest, nodes.objections);
  for (const directory of nodes.directories) session.append(directory);
  const filled: FilePlan[] = [];
  for (const { entry, content, sha256 } of nodes.files) {
    if (content === undefined) session.append(entry);
    else filled.push({ entry, isNew: true, content, sha256 });
  }
  if (filled.length > 0) await fill(context, session, filled, threads, failures);
  return nodes;
}

async function fill(
  context: Context,
  session: WriteSession,
  files: readonly FilePlan[],
  threads: number | undefined,
  failures: Failures,
): Promise<void> {
  for (const { plan, state, error } of await fillShown(context, session, files, threads)) {
    if (state === 'done') continue;
    const { path } = plan.entry;
    const hint = 'apply the manifest again to make the rest';
    failures.add(error ?? new FamfsError('INCOMPLETE', `${path} was not made`, { hint, details: { path } }));
  }
}

function refuse(manifest: SurveyedManifest, objections: readonly Objection[]): void {
  if (objections.length > 0) throw badManifest(objections, manifest);
}
