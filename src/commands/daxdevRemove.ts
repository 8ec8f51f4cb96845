import { counted } from '../format/counted.js';
import { namedDaxdev } from '../fs/pool/namedDaxdev.js';
import type { Volume } from '../fs/pool/volume.js';
import { noteDeparture } from '../fs/rewrite/departure.js';
import type { EditedTree } from '../fs/rewrite/editedTree.js';
import { type Evacuation, evacuate, moveFiles } from '../fs/rewrite/evacuation.js';
import { defineCommand, type Result } from '../ui/command.js';
import { humanBytes } from '../ui/units.js';
import { clearLeft } from './options/clearLeft.js';
import { type LogRewriteRow, REWRITE_DETAILS, rewriteOptions, withRewrite } from './options/rewrite.js';
import { type EvacuatedFileRow, evacuatedFileRow, evacuatedLine } from './output/evacuated.js';
import { threadOptions, withControl } from './transfer/runTransfer.js';

export interface DaxdevRemoveDocument extends LogRewriteRow {
  /** its index before; null: the log did not know it any more, and only its superblock was left */
  readonly daxdev: number | null;
  readonly uuid: string;
  /** on this host; null if it is lost */
  readonly path: string | null;
  /** files with bytes on it */
  readonly files: readonly EvacuatedFileRow[];
  /** of these files on it, all moved to other daxdevs */
  readonly bytes: number;
  /** daxdevs that have another index now */
  readonly renumbered: readonly RenumberedRow[];
  /** its superblock was cleared */
  readonly cleared: boolean;
}

interface RenumberedRow {
  readonly uuid: string;
  readonly from: number;
  readonly to: number;
}

/** What leaves: a member with what must move, or an orphan, of which only the superblock is left. */
interface Leaving {
  readonly uuid: string;
  readonly path: string | undefined;
  readonly evacuation: Evacuation | undefined;
}

export const command = defineCommand({
  name: 'daxdev remove',
  group: 'Rewrite the log',
  summary: 'take a daxdev out of a pool, after its files have moved to the others',
  details: [
    'Copies what files have on the daxdev to free space of the others, reads it again and compares, then rewrites the log with the new ' +
      'places, and clears the superblock of the daxdev last. Strips go to daxdevs that have none of their file, as long as one has room. ' +
      'Without room for all of it nothing is written. Daxdevs after it get lower indices. The primary cannot be removed.',
    'If it is stopped, run it again. Before the log was rewritten, nothing has changed. After that the daxdev has left, but still names ' +
      'the pool: then only its superblock is cleared. If the log was rewritten once more in between, give its path or uuid, as its index may ' +
      'be that of another daxdev now.',
    'A daxdev that is lost can be removed once it has no files: famfs rm gives them up.',
    REWRITE_DETAILS,
  ],
  examples: [
    { command: 'famfs daxdev remove -n 2', explains: 'show which files would move where' },
    { command: 'famfs daxdev remove --clients-unmounted /dev/dax2.0', explains: 'take it out of its pool' },
  ],
  args: [
    {
      name: 'DAXDEV',
      completes: 'daxdev',
      summary: 'its index, its uuid or the first digits of it, or its path',
      required: true,
    },
  ],
  options: { ...threadOptions, ...rewriteOptions },
  seeAlso: ['daxdev list', 'daxdev add', 'rm'],
  changes: true,
  async run(context, [given = ''], { threads, ...options }): Promise<Result<DaxdevRemoveDocument>> {
    let cleared = false;
    const leave = (tree: EditedTree, volume: Volume) => leaving(volume, tree, given, options.journal === undefined);
    const { edited, row } = await withRewrite(context, options, [], leave, {
      beforeCommit: async (volume, { edited: { evacuation } }, historyUuid) => {
        if (evacuation === undefined) return;
        const progress = { label: 'moving', total: 2 * evacuation.bytes, threads };
        await withControl(context, progress, (control) => moveFiles(volume, evacuation, control));
        noteDeparture(context, volume.superblock.fsUuid, evacuation.member, historyUuid);
      },
      afterCommit: (volume, { uuid, path }) => {
        cleared = path !== undefined && clearLeft(context, volume, path, uuid);
      },
    });
    const { uuid, path = null, evacuation } = edited;
    const { entriesBefore, entriesAfter, journal, written, unchanged } = row;
    const { files = [], bytes = 0, renumbered = [], member } = evacuation ?? {};
    const data = {
      ...{ daxdev: member?.index ?? null, uuid, path, files: files.map(evacuatedFileRow), bytes, renumbered, cleared },
      ...{ written, unchanged, entriesBefore, entriesAfter, journal },
    };
    return { data, text: () => lines(data, options.dryRun === true) };
  },
});

function leaving(volume: Volume, tree: EditedTree, given: string, keepJournal: boolean): Leaving {
  const named = namedDaxdev(volume, given);
  if (named.kind === 'orphan') return { uuid: named.uuid, path: named.found.path, evacuation: undefined };
  const evacuation = evacuate(volume, tree, named.index, keepJournal);
  const { uuid, candidates, path } = evacuation.member;
  // of several copies of an image, none is known to be the one
  return { uuid, path: candidates.length === 1 ? path : undefined, evacuation };
}

function* lines(document: DaxdevRemoveDocument, dryRun: boolean): Generator<string> {
  const { daxdev, uuid, path, files, bytes, renumbered, entriesBefore, entriesAfter } = document;
  const name = path ?? `uuid ${uuid}`;
  if (dryRun) for (const file of files) yield `would move ${evacuatedLine(file)}`;
  if (daxdev === null) {
    yield `${name}: the log does not know it; its superblock ${dryRun ? 'would be' : 'was'} cleared`;
    return;
  }
  const moved = `${counted(files.length, 'file')}, ${humanBytes(bytes)} moved`;
  yield `daxdev ${daxdev} (${name}) ${dryRun ? 'would be ' : ''}removed: ${moved}; ${entriesBefore} log entries before, ${entriesAfter} after`;
  const crowded = files.filter((file) => file.crowded).length;
  if (crowded > 0) yield `${counted(crowded, 'file')} with strips on fewer daxdevs than before`;
  for (const { from, to, uuid: other } of renumbered)
    yield `daxdev ${from} ${dryRun ? `would be daxdev ${to}` : `is daxdev ${to} now`}, uuid ${other}`;
}
