import { famfsOn, probe, secondaryOn } from '../fs/pool/finder.js';
import { labelOn } from '../fs/pool/tags.js';
import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { humanBytes } from '../ui/units.js';
import { udevEncoded } from './output/udevEncoded.js';

export interface ProbeDocument {
  readonly path: string;
  /** none: no famfs; damaged, other-version: there is one, but it cannot be used */
  readonly state: 'none' | 'damaged' | 'other-version' | 'valid';
  /** bytes */
  readonly size: number;
  /** null: no famfs */
  readonly superblock: ProbedSuperblock | null;
}

interface ProbedSuperblock {
  readonly role: 'primary' | 'secondary';
  /** null: none, or it is on the primary */
  readonly label: string | null;
  readonly fsUuid: string;
  readonly deviceUuid: string;
  /** of the Master */
  readonly systemUuid: string;
  /** on-media format: `2.2` */
  readonly format: string;
}

export const command = defineCommand({
  name: 'probe',
  group: 'Look',
  summary: 'say whether there is a famfs on a device',
  details: [
    'Reads the superblock of one daxdev or image, and nothing else: no log, no other daxdev, no configuration. It is for udev rules and ' +
      'scripts that must know what a device is.',
    'With --export, prints the keys that udev has for file systems: ID_FS_TYPE, ID_FS_UUID, ID_FS_UUID_SUB, ID_FS_LABEL, ID_FS_LABEL_ENC, ' +
      'ID_FS_VERSION, and FAMFS_DAXDEV_ROLE and FAMFS_STATE. The label is that of the primary; a secondary has none.',
  ],
  examples: [
    { command: 'famfs probe /dev/dax0.0 && echo famfs', explains: 'in a script' },
    {
      command: 'IMPORT{program}="/usr/bin/famfs probe --export $devnode"',
      explains: 'in a udev rule for KERNEL=="dax*"',
    },
  ],
  args: [{ name: 'DEVICE', completes: 'daxdev', summary: 'daxdev or image', required: true }],
  options: { export: { type: 'boolean', summary: 'KEY=value lines, with the keys of udev' } },
  exitCodes: {
    usage: 4,
    failed: 1,
    table: {
      0: 'There is a famfs, perhaps a damaged one.',
      1: 'The device cannot be read.',
      2: 'There is none.',
      4: 'Wrong usage.',
    },
  },
  seeAlso: ['list', 'info'],
  async run(context, [path = ''], { export: exported = false }): Promise<Result<ProbeDocument>> {
    if (exported && context.json)
      throw new UsageError('--export and --json exclude each other', 'leave one of them out');
    const daxdev = probe(context, path);
    const superblock = famfsOn(daxdev);
    const { reading, size } = daxdev;
    const probed: ProbedSuperblock | null =
      superblock === undefined
        ? null
        : {
            role: secondaryOn(daxdev) === undefined ? 'primary' : 'secondary',
            label: labelOn(context, daxdev) ?? null,
            fsUuid: superblock.fsUuid,
            deviceUuid: superblock.deviceUuid,
            systemUuid: superblock.systemUuid,
            format: `${superblock.formatMajor}.${superblock.formatMinor}`,
          };
    const data = { path: daxdev.path, state: reading.state, size, superblock: probed };
    return {
      data,
      text: () => (exported ? udevLines(data) : [line(data)]),
      exitCode: probed === null ? 2 : 0,
    };
  },
});

function line({ path, state, size, superblock }: ProbeDocument): string {
  if (superblock === null) return `${path}: no famfs`;
  const { role, label, fsUuid, deviceUuid, format } = superblock;
  const damage = state === 'valid' ? '' : `, ${state === 'damaged' ? 'damaged superblock' : 'another version'}`;
  return `${path}: famfs ${fsUuid}${label === null ? '' : `, label ${label}`}, ${role} ${deviceUuid}, ${humanBytes(size)}, format ${format}${damage}`;
}

function udevLines({ state, superblock }: ProbeDocument): Iterable<string> {
  if (superblock === null) return [];
  const { role, label, fsUuid, deviceUuid, format } = superblock;
  const encoded = label === null ? null : udevEncoded(label);
  const fields = {
    ID_FS_TYPE: 'famfs',
    ID_FS_USAGE: 'filesystem',
    ID_FS_VERSION: format,
    ID_FS_UUID: fsUuid,
    ID_FS_UUID_ENC: fsUuid,
    ID_FS_UUID_SUB: deviceUuid,
    ID_FS_LABEL: encoded?.replace(/\\x[\da-f]{2}/g, '_') ?? null,
    ID_FS_LABEL_ENC: encoded,
    FAMFS_DAXDEV_ROLE: role,
    FAMFS_STATE: state,
  };
  // udev takes a value as it stands
  return Object.entries(fields).flatMap(([key, value]) => (value === null ? [] : [`${key}=${value}`]));
}
