import { lastName } from '../format/path.js';
import { FamfsError } from '../fs/errors.js';
import { groupNames, userNames } from '../fs/host/users.js';
import { findNode } from '../fs/log/findNode.js';
import type { Namespace, Node } from '../fs/log/namespace.js';
import { byName, type Contents, type Tree } from '../fs/log/tree.js';
import { type Context, defineCommand, type Result, type Style } from '../ui/command.js';
import { textWidth } from '../ui/text.js';
import { humanBytes } from '../ui/units.js';
import { atOption } from './options/at.js';
import { deviceOptions, withVolume } from './options/device.js';
import { hintDevice } from './options/deviceHint.js';
import { type NodeRow, nodeRow } from './output/file.js';
import { type FailedFile, Failures } from './transfer/failures.js';

export interface LsDocument {
  /** sorted by path within each directory, or with --time by slot */
  readonly entries: readonly NodeRow[];
  /** arguments without a file or directory */
  readonly failed: readonly FailedFile[];
}

/** directories that are listed without a tree of all */
const FEW = 4;

export const command = defineCommand({
  name: 'ls',
  group: 'Look',
  summary: 'list files and directories',
  details: [
    'Replays the log and lists files and directories, sorted by name. Without PATH, lists the root. A PATH ' +
      'that does not exist is reported, the others are listed, and the exit code is 1.',
    'With -l, owner and group are shown by name as this host knows them, with -n by number. Other hosts may know other names.',
    'Names that begin with a dot are listed like all others, and each name has a line of its own; -a and -1 are accepted ' +
      'out of habit.',
  ],
  examples: [
    { command: 'famfs ls -lR', explains: 'everything, with modes, owners and sizes' },
    { command: 'famfs ls --json -R data', explains: 'one directory and all below it, for a script' },
  ],
  args: [{ name: 'PATH', summary: 'file or directory', completes: 'path', required: false, repeat: true }],
  options: {
    long: { type: 'boolean', short: 'l', summary: 'mode, owner, group and size too' },
    numeric: {
      type: 'boolean',
      short: 'n',
      long: 'numeric-uid-gid',
      summary: 'like -l, with owner and group as numbers',
    },
    recursive: { type: 'boolean', short: 'R', summary: 'subdirectories too' },
    human: { type: 'boolean', short: 'h', long: 'human-readable', summary: 'with -l: sizes as 1.5G' },
    directory: { type: 'boolean', short: 'd', summary: 'directories themselves, not what is in them' },
    time: { type: 'boolean', short: 't', summary: 'newest first, by log entry' },
    all: { type: 'boolean', short: 'a', summary: 'names that begin with a dot too (the default)' },
    one: { type: 'boolean', short: '1', summary: 'one name per line (the default)' },
    ...atOption,
    ...deviceOptions,
  },
  seeAlso: ['stat', 'showfmap'],
  async run(context, args, options): Promise<Result<LsDocument>> {
    // `all` and `one` ask for the default behaviour
    const { numeric = false, human = false, at, dev } = options;
    const long = options.long || numeric;
    const failures = new Failures();
    const sections = await withVolume(
      context,
      dev,
      ({ replay: { namespace } }) => {
        const nodes = findNodes(context, namespace, args.length === 0 ? ['/'] : args, failures);
        // the tree, which knows the contents of all directories, would cost more than a look at all nodes for each of a few
        const walker = options.recursive || nodes.length > FEW ? namespace.tree() : namespace;
        return { [Symbol.iterator]: () => listNodes(walker, nodes, options) };
      },
      args,
      at,
    );
    failures.report(context);
    return {
      data: { entries: entriesOf(sections), failed: failures.files },
      text: (style) => {
        const show = long ? longLineOf(numeric ? NUMBERS : ownersOf(context, sections), human) : shortLine;
        return render(sections, args.length > 1 || hasSeveral(sections), show, style);
      },
      exitCode: failures.exitCode,
    };
  },
});

function findNodes(context: Context, namespace: Namespace, paths: readonly string[], failures: Failures): Node[] {
  return paths.flatMap((path) => {
    try {
      return [findNode(namespace, path)];
    } catch (error) {
      if (!(error instanceof FamfsError)) throw error;
      failures.add(hintDevice(context, [path], error));
      return [];
    }
  });
}

interface Selection {
  readonly recursive: boolean | undefined;
  readonly directory: boolean | undefined;
  readonly time: boolean | undefined;
}

/** `directory` is undefined for files that were named themselves. */
interface Section extends Omit<Contents, 'directory'> {
  readonly directory: Node | undefined;
}

function* listNodes(
  walker: Pick<Tree, 'walk'>,
  nodes: readonly Node[],
  { recursive, directory: itself, time }: Selection,
): Generator<Section> {
  const order = time ? newestFirst : byName;
  const named = nodes.filter((node) => itself || node.kind === 'file');
  if (named.length > 0) yield { directory: undefined, nodes: time ? named.toSorted(order) : named };
  const directories = itself ? [] : nodes.filter((node) => node.kind === 'directory');
  yield* walker.walk(directories, order, recursive ?? false);
}

function hasSeveral(items: Iterable<unknown>): boolean {
  let count = 0;
  for (const _ of items) if (++count > 1) return true;
  return false;
}

/** The root, which mkfs made, has no slot. */
function newestFirst(a: Node, b: Node): number {
  return (b.slot ?? -1) - (a.slot ?? -1);
}

function* entriesOf(sections: Iterable<Section>): Generator<NodeRow> {
  for (const { nodes } of sections) for (const node of nodes) yield nodeRow(node);
}

type Show = (node: Node, name: string, style: Style) => string;

function* render(sections: Iterable<Section>, headed: boolean, show: Show, style: Style): Generator<string> {
  let first = true;
  for (const { directory, nodes } of sections) {
    if (!first) yield '';
    first = false;
    if (headed && directory !== undefined) yield `/${directory.path}:`;
    for (const node of nodes) yield show(node, directory === undefined ? node.path : lastName(node.path), style);
  }
}

function shortLine(node: Node, name: string, style: Style): string {
  return node.kind === 'directory' ? `${style.blue(name)}/` : name;
}

/** How owners are shown: their texts, and the width of each column. */
interface Owners {
  readonly user: (uid: number) => string;
  readonly group: (gid: number) => string;
  readonly userWidth: number;
  readonly groupWidth: number;
}

const NUMBERS: Owners = { user: String, group: String, userWidth: 5, groupWidth: 5 };

/** The names of all owners in a listing: looked up at once, so it is read before it is printed. */
function ownersOf(context: Context, sections: Iterable<Section>): Owners {
  const uids = new Set<number>();
  const gids = new Set<number>();
  for (const { nodes } of sections)
    for (const { uid, gid } of nodes) {
      uids.add(uid);
      gids.add(gid);
    }
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

function longLineOf({ user, group, userWidth, groupWidth }: Owners, human: boolean): Show {
  return (node, name, style) => {
    const size = human ? humanBytes(node.size) : String(node.size);
    const owner = `${padded(user(node.uid), userWidth)} ${padded(group(node.gid), groupWidth)}`;
    return `${permissions(node)} ${owner} ${size.padStart(human ? 5 : 14)} ${shortLine(node, name, style)}`;
  };
}

/** Numbers to the right, names to the left, as ls(1) has them. */
function padded(text: string, width: number): string {
  const gap = ' '.repeat(Math.max(width - textWidth(text), 0));
  return /^\d+$/.test(text) ? gap + text : text + gap;
}

/** `drwxr-xr-t`, in the style of ls(1). */
function permissions(node: Node): string {
  const { mode } = node;
  const triple = (shift: number, special: number, letter: string) => {
    const bits = mode >> shift;
    const execute = (bits & 1) !== 0;
    const set = (mode & special) !== 0;
    const last = set ? (execute ? letter : letter.toUpperCase()) : execute ? 'x' : '-';
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${last}`;
  };
  const type = node.kind === 'directory' ? 'd' : '-';
  return type + triple(6, 0o4000, 's') + triple(3, 0o2000, 's') + triple(0, 0o1000, 't');
}
