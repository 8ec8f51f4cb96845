/** Files and directories as lines of text, in the style of ls(1). */
import { groupNames, userNames } from '../../fs/host/users.js';
import type { Node } from '../../fs/log/namespace.js';
import { type NodeTemplate, OF_NODE } from '../../fs/pool/nodeText.js';
import { decimal, PATH } from '../../fs/pool/textTemplate.js';
import type { Context, Style } from '../../ui/command.js';
import { isSafe, textWidth } from '../../ui/text.js';
import { humanBytes } from '../../ui/units.js';

/** What decides how a line begins. */
export type Traits = Pick<Node, 'kind' | 'mode' | 'uid' | 'gid'>;

export interface NodeLines {
  /** The line of a node. */
  line(node: Node, name: string, style: Style): string;
  /** The same without colour, for many nodes; those that no template fits are printed one by one. */
  readonly templates: readonly NodeTemplate[];
}

/** The line above what is in a directory, and the empty line between it and what comes before. */
const HEADING_TEMPLATE: NodeTemplate = { directory: true, heading: true, parts: ['\n/', PATH, ':\n'] };

/** The name, and a slash after that of a directory. */
export const SHORT_LINES: NodeLines = {
  line: shortLine,
  templates: [
    { directory: false, parts: [PATH, ending('file')] },
    { directory: true, parts: [PATH, ending('directory')] },
    HEADING_TEMPLATE,
  ],
};

const SIZE_WIDTH = 14;
/** Kinds, modes and owners that templates are made for: few logs have more of them. */
const MOST_TEMPLATES = 256;

/**
 * Mode, owner, group and size too.
 * @param traits those of all nodes of the listing, as columns are as wide as the widest owner
 * @param human sizes as 1.5G
 */
export function longLines(owners: Owners, traits: readonly Traits[], human: boolean): NodeLines {
  const head = (node: Traits) => `${permissions(node)} ${ownersOf(node, owners)}`;
  return {
    line(node, name, style) {
      const size = human ? humanBytes(node.size) : String(node.size);
      return `${head(node)} ${size.padStart(human ? 5 : SIZE_WIDTH)} ${shortLine(node, name, style)}`;
    },
    templates: human ? [] : [...templatesOf(traits, head), HEADING_TEMPLATE],
  };
}

function templatesOf(traits: readonly Traits[], head: (node: Traits) => string): NodeTemplate[] {
  return traits.slice(0, MOST_TEMPLATES).flatMap((each) => {
    const { kind, mode, uid, gid } = each;
    const start = head(each);
    const parts = [`${start} `, decimal(OF_NODE.size, SIZE_WIDTH), ' ', PATH, ending(kind)];
    return isSafe(start) ? [{ directory: kind === 'directory', mode, uid, gid, parts }] : [];
  });
}

function shortLine(node: Node, name: string, style: Style): string {
  return node.kind === 'directory' ? `${style.blue(name)}/` : name;
}

/** What follows a name in text. */
function ending(kind: Node['kind']): string {
  return kind === 'directory' ? '/\n' : '\n';
}

/** How owners are shown: their texts, and the width of each column. */
export interface Owners {
  readonly user: (uid: number) => string;
  readonly group: (gid: number) => string;
  readonly userWidth: number;
  readonly groupWidth: number;
}

export const NUMBERS: Owners = { user: String, group: String, userWidth: 5, groupWidth: 5 };

/** The names of all owners in a listing, which are looked up at once. */
export function namedOwners(context: Context, traits: readonly Traits[]): Owners {
  const uids = new Set(traits.map(({ uid }) => uid));
  const gids = new Set(traits.map(({ gid }) => gid));
  const users = userNames(context, uids);
  const groups = groupNames(context, gids);
  const user = (uid: number) => users.get(uid) ?? String(uid);
  const group = (gid: number) => groups.get(gid) ?? String(gid);
  const widest = (texts: Iterable<string>) => [...texts].reduce((most, text) => Math.max(most, textWidth(text)), 0);
  return {
    user,
    group,
    userWidth: widest([...uids].map(user)),
    groupWidth: widest([...gids].map(group)),
  };
}

function ownersOf({ uid, gid }: Traits, { user, group, userWidth, groupWidth }: Owners): string {
  return `${padded(user(uid), userWidth)} ${padded(group(gid), groupWidth)}`;
}

/** Numbers to the right, names to the left, as ls(1) has them. */
function padded(text: string, width: number): string {
  const gap = ' '.repeat(Math.max(width - textWidth(text), 0));
  return /^\d+$/.test(text) ? gap + text : text + gap;
}

/** `drwxr-xr-t`, in the style of ls(1). */
function permissions({ kind, mode }: Traits): string {
  const triple = (shift: number, special: number, letter: string) => {
    const bits = mode >> shift;
    const execute = (bits & 1) !== 0;
    const set = (mode & special) !== 0;
    const last = set ? (execute ? letter : letter.toUpperCase()) : execute ? 'x' : '-';
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${last}`;
  };
  const type = kind === 'directory' ? 'd' : '-';
  return type + triple(6, 0o4000, 's') + triple(3, 0o2000, 's') + triple(0, 0o1000, 't');
}
