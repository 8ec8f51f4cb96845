/** What apply would make of a manifest: looked at, but neither locked nor written. */
import type { NodePlan } from '../../fs/declared/nodePlan.js';
import type { Objection } from '../../fs/declared/objection.js';
import type { PoolPlan } from '../../fs/declared/poolPlan.js';
import type { Context } from '../../ui/command.js';
import { withVolume } from '../options/device.js';
import { planNew, planOnPool, planPool, type SurveyedManifest } from './prepare.js';
import { extraItems, type PlannedItemRow, reportOf, type StreamedReport } from './report.js';

export interface ManifestOutcome {
  readonly report: StreamedReport;
  /** why apply would do nothing of it */
  readonly objections: readonly Objection[];
}

export async function planManifest(context: Context, manifest: SurveyedManifest): Promise<ManifestOutcome> {
  if (manifest.isNew) {
    const { pool, nodes } = planNew(context, manifest);
    return joined(pool, nodes, []);
  }
  return withVolume(context, manifest.named, (volume) => {
    const pool = planPool(manifest, volume);
    const extra = extraItems(volume, manifest.declared);
    return joined(pool, planOnPool(context, manifest, volume, pool), extra);
  });
}

function joined(pool: PoolPlan | undefined, nodes: NodePlan, extra: readonly PlannedItemRow[]): ManifestOutcome {
  return { report: reportOf(pool, nodes, extra), objections: [...(pool?.objections ?? []), ...nodes.objections] };
}
