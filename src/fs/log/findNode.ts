/** Finds files and directories of the namespace by the paths that users give. */
import { FamfsError } from '../errors.js';
import { meansDirectory, relativePath } from './givenPath.js';
import type { Namespace, Node } from './namespace.js';

/** The node at a path. Throws NO_ENTRY, BAD_PATH, or NOT_A_DIRECTORY for a file with a slash after its name. */
export function findNode(namespace: Namespace, given: string): Node {
  const path = relativePath(given);
  const node = namespace.get(path);
  if (node?.kind === 'file' && meansDirectory(given))
    throw new FamfsError('NOT_A_DIRECTORY', `${given} is a file, not a directory`, {
      hint: 'leave out the slash at the end',
      details: { path },
    });
  if (node !== undefined) return node;
  throw new FamfsError('NO_ENTRY', `${given}: no such file or directory in the file system`, {
    hint: 'famfs ls -R lists what there is',
    details: { path },
  });
}

/** The file at a path. Throws NOT_A_FILE, or what findNode throws. */
export function findFile(namespace: Namespace, given: string): Node {
  const node = findNode(namespace, given);
  if (node.kind === 'file') return node;
  throw new FamfsError('NOT_A_FILE', `${given} is a directory, not a file`, { details: { path: node.path } });
}
