/** logplay into a shadow tree: played once, kept up to date, or compared. */
import { resolve } from 'node:path';
import { counted } from '../../format/counted.js';
import type { Replayed } from '../../fs/log/replay.js';
import { follow } from '../../fs/pool/follow.js';
import { openVolume } from '../../fs/pool/openVolume.js';
import type { Volume } from '../../fs/pool/volume.js';
import { eachApplied } from '../../fs/shadow/applied.js';
import { checkShadow, type ShadowDifference } from '../../fs/shadow/check.js';
import { type PlayCounts, ShadowPlayer } from '../../fs/shadow/player.js';
import type { Context, Result, ResultEvent, Style } from '../../ui/command.js';
import { withVolume } from '../options/device.js';
import { logEntryEvent } from './logEntry.js';

/** With --shadow: what the tree is after the log was played into it. With --follow, a line follows for each new entry. */
export interface PlayDocument extends LogCounts {
  readonly shadow: {
    readonly path: string;
    /** files and folders that were missing */
    readonly made: number;
    /** those that were right */
    readonly unchanged: number;
    /** those that were wrong, and were put right */
    readonly replaced: number;
  };
}

/** With --check: how the tree differs from the log. */
export interface CheckDocument {
  readonly shadow: {
    readonly path: string;
  };
  readonly differences: readonly ShadowDifference[];
}

/** What the log holds. */
export interface LogCounts {
  /** log entries */
  readonly entries: number;
  /** log entries that cannot be used */
  readonly skipped: number;
  readonly files: number;
  readonly directories: number;
}

export function logCounts({ replay }: Volume): LogCounts {
  const { next, skipped, namespace } = replay;
  return { entries: next, skipped, files: namespace.fileCount, directories: namespace.directoryCount };
}

/** `13 entries, 0 skipped: 10 files, 3 directories` */
export function countsText({ entries, skipped, files, directories }: LogCounts): string {
  const held = `${counted(files, 'file')}, ${counted(directories, 'directory', 'directories')}`;
  return `${counted(entries, 'entry', 'entries')}, ${skipped} skipped: ${held}`;
}

/** Plays the whole log into the tree. */
export async function playTree(
  context: Context,
  dev: readonly string[],
  shadow: string,
  client: boolean,
): Promise<Result<PlayDocument>> {
  return withVolume(context, dev, async (volume) => {
    const player = await playAll(context, volume, shadow, client, false);
    player.close();
    return playResult(volume, shadow, player.counts);
  });
}

/** Plays the log, and then each entry that comes; prints those. */
export async function playWhileFollowing(
  context: Context,
  dev: readonly string[],
  shadow: string,
  client: boolean,
  interval: number,
): Promise<Result<PlayDocument>> {
  const volume = openVolume(context, dev);
  let player: ShadowPlayer;
  try {
    player = await playAll(context, volume, shadow, client, true);
  } catch (error) {
    volume.close();
    throw error;
  }
  const { signal } = context;
  async function* events(): AsyncGenerator<Iterable<ResultEvent>> {
    try {
      for await (const more of follow(volume, { interval, signal })) {
        player.playMore(more.flatMap(appliedEntry));
        yield more.map(logEntryEvent);
      }
    } finally {
      player.close();
      volume.close();
    }
  }
  return { ...playResult(volume, shadow, player.counts), events: events() };
}

/** Compares the tree with the log. */
export async function checkTree(
  context: Context,
  dev: readonly string[],
  shadow: string,
  client: boolean,
): Promise<Result<CheckDocument>> {
  const differences = await withVolume(context, dev, (volume) =>
    checkShadow(resolve(context.cwd, shadow), volume, client),
  );
  return {
    data: { shadow: { path: shadow }, differences },
    text: (style) => differenceLines(differences, style),
    exitCode: differences.length === 0 ? 0 : 1,
  };
}

async function playAll(
  context: Context,
  volume: Volume,
  shadow: string,
  client: boolean,
  live: boolean,
): Promise<ShadowPlayer> {
  const player = await ShadowPlayer.open(resolve(context.cwd, shadow), volume, client, live);
  try {
    eachApplied(volume, (entry) => player.play(entry));
  } catch (error) {
    player.close();
    throw error;
  }
  const { foreignOwners } = player.counts;
  if (foreignOwners > 0)
    context.warn('SHADOW_OWNER', `${foreignOwners} folders keep the wrong owner, which only root can set`);
  return player;
}

function playResult(volume: Volume, shadow: string, { made, unchanged, replaced }: PlayCounts): Result<PlayDocument> {
  const counts = logCounts(volume);
  return {
    data: { ...counts, shadow: { path: shadow, made, unchanged, replaced } },
    text: () => [countsText(counts), `${shadow}: ${made} made, ${unchanged} were right, ${replaced} put right`],
  };
}

function appliedEntry({ entry, applied }: Replayed) {
  return applied && entry !== undefined ? [entry] : [];
}

function* differenceLines(differences: readonly ShadowDifference[], style: Style): Generator<string> {
  for (const { path, code, detail } of differences) yield `${style.red(`${path}: ${code}`)}: ${detail}`;
  yield differences.length === 0 ? 'no differences' : counted(differences.length, 'difference');
}
