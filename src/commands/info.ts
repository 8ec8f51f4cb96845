import { counted } from '../format/counted.js';
import { LOG_ENTRY_SIZE } from '../format/logEntry.js';
import { slotOffset } from '../format/logHeader.js';
import { deviceName } from '../fs/media/superblockReader.js';
import type { Role } from '../fs/pool/role.js';
import type { Volume } from '../fs/pool/volume.js';
import { defineCommand, type Result } from '../ui/command.js';
import { exactBytes, hex, humanBytes } from '../ui/units.js';
import { atOption } from './options/at.js';
import { deviceArgument, deviceOptions, withVolume } from './options/device.js';
import { type InterleaveRow, interleaveRow, type MemberPlaceRow, memberPlaceRow } from './output/member.js';

export interface InfoDocument {
  readonly fsUuid: string;
  /** null: none */
  readonly label: string | null;
  /** of the Master */
  readonly systemUuid: string;
  /** of this host */
  readonly role: Role;
  /** of the superblock */
  readonly version: number;
  /** of the media: 1.0 */
  readonly format: string;
  /** bytes */
  readonly allocationUnit: number;
  /** the device with the superblock and the log */
  readonly primary: {
    readonly path: string;
    readonly kind: 'device' | 'file';
    /** bytes */
    readonly size: number;
    /** bytes */
    readonly alignment: number;
    readonly uuid: string;
    /** its path when the file system was made */
    readonly deviceName: string;
  };
  readonly log: {
    /** bytes from the start of the primary */
    readonly deviceOffset: number;
    /** bytes */
    readonly length: number;
    /** entries that fit */
    readonly slots: number;
    readonly entries: number;
    /** unusable entries */
    readonly skipped: number;
    /** bytes of header and entries */
    readonly bytesUsed: number;
    /** bytes of an entry */
    readonly entrySize: number;
  };
  readonly files: number;
  readonly directories: number;
  /** default layout of new files; null: none */
  readonly defaultInterleave: InterleaveRow | null;
  readonly daxdevs: readonly MemberPlaceRow[];
}

export const command = defineCommand({
  name: 'info',
  group: 'Look',
  summary: 'print superblock, role and log use',
  details: [
    'Prints the identity of the file system, whether this host is its Master or a Client, and how full its log is.',
  ],
  examples: [{ command: 'famfs info /dev/dax0.0', explains: 'the file system on one daxdev' }],
  args: [deviceArgument],
  options: { ...atOption, ...deviceOptions },
  seeAlso: ['df', 'fsck'],
  async run(context, devices, { at, dev }): Promise<Result<InfoDocument>> {
    const data = await withVolume(context, [...devices, ...dev], infoOf, [], at);
    return { data, text: () => infoLines(data) };
  },
});

function infoOf(volume: Volume): InfoDocument {
  const { superblock, primary, primarySize, role, log, replay, members, label, defaultInterleave } = volume;
  const { fsUuid, systemUuid, version, formatMajor, formatMinor, allocationUnit } = superblock;
  return {
    fsUuid,
    label: label ?? null,
    systemUuid,
    role,
    version,
    format: `${formatMajor}.${formatMinor}`,
    allocationUnit,
    primary: {
      path: primary.path,
      kind: primary.kind,
      size: primarySize,
      alignment: primary.align,
      uuid: superblock.deviceUuid,
      deviceName: deviceName(superblock),
    },
    log: {
      deviceOffset: superblock.logOffset,
      length: superblock.logLength,
      slots: log.capacity,
      entries: replay.next,
      skipped: replay.skipped,
      bytesUsed: slotOffset(replay.next),
      entrySize: LOG_ENTRY_SIZE,
    },
    files: replay.namespace.fileCount,
    directories: replay.namespace.directoryCount,
    defaultInterleave: interleaveRow(defaultInterleave),
    daxdevs: members.all().map(memberPlaceRow),
  };
}

function infoLines(data: InfoDocument): string[] {
  const { primary, log, files, directories, daxdevs } = data;
  const held = [
    counted(files, 'file'),
    counted(directories, 'directory', 'directories'),
    counted(daxdevs.length, 'daxdev'),
  ];
  return [
    `device:           ${primary.path} (${primary.kind}, ${humanBytes(primary.size)}, named ${primary.deviceName || 'nothing'} when made)`,
    `file system uuid: ${data.fsUuid}`,
    ...(data.label === null ? [] : [`label:            ${data.label}`]),
    `device uuid:      ${primary.uuid}`,
    `Master uuid:      ${data.systemUuid}`,
    `this host is:     ${data.role}`,
    `version:          ${data.version}, on-media format ${data.format}`,
    `allocation unit:  ${exactBytes(data.allocationUnit)}`,
    `log:              ${log.entries} of ${log.slots} entries used, ${log.skipped} skipped, ${humanBytes(log.length)} at ${hex(log.deviceOffset)}`,
    `holds:            ${held.join(', ')}`,
    ...poolLines(data),
  ];
}

/** Facts that only a pool of several daxdevs has, or one that was made with a default. */
function* poolLines({ defaultInterleave, daxdevs }: InfoDocument): Generator<string> {
  if (defaultInterleave !== null) {
    const { stripes, chunkSize } = defaultInterleave;
    yield `interleaves:      ${counted(stripes, 'strip')}, chunk ${exactBytes(chunkSize)}, by default`;
  }
  if (daxdevs.length === 1) return;
  for (const { daxdev, size, state, path, uuid } of daxdevs)
    yield `${`daxdev ${daxdev}:`.padEnd(18)}${state === 'present' ? path : `${state}${path === null ? '' : ` (${path})`}`}, ${size === null ? 'no size below 8P' : humanBytes(size)}, uuid ${uuid}`;
}
