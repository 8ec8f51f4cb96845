/** The output of logplay about a shadow tree that was played or compared. */
import { counted } from '../../format/counted.js';
import type { Volume } from '../../fs/pool/volume.js';
import type { ShadowDifference } from '../../fs/shadow/check.js';
import type { PlayCounts } from '../../fs/shadow/player.js';
import type { Result, Style } from '../../ui/command.js';
import { countsText, type LogCounts, logCounts } from './logCounts.js';

/** With --shadow: the changes made to the tree. With --follow, a line follows for each new entry. */
export interface PlayDocument extends LogCounts {
  readonly shadow: {
    readonly path: string;
    /** missing files and folders that were made */
    readonly made: number;
    /** files and folders that agreed with the log */
    readonly unchanged: number;
    /** files and folders that differed from the log, and were corrected */
    readonly replaced: number;
  };
}

/** With --check: the differences between the tree and the log. */
export interface CheckDocument {
  readonly shadow: {
    readonly path: string;
  };
  readonly differences: readonly ShadowDifference[];
}

/** @param path the folder of the tree, as typed */
export function playResult(
  volume: Volume,
  path: string,
  { made, unchanged, replaced }: PlayCounts,
): Result<PlayDocument> {
  const counts = logCounts(volume);
  return {
    data: { ...counts, shadow: { path, made, unchanged, replaced } },
    text: () => [countsText(counts), `${path}: ${made} made, ${unchanged} already right, ${replaced} corrected`],
  };
}

/**
 * The exit code is 1 if the tree differs.
 * @param path the folder of the tree, as typed
 */
export function checkResult(path: string, differences: readonly ShadowDifference[]): Result<CheckDocument> {
  return {
    data: { shadow: { path }, differences },
    text: (style) => differenceLines(differences, style),
    exitCode: differences.length === 0 ? 0 : 1,
  };
}

function* differenceLines(differences: readonly ShadowDifference[], style: Style): Generator<string> {
  for (const { path, code, detail } of differences) yield `${style.red(`${path}: ${code}`)}: ${detail}`;
  yield differences.length === 0 ? 'no differences' : counted(differences.length, 'difference');
}
