import { LOG_ENTRY_SIZE } from '../format/entries/logEntry.js';
import { slotOffset } from '../format/logHeader.js';
import { readPoolDefaults } from '../fs/media/poolDefaults.js';
import { deviceName } from '../fs/media/superblockReader.js';
import { defineCommand } from '../ui/command.js';
import { exactBytes, humanBytes } from '../ui/units.js';
import { deviceOptions, withVolume } from './options/device.js';

export const command = defineCommand({
  name: 'info',
  group: 'Look',
  summary: 'print superblock, role and log use',
  details: [
    'Prints the identity of the file system, whether this host is its Master or a Client, and how full its log is.',
  ],
  examples: [{ command: 'famfs info --dev /dev/dax0.0', explains: 'the file system on one daxdev' }],
  args: [],
  options: deviceOptions,
  seeAlso: ['df', 'fsck'],
  async run(context, _args, { dev }) {
    const data = await withVolume(context, dev, ({ superblock, primary, primarySize, role, log, replay, members }) => ({
      device: primary.path,
      deviceKind: primary.kind,
      deviceSize: primarySize,
      deviceAlignment: primary.align,
      fsUuid: superblock.fsUuid,
      deviceUuid: superblock.deviceUuid,
      systemUuid: superblock.systemUuid,
      role,
      version: superblock.version,
      format: `${superblock.formatMajor}.${superblock.formatMinor}`,
      allocationUnit: superblock.allocationUnit,
      deviceName: deviceName(superblock),
      logOffset: superblock.logOffset,
      logLength: superblock.logLength,
      logSlots: log.capacity,
      logSlotsUsed: replay.next,
      logBytesUsed: slotOffset(replay.next),
      logEntrySize: LOG_ENTRY_SIZE,
      entriesSkipped: replay.skipped,
      files: replay.namespace.fileCount,
      directories: replay.namespace.directoryCount,
      defaultInterleave: readPoolDefaults(primary, superblock.fsUuid) ?? null,
      daxdevs: members.all().map(({ index, uuid, size, state, path }) => ({
        index,
        uuid,
        size,
        state,
        path: path ?? null,
      })),
    }));
    return {
      data,
      text: () => [
        `device:           ${data.device} (${data.deviceKind}, ${humanBytes(data.deviceSize)}, named ${data.deviceName || 'nothing'} when made)`,
        `file system uuid: ${data.fsUuid}`,
        `device uuid:      ${data.deviceUuid}`,
        `Master uuid:      ${data.systemUuid}`,
        `this host is:     ${data.role}`,
        `version:          ${data.version}, on-media format ${data.format}`,
        `allocation unit:  ${data.allocationUnit}`,
        `log:              ${data.logSlotsUsed} of ${data.logSlots} entries used, ${data.entriesSkipped} skipped, ${humanBytes(data.logLength)} at ${data.logOffset}`,
        `holds:            ${data.files} files, ${data.directories} directories, ${data.daxdevs.length} daxdevs`,
        ...poolLines(data),
      ],
    };
  },
});

interface PoolData {
  readonly defaultInterleave: { readonly stripes: number; readonly chunkSize: number } | null;
  readonly daxdevs: readonly { readonly index: number; readonly size: number; state: string; path: string | null }[];
}

/** What only a pool of several has, or one that was made with a default. */
function* poolLines({ defaultInterleave, daxdevs }: PoolData): Generator<string> {
  if (defaultInterleave !== null)
    yield `interleaves:      ${defaultInterleave.stripes} strips, chunk ${exactBytes(defaultInterleave.chunkSize)}, unless told otherwise`;
  if (daxdevs.length === 1) return;
  for (const { index, size, state, path } of daxdevs)
    yield `${`daxdev ${index}:`.padEnd(18)}${state === 'present' ? path : `${state}${path === null ? '' : ` (${path})`}`}, ${humanBytes(size)}`;
}
