import type { Node } from '../../fs/log/namespace.js';
import { octal } from '../../ui/units.js';

/** How a node is described in JSON. `mode` is octal text, sizes are bytes. */
export function nodeData(node: Node): object {
  const { path, kind, size, uid, gid, slot } = node;
  return { path, type: kind, size, mode: octal(node.mode), uid, gid, slot };
}
