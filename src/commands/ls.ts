import { findNode } from '../fs/log/findNode.js';
import type { Node } from '../fs/log/namespace.js';
import type { Tree } from '../fs/log/tree.js';
import { defineCommand, type Result, type Style } from '../ui/command.js';
import { humanBytes } from '../ui/units.js';
import { deviceOptions, withVolume } from './options/device.js';
import { type NodeRow, nodeRow } from './output/file.js';

export interface LsDocument {
  /** sorted by path within each directory */
  readonly entries: readonly NodeRow[];
}

export const command = defineCommand({
  name: 'ls',
  group: 'Look',
  summary: 'list files and directories',
  details: [
    'Replays the log and lists what it names, sorted by name. Without PATH, the root is listed. Owners are numbers.',
  ],
  examples: [
    { command: 'famfs ls -lR', explains: 'everything, with modes, owners and sizes' },
    { command: 'famfs ls --json -R data', explains: 'one directory and all below it, for a script' },
  ],
  args: [{ name: 'PATH', summary: 'file or directory', required: false, repeat: true }],
  options: {
    long: { type: 'boolean', short: 'l', summary: 'mode, owner, group and size too' },
    recursive: { type: 'boolean', short: 'R', summary: 'directories below too' },
    human: { type: 'boolean', short: 'h', long: 'human-readable', summary: 'with -l: sizes as 1.5G' },
    ...deviceOptions,
  },
  seeAlso: ['stat', 'showfmap'],
  async run(context, args, { long = false, recursive = false, human = false, dev }): Promise<Result<LsDocument>> {
    const sections = await withVolume(context, dev, ({ replay: { namespace } }) => {
      const nodes = (args.length === 0 ? [''] : args).map((path) => findNode(namespace, path));
      const tree = namespace.tree();
      return { [Symbol.iterator]: () => listNodes(tree, nodes, recursive) };
    });
    const show = long ? (node: Node, name: string, style: Style) => longLine(node, name, human, style) : shortLine;
    return {
      data: { entries: entriesOf(sections) },
      text: (style) => render(sections, hasSeveral(sections), show, style),
    };
  },
});

/** A directory and what is in it; `directory` is undefined for the files that were named themselves. */
interface Section {
  readonly directory: Node | undefined;
  readonly nodes: readonly Node[];
}

/** Sections are made one at a time, so that a long listing is never in memory. */
function* listNodes(tree: Tree, nodes: readonly Node[], recursive: boolean): Generator<Section> {
  const files = nodes.filter((node) => node.kind === 'file');
  if (files.length > 0) yield { directory: undefined, nodes: files };
  const pending = nodes.filter((node) => node.kind === 'directory').reverse();
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    const inside = tree.childrenOf(directory).sort(byName);
    yield { directory, nodes: inside };
    if (recursive) for (const node of inside.toReversed()) if (node.kind === 'directory') pending.push(node);
  }
}

function hasSeveral(items: Iterable<unknown>): boolean {
  let count = 0;
  for (const _ of items) if (++count > 1) return true;
  return false;
}

function byName(a: Node, b: Node): number {
  return a.path < b.path ? -1 : 1;
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
    for (const node of nodes) yield show(node, directory === undefined ? node.path : baseName(node), style);
  }
}

function baseName(node: Node): string {
  return node.path.slice(node.path.lastIndexOf('/') + 1);
}

function shortLine(node: Node, name: string, style: Style): string {
  return node.kind === 'directory' ? `${style.blue(name)}/` : name;
}

function longLine(node: Node, name: string, human: boolean, style: Style): string {
  const size = human ? humanBytes(node.size) : String(node.size);
  const owner = `${String(node.uid).padStart(5)} ${String(node.gid).padStart(5)}`;
  return `${permissions(node)} ${owner} ${size.padStart(human ? 5 : 14)} ${shortLine(node, name, style)}`;
}

/** `drwxr-xr-t`, as ls(1) prints it. */
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
