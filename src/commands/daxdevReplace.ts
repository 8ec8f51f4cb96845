import { openNew } from '../fs/mkfs/newDaxdevs.js';
import { namedMember } from '../fs/pool/namedDaxdev.js';
import type { Volume } from '../fs/pool/volume.js';
import { noteDeparture } from '../fs/rewrite/departure.js';
import type { EditedTree } from '../fs/rewrite/editedTree.js';
import {
  type DoneReplacement,
  doneReplacement,
  fillReplacement,
  type Replacement,
  replaceDaxdev,
} from '../fs/rewrite/replacement.js';
import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { humanBytes } from '../ui/units.js';
import { clearLeft } from './options/clearLeft.js';
import { type LogRewriteRow, REWRITE_DETAILS, rewriteOptions, withRewrite } from './options/rewrite.js';
import { threadOptions, withControl } from './transfer/runTransfer.js';

export interface DaxdevReplaceDocument extends LogRewriteRow {
  /** index, which stays */
  readonly daxdev: number;
  readonly left: LeftDaxdev;
  readonly joined: JoinedDaxdev;
  /** of files, copied */
  readonly bytes: number;
}

interface LeftDaxdev {
  readonly uuid: string;
  /** on this host; null if it is lost */
  readonly path: string | null;
  /** its superblock was cleared */
  readonly cleared: boolean;
}

interface JoinedDaxdev {
  readonly uuid: string;
  readonly path: string;
  /** bytes */
  readonly size: number;
  /** its previous contents; null: none */
  readonly replaced: string | null;
}

export const command = defineCommand({
  name: 'daxdev replace',
  group: 'Rewrite the log',
  summary: 'put another daxdev in the place of one of a pool',
  details: [
    'NEW gets the index of OLD, and every file the same offset on it: what files have on OLD is copied, read again and compared, then the ' +
      'log is rewritten with the uuid and size of NEW, and the superblock of OLD is cleared last. NEW may be smaller than OLD if it has ' +
      'all space that files use. It must be blank, or --force replaces what it holds. The primary cannot be replaced.',
    'If it is stopped, run it again. Before the log was rewritten, the pool has not changed. After that, only the superblock of OLD is ' +
      'left, and it is cleared; famfs daxdev remove with the path of OLD does so, too.',
    REWRITE_DETAILS,
  ],
  examples: [
    { command: 'famfs daxdev replace --clients-unmounted 2 /dev/dax7.0', explains: 'move daxdev 2 to another device' },
  ],
  args: [
    {
      name: 'OLD',
      completes: 'daxdev',
      summary: 'daxdev of the pool: its index, its uuid or the first digits of it, or its path',
      required: true,
    },
    { name: 'NEW', completes: 'daxdev', summary: 'daxdev or image that takes its place', required: true },
  ],
  options: {
    force: {
      type: 'count',
      short: 'f',
      summary: 'replace what is on NEW; twice to replace a famfs of another host',
    },
    ...threadOptions,
    ...rewriteOptions,
  },
  seeAlso: ['daxdev remove', 'daxdev add', 'daxdev list'],
  changes: true,
  async run(context, [old = '', path], { force, threads, ...options }): Promise<Result<DaxdevReplaceDocument>> {
    if (path === undefined) throw new UsageError('NEW is missing', 'name the daxdev that takes the place of OLD');
    const dryRun = options.dryRun === true;
    const devices = openNew(context, [path], !dryRun && options.clientsUnmounted === true);
    const [device] = devices as [(typeof devices)[0]];
    try {
      let cleared = false;
      const replace = (tree: EditedTree, volume: Volume) =>
        done(doneReplacement(volume, old, device)) ??
        begun(
          replaceDaxdev(volume, tree, namedMember(volume, old, hintFor, device.identity), device, { force, dryRun }),
        );
      const { edited, row } = await withRewrite(context, options, [], replace, {
        beforeCommit: async (volume, { edited: { replacement } }, historyUuid) => {
          if (replacement === undefined) return;
          await withControl(context, { label: 'copying', total: 2 * replacement.bytes, threads }, (control) =>
            fillReplacement(volume, replacement, device, control),
          );
          noteDeparture(context, volume.superblock.fsUuid, replacement.member, historyUuid);
        },
        afterCommit: (volume, { left: { path: leftPath, uuid, isOne } }) => {
          cleared = leftPath !== undefined && isOne && clearLeft(context, volume, leftPath, uuid);
        },
      });
      const data = documentOf(edited, row, { path, size: device.size, cleared });
      return { data, text: () => [line(data, dryRun)] };
    } finally {
      device.close();
    }
  },
});

interface Replacing {
  /** undefined if only its last step is missing: the superblock of the daxdev that has left */
  readonly replacement: Replacement | undefined;
  readonly index: number;
  /** `isOne`: it has no copies */
  readonly left: { readonly uuid: string; readonly path: string | undefined; readonly isOne: boolean };
  /** of NEW */
  readonly uuid: string;
}

function begun(replacement: Replacement): Replacing {
  const { member, uuid } = replacement;
  const left = { uuid: member.uuid, path: member.path, isOne: member.candidates.length === 1 };
  return { replacement, index: member.index, left, uuid };
}

function done(replacement: DoneReplacement | undefined): Replacing | undefined {
  if (replacement === undefined) return undefined;
  const { index, left, uuid } = replacement;
  return { replacement: undefined, index, left: { ...left, isOne: true }, uuid };
}

function hintFor(orphan: string): string {
  return `if its replacement was stopped, finish that with: famfs daxdev remove ${orphan}`;
}

function documentOf(
  { replacement, index, left, uuid }: Replacing,
  { entriesBefore, entriesAfter, journal, written, unchanged }: LogRewriteRow,
  { path, size, cleared }: { readonly path: string; readonly size: number; readonly cleared: boolean },
): DaxdevReplaceDocument {
  return {
    daxdev: index,
    left: { uuid: left.uuid, path: left.path ?? null, cleared },
    joined: { uuid, path, size, replaced: replacement?.replaced ?? null },
    bytes: replacement?.bytes ?? 0,
    ...{ written, unchanged, entriesBefore, entriesAfter, journal },
  };
}

function line({ daxdev, left, joined, bytes }: DaxdevReplaceDocument, dryRun: boolean): string {
  const done = dryRun ? 'would be' : 'was';
  return `daxdev ${daxdev} (${left.path ?? `uuid ${left.uuid}`}) ${done} replaced by ${joined.path}, ${humanBytes(joined.size)}, uuid ${joined.uuid}: ${humanBytes(bytes)} copied`;
}
