import type { Replayed } from '../fs/log/replay.js';
import { follow } from '../fs/pool/follow.js';
import { openVolume } from '../fs/pool/openVolume.js';
import type { Volume } from '../fs/pool/volume.js';
import { type Context, defineCommand, type Result, type ResultEvent } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { deviceOptions } from './options/device.js';
import { type LogEntryRow, logEntryEvent, logEntryLine, logEntryRow } from './output/logEntry.js';
import {
  type CheckDocument,
  checkTree,
  countsText,
  type LogCounts,
  logCounts,
  type PlayDocument,
  playTree,
  playWhileFollowing,
} from './output/shadowPlay.js';

const DEFAULT_INTERVAL = 100;

export type LogplayDocument = PrintDocument | FollowDocument | PlayDocument | CheckDocument;

interface PrintDocument extends LogCounts {
  /** from the slot of --from on */
  readonly operations: readonly LogEntryRow[];
}

/** With --follow and without --shadow: the first line; a line follows for each entry. */
interface FollowDocument {
  /** of the primary */
  readonly path: string;
  readonly fsUuid: string;
  /** log entries that there are already */
  readonly entries: number;
}

/** A line that follows the document with --follow. */
export type LogplayEvent = LogEntryRow;

export const command = defineCommand({
  name: 'logplay',
  group: 'Look',
  summary: 'replay the log: print it, play it into a shadow tree, or follow it',
  details: [
    'Replays the log in order and prints the operation of each entry: a directory made, a file made, a daxdev added. An ' +
      'entry that cannot be used is printed as skipped. Nothing is changed anywhere.',
    'With --shadow, plays the log into DIR instead, as the fuse server of the reference reads it: below DIR/root, a ' +
      'folder for each directory and a file of YAML for each file, and the two meta files below .meta; in DIR/daxdevs, a ' +
      'file for each daxdev. What is right stays as it is, what is missing or differs is put right, what is there too much ' +
      'stays. No symbolic link below DIR is followed. --check only compares, and names every difference.',
    'With --follow, goes on: looks for new entries until it is interrupted, and prints each, or plays it, once. With ' +
      '--json, each is then an object on a line of its own. It ends with an error when the file system is made anew.',
  ],
  examples: [
    { command: 'famfs logplay', explains: 'all entries' },
    { command: 'famfs logplay --from 1000 --json', explains: 'entries from slot 1000 on, for a script' },
    { command: 'famfs logplay --shadow /run/famfs --follow', explains: 'keep the tree of a server up to date' },
    { command: 'famfs logplay --shadow /run/famfs --check', explains: 'tell what is wrong in it' },
  ],
  args: [],
  options: {
    from: {
      type: 'integer',
      value: 'N',
      summary: 'print entries from slot N on; those before are replayed but not printed',
    },
    dryRun: { type: 'boolean', short: 'n', summary: 'print only, which is what happens without --shadow anyway' },
    shadow: { type: 'string', value: 'DIR', summary: 'play into the shadow tree in DIR' },
    check: { type: 'boolean', summary: 'with --shadow: compare, change nothing; exit status 1 when something differs' },
    client: { type: 'boolean', summary: 'with --shadow: no file gets write permission' },
    follow: { type: 'boolean', short: 'f', summary: 'wait for new entries until interrupted' },
    interval: {
      type: 'integer',
      value: 'MS',
      min: 1,
      max: 3_600_000,
      summary: `with --follow: milliseconds between two looks at the log; the default is ${DEFAULT_INTERVAL}`,
    },
    ...deviceOptions,
  },
  exitCodes: {
    usage: 2,
    failed: 1,
    table: { 0: 'done; with --check: nothing differs', 1: 'failed; with --check: something differs', 2: 'wrong usage' },
  },
  seeAlso: ['ls', 'fsck'],
  async run(context, _args, options): Promise<Result<LogplayDocument>> {
    checkOptions(options);
    const { from = 0, shadow, check = false, client = false, follow: goOn = false, dev } = options;
    const interval = options.interval ?? DEFAULT_INTERVAL;
    if (shadow === undefined) return goOn ? printOn(context, dev, from, interval) : print(context, dev, from);
    if (check) return checkTree(context, dev, shadow, client);
    return goOn ? playWhileFollowing(context, dev, shadow, client, interval) : playTree(context, dev, shadow, client);
  },
});

interface Given {
  readonly from: number | undefined;
  readonly dryRun: boolean | undefined;
  readonly shadow: string | undefined;
  readonly check: boolean | undefined;
  readonly client: boolean | undefined;
  readonly follow: boolean | undefined;
  readonly interval: number | undefined;
}

function checkOptions({ from, dryRun, shadow, check, client, follow: goOn, interval }: Given): void {
  const refuse = (condition: boolean | undefined, message: string, hint: string) => {
    if (condition) throw new UsageError(message, hint);
  };
  refuse(check && shadow === undefined, '--check compares a shadow tree', 'name it with --shadow DIR');
  refuse(client && shadow === undefined, '--client is for a shadow tree', 'name it with --shadow DIR');
  refuse(shadow === '', '--shadow: the name of the folder is empty', 'name a folder');
  refuse(dryRun && shadow !== undefined, '--dry-run and --shadow exclude each other', 'use --check to only compare');
  refuse(from !== undefined && shadow !== undefined, '--from is for printing', 'a tree is always played in full');
  refuse(check && goOn, '--check and --follow exclude each other', 'give one of them');
  refuse(interval !== undefined && !goOn, '--interval is for --follow', 'give --follow too');
}

function print(context: Context, dev: readonly string[], from: number): Result<PrintDocument> {
  const { volume, replayed } = openFrom(context, dev, from);
  volume.close();
  const counts = logCounts(volume);
  return {
    data: { ...counts, operations: each(replayed, logEntryRow) },
    text: (style) =>
      concat(
        each(replayed, (entry) => logEntryLine(entry, style)),
        [countsText(counts)],
      ),
  };
}

/** What is there first, then what comes. */
function printOn(context: Context, dev: readonly string[], from: number, interval: number): Result<FollowDocument> {
  const { volume, replayed } = openFrom(context, dev, from);
  const { signal } = context;
  async function* events(): AsyncGenerator<Iterable<ResultEvent>> {
    try {
      yield each(replayed, logEntryEvent);
      for await (const more of follow(volume, { interval, signal }))
        yield each(
          more.filter(({ slot }) => slot >= from),
          logEntryEvent,
        );
    } finally {
      volume.close();
    }
  }
  const { path } = volume.primary;
  const { fsUuid } = volume.superblock;
  return { data: { path, fsUuid, entries: volume.replay.next }, text: () => [], events: events() };
}

function openFrom(
  context: Context,
  dev: readonly string[],
  from: number,
): { volume: Volume; replayed: readonly Replayed[] } {
  const replayed: Replayed[] = [];
  const volume = openVolume(context, dev, (entry) => {
    if (entry.slot >= from) replayed.push(entry);
  });
  return { volume, replayed };
}

function* each<T, U>(items: Iterable<T>, show: (item: T) => U): Generator<U> {
  for (const item of items) yield show(item);
}

function* concat<T>(...parts: Iterable<T>[]): Generator<T> {
  for (const part of parts) yield* part;
}
