/** Finds files and directories of the namespace by the paths that users give. */
import { FamfsError } from '../errors.js';
import { meansDirectory, relativePath } from './givenPath.js';
import type { Namespace, Node } from './namespace.js';

/** The node at a path. Throws NO_ENTRY, BAD_PATH, or NOT_A_DIRECTORY for a file with a slash after its name. */
export function findNode(namespace: Namespace, given: string): Node {
  return findIn((path) => namespace.get(path), given);
}

/** The node that `lookUp` has at a path, which is relative to the root. Throws what findNode throws. */
export function findIn<N extends Pick<Node, 'kind'>>(lookUp: (path: string) => N | undefined, given: string): N {
  const path = relativePath(given);
  const node = lookUp(path);
  if (node?.kind === 'file' && meansDirectory(given))
    throw new FamfsError('NOT_A_DIRECTORY', `${given} is a file, not a directory`, {
      hint: 'leave out the slash at the end',
      details: { path },
    });
  if (node !== undefined) return node;
  throw new FamfsError('NO_ENTRY', `${given}: no such file or directory in the file system`, {
    hint: 'famfs ls -R lists all files and directories',
    details: { path },
  });
}

/** The file at a path. Throws NOT_A_FILE, or what findNode throws. */
export function findFile(namespace: Namespace, given: string): Node {
  const node = findNode(namespace, given);
  refuseDirectory(node, given, node.path);
  return node;
}

/** Throws NOT_A_FILE for a directory, which was found at a path. */
export function refuseDirectory({ kind }: Pick<Node, 'kind'>, given: string, path: string): void {
  if (kind === 'directory')
    throw new FamfsError('NOT_A_FILE', `${given} is a directory, not a file`, { details: { path } });
}
