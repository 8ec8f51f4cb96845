import { MIN_LOG_LENGTH } from '../format/logHeader.js';
import { killFamfs, mkfs } from '../fs/mkfs.js';
import { defineCommand } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { humanBytes } from '../ui/units.js';

export const command = defineCommand({
  name: 'mkfs',
  group: 'Make and fill',
  summary: 'make a famfs file system',
  details: [
    'Makes a file system on a dax character device, or on a plain file that stands in for one. The host becomes its ' +
      'Master: only this host may change it.',
    'A device that holds a famfs of this host, or content of another kind, is replaced only with --force; a famfs of ' +
      'another host only with --force given twice; a mounted one never. The old superblock is invalidated first and ' +
      'the new one is written last, so an interrupted mkfs leaves no file system rather than a false one.',
    'The reference tools refuse devices below 4 GiB; this one warns and goes on.',
  ],
  examples: [
    { command: 'famfs mkfs /dev/dax0.0', explains: 'make a file system on a daxdev' },
    { command: 'truncate -s 16G pool.img && famfs mkfs pool.img', explains: 'make one on an image file' },
    { command: 'famfs mkfs --force --kill /dev/dax0.0', explains: 'end a file system without making another' },
  ],
  args: [{ name: 'DEV', summary: 'daxdev or image', required: true }],
  options: {
    loglen: {
      type: 'size',
      value: 'SIZE',
      default: MIN_LOG_LENGTH,
      summary: 'length of the log, a power of two from 8M',
      details: 'An 8 MiB log holds 15,420 files and directories, a 256 MiB log 493,447.',
    },
    force: {
      type: 'count',
      short: 'F',
      summary: 'replace what is on the device; twice to replace a famfs of another host',
    },
    kill: { type: 'boolean', summary: 'with --force: only invalidate the famfs that is there' },
    dryRun: { type: 'boolean', short: 'n', summary: 'do all checks and say what would be made, but write nothing' },
  },
  seeAlso: ['fsck', 'info'],
  async run(context, [device = ''], { loglen, force, kill, dryRun = false }) {
    if (kill && force === 0)
      throw new UsageError('--kill needs --force', 'give both to invalidate the famfs that is there');
    const options = { logLength: loglen, force, dryRun };
    if (kill) {
      const killed = killFamfs(context, device, options);
      return { data: killed, text: () => [`${device}: famfs ${dryRun ? 'would be' : 'was'} killed`] };
    }
    const made = mkfs(context, device, options);
    return {
      data: made,
      text: (style) => [
        `${style.bold(device)}: famfs ${made.fsUuid} ${dryRun ? 'would be made' : 'made'}`,
        `device size ${humanBytes(made.deviceSize)}, log ${humanBytes(made.logLength)} (${made.logSlots} entries), room for files ${humanBytes(made.capacity)}`,
      ],
    };
  },
});
