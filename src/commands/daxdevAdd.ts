import { type AddedDaxdev, addDaxdevs } from '../fs/mkfs/addDaxdevs.js';
import { defineCommand } from '../ui/command.js';
import { humanBytes } from '../ui/units.js';
import { deviceOptions, withSession } from './options/device.js';

export const command = defineCommand({
  name: 'daxdev add',
  aliases: ['devadd'],
  group: 'Make and fill',
  summary: 'add daxdevs to a pool',
  details: [
    'Each DEV becomes a secondary of the pool: its superblock is written, then the log gets an entry that gives it the ' +
      'next index. New files may use it from then on; files that exist stay where they are. A pool has at most 64 ' +
      'daxdevs, and none can be taken away.',
    'All DEVs are checked before the first is written to. What an interrupted mkfs or daxdev add has left, a secondary ' +
      'that the log does not know, is taken in as it is.',
  ],
  examples: [
    { command: 'famfs daxdev add --dev /dev/dax0.0 /dev/dax1.0 /dev/dax2.0', explains: 'two more daxdevs' },
    { command: 'famfs devadd --force --dev pool.img old.img', explains: 'replace what old.img holds' },
  ],
  args: [{ name: 'DEV', summary: 'daxdev or image that joins the pool', required: true, repeat: true }],
  options: {
    force: {
      type: 'count',
      short: 'F',
      summary: 'replace what is on the device; twice to replace a famfs of another host',
    },
    dryRun: { type: 'boolean', short: 'n', summary: 'do all checks and say what would be added, but write nothing' },
    ...deviceOptions,
  },
  seeAlso: ['daxdev list', 'mkfs', 'fsck'],
  async run(context, devices, { force, dryRun = false, dev }) {
    const daxdevs = await withSession(context, dev, (session) => addDaxdevs(session, devices, { force, dryRun }));
    return { data: { daxdevs, written: !dryRun }, text: () => daxdevs.map((daxdev) => describe(daxdev, dryRun)) };
  },
});

function describe({ device, index, size, uuid, adopted }: AddedDaxdev, dryRun: boolean): string {
  const how = adopted ? 'taken in' : 'added';
  return `${device}: ${dryRun ? 'would be ' : ''}${how} as daxdev ${index}, ${humanBytes(size)}, uuid ${uuid}`;
}
