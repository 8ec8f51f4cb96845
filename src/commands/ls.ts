import { FamfsError } from '../fs/errors.js';
import { findNode } from '../fs/log/findNode.js';
import type { Namespace, Node } from '../fs/log/namespace.js';
import { type Context, defineCommand, type Result } from '../ui/command.js';
import { atOption } from './options/at.js';
import { deviceOptions, withVolume } from './options/device.js';
import { hintDevice } from './options/deviceHint.js';
import type { NodeRow } from './output/file.js';
import { longLines, type NodeLines, NUMBERS, namedOwners, SHORT_LINES } from './output/nodeLines.js';
import { hasSeveralSections, type NodeList, nodeElements, nodeLines, traitsOf } from './output/nodeList.js';
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
    const { numeric = false, human = false, recursive = false, directory: itself, time, at, dev } = options;
    const long = options.long || numeric;
    const order = time ? 'newest' : 'name';
    const failures = new Failures();
    const list = await withVolume(
      context,
      dev,
      ({ replay: { namespace } }): NodeList => {
        const nodes = findNodes(context, namespace, args.length === 0 ? ['/'] : args, failures);
        const named = nodes.filter((node) => itself || node.kind === 'file');
        const directories = itself ? [] : nodes.filter((node) => node.kind === 'directory');
        return {
          namespace,
          // the tree, which knows the contents of all directories, would cost more than a look at all nodes for each of a few
          walker: recursive || nodes.length > FEW ? namespace.tree() : namespace,
          named: time ? named.toSorted(newestFirst) : named,
          directories: directories.map(({ path }) => namespace.rowOf(path) as number),
          order,
          recursive,
        };
      },
      args,
      at,
    );
    failures.report(context);
    return {
      data: { entries: nodeElements(list), failed: failures.files },
      text: (style) => {
        const headed = args.length > 1 || hasSeveralSections(list);
        return nodeLines(list, headed, long ? linesOf(context, list, numeric, human) : SHORT_LINES, style);
      },
      exitCode: failures.exitCode,
    };
  },
});

function linesOf(context: Context, list: NodeList, numeric: boolean, human: boolean): NodeLines {
  const traits = traitsOf(list);
  return longLines(numeric ? NUMBERS : namedOwners(context, traits), traits, human);
}

/** The root, which mkfs made, has no slot. */
function newestFirst(a: Node, b: Node): number {
  return b.slot - a.slot;
}

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
