/** What becomes of a file or directory that exists and is declared too. */
import type { Node } from '../log/namespace.js';
import type { Differences } from './comparison.js';
import type { ConflictPolicy } from './declaration.js';

/** exists: as declared; the others as ConflictPolicy has them */
export type ExistingAction = 'exists' | 'conflict' | 'keep' | 'change' | 'replace';

/** @param kind what is declared in the place of `node` */
export function actionFor(
  policy: ConflictPolicy,
  node: Pick<Node, 'kind'>,
  kind: Node['kind'],
  { made, attributes }: Differences,
): ExistingAction {
  if (made.length + attributes.length === 0) return 'exists';
  if (policy === 'fail') return 'conflict';
  if (policy === 'keep') return 'keep';
  if (made.length === 0) return 'change';
  // a directory has more in it than the manifest may know of
  const isFileForFile = kind === 'file' && node.kind === 'file';
  return policy === 'replace' && isFileForFile ? 'replace' : 'conflict';
}

/** What to do about a conflict that stays. */
export function conflictHint(policy: ConflictPolicy, node: Pick<Node, 'kind'>, kind: Node['kind']): string {
  if (node.kind !== kind)
    return 'use another path, or remove what exists with famfs rm: no onConflict replaces one by the other';
  if (policy === 'change')
    return 'onConflict: change sets only mode and owner; onConflict: replace makes the file again';
  return 'change the manifest or what exists, or say with onConflict what is to become of it';
}
