import { hostPath } from '../fs/host/hostPath.js';
import { type FollowOptions, follow } from '../fs/pool/follow.js';
import { openVolume } from '../fs/pool/openVolume.js';
import { checkShadow } from '../fs/shadow/check.js';
import { playAppended, playLog } from '../fs/shadow/playLog.js';
import { type Context, defineCommand, type Result, type ResultEvent } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { ABSENT_ACCESS } from './options/absent.js';
import { deviceArgument, deviceOptions, openFrom, withVolume } from './options/device.js';
import { dryRunOption } from './options/dryRun.js';
import { entryElements, entryEvents, entryLines } from './output/entryList.js';
import { countsText, type LogCounts, logCounts } from './output/logCounts.js';
import { type LogEntryRow, logEntryEvent } from './output/logEntry.js';
import { type CheckDocument, checkResult, type PlayDocument, playResult } from './output/shadowTree.js';

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
  /** log entries that already exist */
  readonly entries: number;
}

/** A line that follows the document with --follow. */
export type LogplayEvent = LogEntryRow;

export const command = defineCommand({
  name: 'logplay',
  group: 'Look',
  summary: 'replay the log: print it, play it into a shadow tree, or follow it',
  details: [
    'Replays the log in order and prints the operation of each entry: make a directory, make a file, add a daxdev. An ' +
      'entry that cannot be used is printed as skipped. Nothing is changed.',
    'With --shadow, plays the log into DIR instead, in the form that the fuse server of the reference tools reads: below ' +
      'DIR/root, a folder for each directory and a YAML file for each file, and the two meta files below .meta; in ' +
      'DIR/daxdevs, a file for each daxdev. What agrees with the log is left alone, what is missing or different is written, ' +
      'and anything else in the tree stays. No symbolic link below DIR is followed. --check only compares, and names every ' +
      'difference.',
    'With --follow, it continues to look for new entries until it is interrupted, and prints or plays each of them once. ' +
      'With --json, each is an object on a line of its own. It ends with an error if a new file system is made in place ' +
      'of the old one.',
  ],
  examples: [
    { command: 'famfs logplay', explains: 'all entries' },
    { command: 'famfs logplay --from 1000 --json', explains: 'the entries of slot 1000 and higher, for a script' },
    { command: 'famfs logplay --shadow /run/famfs --follow', explains: 'keep the shadow tree of a server up to date' },
    { command: 'famfs logplay --shadow /run/famfs --check', explains: 'list the differences from the log' },
  ],
  args: [deviceArgument],
  options: {
    from: {
      type: 'integer',
      value: 'N',
      summary: 'print the entries of slot N and higher; lower ones are replayed but not printed',
    },
    dryRun: {
      ...dryRunOption.dryRun,
      summary: 'change nothing: only print, or with --shadow, list what would be made or corrected',
    },
    shadow: { type: 'string', short: 'S', value: 'DIR', summary: 'play into the shadow tree in DIR' },
    check: {
      type: 'boolean',
      short: 's',
      aliases: ['shadowtest'],
      summary: 'with --shadow: compare, change nothing; exit status 1 if anything differs',
    },
    client: { type: 'boolean', short: 'c', summary: 'with --shadow: leave out write permission of files' },
    follow: { type: 'boolean', short: 'f', summary: 'wait for new entries until interrupted' },
    interval: {
      type: 'integer',
      value: 'MS',
      min: 1,
      max: 3_600_000,
      summary: `with --follow: milliseconds between reads of the log; the default is ${DEFAULT_INTERVAL}`,
    },
    daxdev: {
      type: 'string',
      short: 'd',
      value: 'DEV',
      repeat: true,
      summary: 'the same as --dev, for scripts for the reference tools',
    },
    ...deviceOptions,
  },
  absentOptions: ABSENT_ACCESS,
  exitCodes: {
    usage: 2,
    failed: 1,
    table: { 0: 'done; with --check: no difference', 1: 'failed; with --check: a difference', 2: 'wrong usage' },
  },
  seeAlso: ['ls', 'fsck'],
  changes: true,
  async run(context, devices, options): Promise<Result<LogplayDocument>> {
    checkOptions(options);
    const { from = 0, shadow, check = false, client = false, interval = DEFAULT_INTERVAL } = options;
    const dev = [...devices, ...options.dev, ...options.daxdev];
    const following = options.follow ? { interval, signal: context.signal } : undefined;
    if (shadow === undefined)
      return following ? printAndFollow(context, dev, from, following) : print(context, dev, from);
    if (check) return checkTree(context, dev, shadow, client);
    // what differs is what playing would put right
    if (options.dryRun) return { ...(await checkTree(context, dev, shadow, client)), exitCode: 0 };
    return following ? playAndFollow(context, dev, shadow, client, following) : playTree(context, dev, shadow, client);
  },
});

interface ModeOptions {
  readonly from: number | undefined;
  readonly dryRun: boolean | undefined;
  readonly shadow: string | undefined;
  readonly check: boolean | undefined;
  readonly client: boolean | undefined;
  readonly follow: boolean | undefined;
  readonly interval: number | undefined;
}

function checkOptions({ from, dryRun, shadow, check, client, follow: goOn, interval }: ModeOptions): void {
  const refuse = (condition: boolean | undefined, message: string, hint: string) => {
    if (condition) throw new UsageError(message, hint);
  };
  refuse(check && shadow === undefined, '--check needs a shadow tree', 'name it with --shadow DIR');
  refuse(client && shadow === undefined, '--client needs a shadow tree', 'name it with --shadow DIR');
  refuse(shadow === '', '--shadow: the name of the folder is empty', 'name a folder');
  refuse(dryRun && shadow !== undefined && goOn, '--dry-run and --follow exclude each other', 'use one of them');
  refuse(
    from !== undefined && shadow !== undefined,
    '--from and --shadow exclude each other',
    'a tree is always played in full',
  );
  refuse(check && goOn, '--check and --follow exclude each other', 'use one of them');
  refuse(interval !== undefined && !goOn, '--interval needs --follow', 'use both');
}

function print(context: Context, dev: readonly string[], from: number): Result<PrintDocument> {
  const { volume, record } = openFrom(context, dev, from);
  volume.close();
  const counts = logCounts(volume);
  return {
    data: { ...counts, operations: entryElements(record) },
    text: (style) => entryLines(record, style, countsText(counts)),
  };
}

/** Prints the entries of the log, then each new one. */
function printAndFollow(
  context: Context,
  dev: readonly string[],
  from: number,
  following: FollowOptions,
): Result<FollowDocument> {
  const { volume, record } = openFrom(context, dev, from);
  async function* events(): AsyncGenerator<Iterable<ResultEvent | Uint8Array>> {
    try {
      yield entryEvents(record, context.json);
      for await (const more of follow(volume, following))
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

async function playTree(
  context: Context,
  dev: readonly string[],
  shadow: string,
  client: boolean,
): Promise<Result<PlayDocument>> {
  return withVolume(context, dev, async (volume) => {
    const player = await playLog(hostPath(context, shadow), volume, { client, live: false });
    player.close();
    return playResult(volume, shadow, player.counts);
  });
}

/** Plays the log, then each new entry, and prints the new ones. */
async function playAndFollow(
  context: Context,
  dev: readonly string[],
  shadow: string,
  client: boolean,
  following: FollowOptions,
): Promise<Result<PlayDocument>> {
  const volume = openVolume(context, dev);
  const player = await playLog(hostPath(context, shadow), volume, { client, live: true }).catch((error: unknown) => {
    volume.close();
    throw error;
  });
  async function* events(): AsyncGenerator<Iterable<ResultEvent>> {
    try {
      for await (const more of playAppended(player, volume, following)) yield more.map(logEntryEvent);
    } finally {
      player.close();
      volume.close();
    }
  }
  return { ...playResult(volume, shadow, player.counts), events: events() };
}

async function checkTree(
  context: Context,
  dev: readonly string[],
  shadow: string,
  client: boolean,
): Promise<Result<CheckDocument>> {
  const dir = hostPath(context, shadow);
  return checkResult(shadow, await withVolume(context, dev, (volume) => checkShadow(dir, volume, client)));
}

function* each<T, U>(items: Iterable<T>, show: (item: T) => U): Generator<U> {
  for (const item of items) yield show(item);
}
