/** What of a manifest needs a rewrite of the log: files that take the place of others, modes and owners (docs/manifest.md, "Conflicts"). */
import { type NodePlan, needsRewrite } from '../../fs/declared/nodePlan.js';
import type { Volume } from '../../fs/pool/volume.js';
import type { WriteSession } from '../../fs/pool/writeSession.js';
import { replaceFiles, setAttributes } from '../../fs/rewrite/attributes.js';
import { takeJournal } from '../../fs/rewrite/journalExtents.js';
import { noJournalSpace } from '../../fs/rewrite/journalPlace.js';
import { refuseInUse, rewriteLog } from '../../fs/rewrite/rewriteLog.js';
import { planRewrite, refuseSkipped } from '../../fs/rewrite/rewritePlan.js';
import type { OptionValues } from '../../ui/command.js';
import { clientsUnknown, type rewriteConsent } from '../options/rewrite.js';

export type RewriteConsent = OptionValues<typeof rewriteConsent>;

/**
 * Throws what stands against the rewrite that a plan needs, before anything is written: CLIENTS_UNKNOWN, MOUNTED, MAPPED, LOG_DAMAGED, and
 * NO_SPACE where the plan leaves no room for the journal.
 */
export function checkRewrite(volume: Volume, nodes: NodePlan, { clientsUnmounted, journal }: RewriteConsent): void {
  if (!needsRewrite(nodes)) return;
  if (!clientsUnmounted) throw clientsUnknown();
  refuseInUse(volume);
  refuseSkipped(volume);
  const { replay, primary } = volume;
  const entries = replay.next + nodes.directories.length + nodes.files.length;
  const { primarySpace: space } = nodes;
  if (journal === undefined && takeJournal(space, entries) === undefined)
    throw noJournalSpace(primary.path, entries, space);
}

/**
 * Puts the new files in the place of the old ones, and sets modes and owners, in one rewrite of the log. The bytes of the new files are in
 * memory. Nothing may be appended to the session afterwards. Throws what rewriteLog throws, with nothing changed.
 */
export async function rewriteNodes(
  session: WriteSession,
  { replaced, changed }: Pick<NodePlan, 'replaced' | 'changed'>,
  { journal }: RewriteConsent,
  signal: AbortSignal,
): Promise<void> {
  const plan = planRewrite(session.volume, (tree) => {
    replaceFiles(
      tree,
      replaced.map(({ entry }) => entry),
    );
    for (const { path, attributes } of changed) setAttributes(tree, [path], attributes, false);
  });
  if (!plan.isOld) await rewriteLog(session, plan, { journal, signal });
}
