import { openNew } from '../fs/mkfs/newDaxdevs.js';
import { namedMember } from '../fs/pool/namedDaxdev.js';
import type { Volume } from '../fs/pool/volume.js';
import type { EditedTree } from '../fs/rewrite/editedTree.js';
import { fillReplacement, type Replacement, replaceDaxdev } from '../fs/rewrite/replacement.js';
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
    'If it is stopped before the log is rewritten, the pool has not changed, and the command can be run again. If it is stopped after that, ' +
      'only the superblock of OLD is left: famfs daxdev remove with its path clears it.',
    REWRITE_DETAILS,
  ],
  examples: [
    { command: 'famfs daxdev replace --clients-unmounted 2 /dev/dax7.0', explains: 'move daxdev 2 to another device' },
  ],
  args: [
    {
      name: 'OLD',
      summary: 'daxdev of the pool: its index, its uuid or the first digits of it, or its path',
      required: true,
    },
    { name: 'NEW', summary: 'daxdev or image that takes its place', required: true },
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
        replaceDaxdev(volume, tree, namedMember(volume, old, hintFor, device.identity), device, { force, dryRun });
      const { edited, row } = await withRewrite(context, options, [], replace, {
        beforeCommit: (volume, plan) =>
          withControl(context, { label: 'copying', total: 2 * plan.edited.bytes, threads }, (control) =>
            fillReplacement(volume, plan.edited, device, control),
          ),
        afterCommit: (volume, { member: { candidates, path: left, uuid } }) => {
          cleared = left !== undefined && candidates.length === 1 && clearLeft(context, volume, left, uuid);
        },
      });
      const data = documentOf(edited, row, { path, size: device.size, cleared });
      return { data, text: () => [line(data, dryRun)] };
    } finally {
      device.close();
    }
  },
});

function hintFor(orphan: string): string {
  return `if its replacement was stopped, finish that with: famfs daxdev remove ${orphan}`;
}

function documentOf(
  { member, uuid, replaced, bytes }: Replacement,
  { entriesBefore, entriesAfter, journal, written, unchanged }: LogRewriteRow,
  { path, size, cleared }: { readonly path: string; readonly size: number; readonly cleared: boolean },
): DaxdevReplaceDocument {
  return {
    daxdev: member.index,
    left: { uuid: member.uuid, path: member.path ?? null, cleared },
    joined: { uuid, path, size, replaced: replaced ?? null },
    bytes,
    ...{ written, unchanged, entriesBefore, entriesAfter, journal },
  };
}

function line({ daxdev, left, joined, bytes }: DaxdevReplaceDocument, dryRun: boolean): string {
  const done = dryRun ? 'would be' : 'was';
  return `daxdev ${daxdev} (${left.path ?? `uuid ${left.uuid}`}) ${done} replaced by ${joined.path}, ${humanBytes(joined.size)}, uuid ${joined.uuid}: ${humanBytes(bytes)} copied`;
}
