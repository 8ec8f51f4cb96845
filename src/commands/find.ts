import { counted } from '../format/counted.js';
import { lastName, pathBytes } from '../format/path.js';
import { findNode } from '../fs/log/findNode.js';
import type { Node } from '../fs/log/namespace.js';
import { byName, type Tree } from '../fs/log/tree.js';
import type { Volume } from '../fs/pool/volume.js';
import { daxdevNamed } from '../fs/pool/whois.js';
import { PoolLoad } from '../fs/usage/load.js';
import { defineCommand, type OptionValues, type Result } from '../ui/command.js';
import { named, UsageError } from '../ui/errors.js';
import { globMatcher } from '../ui/glob.js';
import { parseSize } from '../ui/size.js';
import { humanBytes } from '../ui/units.js';
import { atOption } from './options/at.js';
import { deviceOptions, withVolume } from './options/device.js';
import { type NodeRow, nodeRow } from './output/file.js';

export interface FindDocument {
  readonly entries: readonly FoundRow[];
  /** files among them */
  readonly files: number;
  /** sum of the sizes of these files, bytes */
  readonly fileBytes: number;
  /** bytes that are allocated to them on the daxdev of --daxdev; null without */
  readonly allocated: number | null;
}

interface FoundRow extends NodeRow {
  /** bytes that are allocated to the file on the daxdev of --daxdev; null without */
  readonly allocated: number | null;
}

const options = {
  daxdev: {
    type: 'string',
    value: 'DAXDEV',
    summary: 'only files with bytes on this daxdev: those that its loss would cost',
    details: 'DAXDEV is its index in the pool, its uuid or the first digits of that, or its path on this host.',
  },
  name: {
    type: 'string',
    value: 'GLOB',
    summary: "only names, without their directories, that fit a pattern such as '*.bin'",
    details:
      'Quote it, or the shell replaces it. * ? [a-z] [!a-z] and \\ are as in a shell; a dot at the beginning is not special.',
  },
  type: { type: 'string', value: 'TYPE', choices: ['f', 'd'], summary: 'only files, or only directories' },
  size: {
    type: 'string',
    value: 'SIZE',
    summary: 'only files of SIZE bytes; larger ones with +SIZE, smaller ones with --size=-SIZE',
    details: 'Units are those of other sizes: k, M, G. Nothing is rounded up to a unit.',
  },
  long: { type: 'boolean', short: 'l', summary: 'sizes too, and with --daxdev what each file has there; last, a sum' },
  print0: { type: 'boolean', short: '0', summary: 'end each path with NUL, for xargs -0' },
  ...atOption,
  ...deviceOptions,
} as const;

type Options = OptionValues<typeof options>;

export const command = defineCommand({
  name: 'find',
  group: 'Look',
  summary: 'list the files and directories below a directory that meet conditions',
  details: [
    'Prints the paths of PATH (the root without one) and of everything below it, sorted by name within each directory, as far as they meet ' +
      'all conditions.',
    'With --daxdev N, the files are those with an extent or strip on daxdev N: each of them lacks a part if that is lost. famfs balance ' +
      'counts the same files as "files lost", for all daxdevs.',
  ],
  examples: [
    { command: 'famfs find -l --daxdev 3', explains: 'what the loss of daxdev 3 would cost' },
    { command: "famfs find data --name '*.tmp' --size +1G", explains: 'large files by their names' },
    { command: 'famfs find -0 --type f data | xargs -0 famfs verify -S 1', explains: 'pass paths to a command' },
  ],
  args: [{ name: 'PATH', summary: 'file or directory', completes: 'path', required: false, repeat: true }],
  options,
  seeAlso: ['ls', 'du', 'balance', 'whois'],
  async run(context, paths, given): Promise<Result<FindDocument>> {
    if (given.long && given.print0) throw new UsageError('-l is for people, -0 for programs', 'give one of them');
    if (given.print0 && context.json) throw new UsageError('-0 and --json exclude each other', 'leave one of them out');
    if (given.type === 'd' && (given.daxdev !== undefined || given.size !== undefined))
      throw new UsageError('directories have no size and no bytes on a daxdev', 'leave out --type d');
    const meets = conditionsOf(given);
    const data = await withVolume(
      context,
      given.dev,
      (volume) => foundIn(volume, paths, given, meets),
      paths,
      given.at,
    );
    const { entries } = data;
    return {
      data,
      text: () => (given.long ? longLines(data) : entries.map(({ path }) => `/${path}`)),
      ...(given.print0 && { bytes: Buffer.concat(entries.map(({ path }) => nulEnded(path))) }),
    };
  },
});

type Condition = (node: Node) => boolean;

/** Whether a node meets all conditions but --daxdev. Throws UsageError. */
function conditionsOf({ name, type, size, daxdev }: Options): Condition {
  const conditions: Condition[] = [];
  if (name !== undefined) {
    const matches = globMatcher(name);
    conditions.push(({ path }) => matches(lastName(path)));
  }
  // only files have sizes and bytes
  if (type === 'f' || size !== undefined || daxdev !== undefined) conditions.push(({ kind }) => kind === 'file');
  if (type === 'd') conditions.push(({ kind }) => kind === 'directory');
  if (size !== undefined) conditions.push(named('option --size', () => sizeCondition(size)));
  return (node) => conditions.every((condition) => condition(node));
}

function sizeCondition(text: string): Condition {
  const sign = /^[+-]/.exec(text)?.[0];
  const bytes = parseSize(sign === undefined ? text : text.slice(1));
  if (sign === '+') return ({ size }) => size > bytes;
  if (sign === '-') return ({ size }) => size < bytes;
  return ({ size }) => size === bytes;
}

function foundIn(
  volume: Volume,
  paths: readonly string[],
  { daxdev: asked }: Pick<Options, 'daxdev'>,
  meets: Condition,
): FindDocument {
  const { namespace, daxdevs } = volume.replay;
  const nodes = (paths.length === 0 ? ['/'] : paths).map((path) => findNode(namespace, path));
  const daxdev = asked === undefined ? undefined : daxdevNamed(volume, asked).index;
  const load = new PoolLoad(daxdevs.length);
  const tree = namespace.tree();
  const entries: FoundRow[] = [];
  // a directory and one in it may both be named
  const seen = new Set<number>();
  for (const node of nodes.flatMap((one) => [...topDown(tree, one)])) {
    if (!meets(node) || seen.has(node.slot)) continue;
    seen.add(node.slot);
    const allocated = daxdev === undefined ? null : bytesOn(volume, node, daxdev, load);
    if (allocated !== undefined) entries.push({ ...nodeRow(node), allocated });
  }
  const files = entries.filter(({ type }) => type === 'file');
  const fileBytes = files.reduce((sum, { size }) => sum + size, 0);
  const allocated = daxdev === undefined ? null : (load.daxdevs[daxdev]?.bytes ?? 0);
  return { entries, files: files.length, fileBytes, allocated };
}

/** The bytes of a file on a daxdev; undefined if it has no extent there. The load counts it as famfs balance does. */
function bytesOn(volume: Volume, node: Node, daxdev: number, load: PoolLoad): number | undefined {
  const { size, fmap } = volume.fileEntry(node);
  const before = load.daxdevs[daxdev]?.bytes ?? 0;
  load.add(size, fmap);
  return load.wasOn(daxdev) ? (load.daxdevs[daxdev]?.bytes ?? 0) - before : undefined;
}

/** A node and all below it, by name within each directory. A path has few names, so this nests little. */
function* topDown(tree: Tree, node: Node): Generator<Node> {
  yield node;
  for (const inside of tree.childrenOf(node).sort(byName)) yield* topDown(tree, inside);
}

function nulEnded(path: string): Buffer {
  return Buffer.concat([pathBytes(`/${path}`), Buffer.of(0)]);
}

function* longLines({ entries, files, fileBytes, allocated }: FindDocument): Generator<string> {
  for (const { path, size, type, allocated: there } of entries) {
    const part = there === null ? '' : ` ${humanBytes(there).padStart(5)} there`;
    yield `${humanBytes(size).padStart(5)}${part}  /${path}${type === 'directory' && path !== '' ? '/' : ''}`;
  }
  const found = `${counted(files, 'file')} of ${humanBytes(fileBytes)}`;
  yield allocated === null
    ? found
    : `${found}, ${humanBytes(allocated)} allocated there: its loss would cost these files`;
}
