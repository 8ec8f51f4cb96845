/** The text of many files and directories, made by the addon straight from the table of names. */
import type { NodeTraits } from '../../native/logTable.js';
import { HEADING, NodeText } from '../../native/nodeText.js';
import type { Namespace } from '../log/namespace.js';
import { ofRecord, type Part, TextTemplates } from './textTemplate.js';

export { HEADING };

/** Numbers of a node for templates. */
export const OF_NODE = {
  size: ofRecord(0),
  mode: ofRecord(1),
  uid: ofRecord(2),
  gid: ofRecord(3),
  slot: ofRecord(4),
} as const;

/** A template, and the nodes that it prints: all of a kind, or those with all of these traits. */
export interface NodeTemplate extends Pick<NodeTraits, 'directory'>, Partial<Omit<NodeTraits, 'directory'>> {
  readonly parts: readonly Part[];
  /** whether it prints directories above what is in them, with their whole paths: those whose row HEADING is added to */
  readonly heading?: true;
}

/** How nodes are printed many at a time. */
export interface ManyNodes {
  /** the first that a node fits prints it */
  readonly templates: readonly NodeTemplate[];
  /** text between two nodes */
  readonly between: string;
  /** whether PATH stands for the whole path, not for the name after its last slash */
  readonly whole: boolean;
  /** whether a name that has this character can be printed as it is */
  isPlain(char: string): boolean;
}

/** Prints nodes in pieces of some size, each valid until the next is drawn; what no template can print comes as its row. */
export function nodePrinter(
  namespace: Namespace,
  { templates, between, whole, isPlain }: ManyNodes,
): (rows: Uint32Array) => Generator<Buffer | number> {
  const named = Object.fromEntries(templates.map(({ parts }, i) => [`${i}`, parts]));
  const { programs, starts } = new TextTemplates<string>(named, { between, ...NodeText.SHAPE });
  const forms = templates.map(({ parts, heading = false, ...traits }, i) => {
    return { ...traits, whole: whole || heading, heading, start: starts[i] as number };
  });
  const text = namespace.printer(programs, forms, isPlain);
  return function* (rows) {
    for (let at = 0; at < rows.length; ) {
      const printed = text.print(rows, at);
      if (printed.text.length > 0) yield printed.text;
      at = printed.place;
      if (printed.stopped) yield rows[at++] as number;
    }
  };
}
