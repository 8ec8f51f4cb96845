import { type AddTarget, addDaxdevs } from '../fs/mkfs/addDaxdevs.js';
import { defineCommand, type Result } from '../ui/command.js';
import { humanBytes } from '../ui/units.js';
import { deviceOptions, withSession } from './options/device.js';
import { dryRunOption } from './options/dryRun.js';
import { planOnly } from './options/planOnly.js';
import { type NewMemberRow, newMemberRow } from './output/member.js';

export interface DaxdevAddDocument {
  readonly daxdevs: readonly AddedMemberRow[];
  /** false with --dry-run */
  readonly written: boolean;
}

interface AddedMemberRow extends NewMemberRow {
  /** whether it was already a secondary of this pool that the log did not name, as an interrupted add leaves it */
  readonly adopted: boolean;
}

export const command = defineCommand({
  name: 'daxdev add',
  aliases: ['devadd'],
  group: 'Make and fill',
  summary: 'add daxdevs to a pool',
  details: [
    'Each DEV becomes a secondary of the pool: its superblock is written, then a log entry gives it the ' +
      'next index. New files may use it at once; existing files stay where they are. A pool has at most 64 ' +
      'daxdevs; famfs daxdev remove takes one out again.',
    'All DEVs are checked before the first is written to. A secondary that an interrupted mkfs or daxdev add has left, and ' +
      'that the log does not have, joins unchanged.',
  ],
  examples: [
    { command: 'famfs daxdev add --dev /dev/dax0.0 /dev/dax1.0 /dev/dax2.0', explains: 'two more daxdevs' },
    { command: 'famfs devadd --force --dev pool.img old.img', explains: 'replace what old.img holds' },
  ],
  args: [
    { name: 'DEV', completes: 'daxdev', summary: 'daxdev or image that joins the pool', required: true, repeat: true },
  ],
  options: {
    force: {
      type: 'count',
      short: 'f',
      shortAliases: ['F'],
      summary: 'replace what is on the device; twice to replace a famfs of another host',
    },
    ...dryRunOption,
    ...deviceOptions,
  },
  seeAlso: ['daxdev list', 'daxdev remove', 'daxdev replace', 'mkfs', 'fsck'],
  changes: true,
  async run(context, devices, { force, dryRun = false, dev }): Promise<Result<DaxdevAddDocument>> {
    const add = (target: AddTarget) => addDaxdevs(target, devices, { force, dryRun });
    const daxdevs = dryRun ? await planOnly(context, dev, add) : await withSession(context, dev, add);
    const rows = daxdevs.map((daxdev) => ({ ...newMemberRow(daxdev), adopted: daxdev.adopted }));
    return { data: { daxdevs: rows, written: !dryRun }, text: () => rows.map((row) => addedLine(row, dryRun)) };
  },
});

function addedLine({ path, daxdev, size, uuid, adopted }: AddedMemberRow, dryRun: boolean): string {
  const how = adopted ? 'adopted' : 'added';
  return `${path}: ${dryRun ? 'would be ' : ''}${how} as daxdev ${daxdev}, ${humanBytes(size)}, uuid ${uuid}`;
}
