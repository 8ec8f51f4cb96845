import { namedMember } from '../fs/pool/namedDaxdev.js';
import type { Volume } from '../fs/pool/volume.js';
import type { EditedTree } from '../fs/rewrite/editedTree.js';
import { type Resized, recordSize, resizeDaxdev } from '../fs/rewrite/resize.js';
import { refuseInUse } from '../fs/rewrite/rewriteLog.js';
import { defineCommand, type Result } from '../ui/command.js';
import { exactBytes } from '../ui/units.js';
import { type LogRewriteRow, REWRITE_DETAILS, rewriteOptions, withRewrite } from './options/rewrite.js';

export interface DaxdevResizeDocument extends LogRewriteRow {
  /** index in the pool */
  readonly daxdev: number;
  readonly uuid: string;
  readonly path: string;
  /** bytes, as recorded before */
  readonly sizeBefore: number;
  /** bytes that the device has */
  readonly size: number;
}

export const command = defineCommand({
  name: 'daxdev resize',
  group: 'Rewrite the log',
  summary: 'record the size that a daxdev has now',
  details: [
    'For a device or image that has grown, or that has become smaller without losing space that files use: the pool records its size, ' +
      'and new files may use the space. Until then it has a wrong size, and nothing is written to it. The size of a secondary is in ' +
      'its superblock and in the log, that of the primary only in its superblock. No byte of a file is moved.',
    'If it is stopped, the daxdev still has a wrong size, or the right one; the same command completes it.',
    REWRITE_DETAILS,
  ],
  examples: [
    {
      command: 'truncate -s 64G pool2.img && famfs daxdev resize --clients-unmounted pool2.img',
      explains: 'grow an image',
    },
  ],
  args: [
    {
      name: 'DAXDEV',
      completes: 'daxdev',
      summary: 'its index, its uuid or the first digits of it, or its path',
      required: true,
    },
  ],
  options: rewriteOptions,
  seeAlso: ['daxdev list', 'daxdev replace', 'df'],
  changes: true,
  async run(context, [given = ''], options): Promise<Result<DaxdevResizeDocument>> {
    const dryRun = options.dryRun === true;
    const resize = (tree: EditedTree, volume: Volume) => {
      if (!dryRun) refuseInUse(volume);
      return resizeDaxdev(volume, tree, namedMember(volume, given, hintFor));
    };
    const { edited, row } = await withRewrite(context, options, [], resize, {
      anySize: true,
      beforeCommit: async (volume, plan) => recordSize(volume, plan.edited),
      // where the log has the size already, or never has it
      afterCommit: recordSize,
    });
    const { member, path, before, size } = edited;
    const { entriesBefore, entriesAfter, journal, written } = row;
    const data = {
      ...{ daxdev: member.index, uuid: member.uuid, path, sizeBefore: before, size },
      ...{ written: written || (!dryRun && before !== size), unchanged: before === size && row.unchanged },
      ...{ entriesBefore, entriesAfter, journal },
    };
    return { data, text: () => [line(edited, dryRun)] };
  },
});

function hintFor(orphan: string): string {
  return `famfs daxdev add ${orphan} takes it in with the size that it has`;
}

function line({ member, path, before, size }: Resized, dryRun: boolean): string {
  const name = `daxdev ${member.index} (${path})`;
  if (before === size) return `${name} has ${exactBytes(size)}, as recorded`;
  return `${name} ${dryRun ? 'would have' : 'has'} ${exactBytes(size)} now, ${exactBytes(before)} before`;
}
