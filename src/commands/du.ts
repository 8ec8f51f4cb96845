import { findNode } from '../fs/log/findNode.js';
import type { Node } from '../fs/log/namespace.js';
import { byName, type Tree } from '../fs/log/tree.js';
import type { Volume } from '../fs/pool/volume.js';
import { DirectoryUses, fileUse, type NodeUse } from '../fs/usage/nodeUse.js';
import { defineCommand, type Result } from '../ui/command.js';
import { type Column, table } from '../ui/table.js';
import { humanBytes } from '../ui/units.js';
import { atOption } from './options/at.js';
import { deviceOptions, withVolume } from './options/device.js';

export interface DuDocument {
  /** for each PATH the directories below it, each after what is in it, then PATH itself */
  readonly entries: readonly UseRow[];
}

interface UseRow {
  /** relative to the root, which is '' */
  readonly path: string;
  readonly type: 'file' | 'directory';
  /** bytes of the extents of the file, or of the files in the directory and below it */
  readonly allocated: number;
  /** sum of the sizes of these files, bytes */
  readonly size: number;
  readonly files: number;
  /** directories below it */
  readonly directories: number;
}

export const command = defineCommand({
  name: 'du',
  group: 'Look',
  summary: 'print how much space directories take',
  details: [
    'Prints for each directory the bytes that are allocated to the files in it and below it, the sum of their sizes, and how many files ' +
      'there are. What is allocated is whole allocation units, and for interleaved files whole chunks on every strip. Without PATH, it ' +
      'begins at the root.',
  ],
  examples: [
    { command: 'famfs du -h', explains: 'every directory' },
    { command: 'famfs du -sh data/a data/b', explains: 'two directories, a line each' },
  ],
  args: [{ name: 'PATH', summary: 'file or directory', completes: 'path', required: false, repeat: true }],
  options: {
    summarize: { type: 'boolean', short: 's', summary: 'only PATH itself, not the directories below it' },
    human: { type: 'boolean', short: 'h', long: 'human-readable', summary: 'sizes as 1.5G' },
    ...atOption,
    ...deviceOptions,
  },
  seeAlso: ['df', 'find', 'ls'],
  async run(context, paths, { summarize = false, human = false, at, dev }): Promise<Result<DuDocument>> {
    const entries = await withVolume(context, dev, (volume) => usesAt(volume, paths, summarize), paths, at);
    return { data: { entries }, text: (style) => table(context, style, columns(human), entries) };
  },
});

function usesAt(volume: Volume, paths: readonly string[], summarize: boolean): UseRow[] {
  const { namespace } = volume.replay;
  const nodes = (paths.length === 0 ? ['/'] : paths).map((path) => findNode(namespace, path));
  if (nodes.every(({ kind }) => kind === 'file')) return nodes.map((node) => useRow(node, useOfFile(volume, node)));
  const uses = new DirectoryUses(volume);
  const tree = namespace.tree();
  const useOf = (node: Node) => (node.kind === 'file' ? useOfFile(volume, node) : uses.of(node));
  return nodes.flatMap((node) =>
    [...(summarize ? [node] : bottomUp(tree, node))].map((one) => useRow(one, useOf(one))),
  );
}

function useOfFile(volume: Volume, node: Node): NodeUse {
  return fileUse(volume.fileEntry(node));
}

function useRow({ path, kind }: Node, { allocated, size, files, directories }: NodeUse): UseRow {
  return { path, type: kind, allocated, size, files, directories };
}

/** The directories below a node, by name, each after those in it, then the node. A path has few names, so this nests little. */
function* bottomUp(tree: Tree, node: Node): Generator<Node> {
  const inside = tree.childrenOf(node).filter(({ kind }) => kind === 'directory');
  for (const directory of inside.sort(byName)) yield* bottomUp(tree, directory);
  yield node;
}

function columns(human: boolean): Column<UseRow>[] {
  const format = human ? humanBytes : String;
  return [
    { key: 'allocated', label: 'allocated', align: 'right', format },
    { key: 'size', label: 'size', align: 'right', format },
    { key: 'files', label: 'files', align: 'right' },
    { key: 'path', label: 'path', format: (path) => `/${path}` },
  ];
}
