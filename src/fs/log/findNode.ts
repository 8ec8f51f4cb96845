/** Files and directories of the namespace by the paths that people give. */
import { FamfsError } from '../errors.js';
import { relativePath } from './givenPath.js';
import type { Namespace, Node } from './namespace.js';

/** The node that a path names. Throws NO_ENTRY. */
export function findNode(namespace: Namespace, given: string): Node {
  const path = relativePath(given);
  const node = namespace.get(path);
  if (node !== undefined) return node;
  throw new FamfsError('NO_ENTRY', `${given === '' ? "''" : given}: no such file or directory in the file system`, {
    hint: 'famfs ls -R lists what there is',
    details: { path },
  });
}

/** The file that a path names. Throws NO_ENTRY or NOT_A_FILE. */
export function findFile(namespace: Namespace, given: string): Node {
  const node = findNode(namespace, given);
  if (node.kind === 'file') return node;
  throw new FamfsError('NOT_A_FILE', `${given} is a directory, not a file`, { details: { path: node.path } });
}
