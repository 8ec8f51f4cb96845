import { memberSpaces } from '../fs/allocate/memberSpace.js';
import { type Orphan, orphansOf } from '../fs/pool/orphans.js';
import { defineCommand, type Result } from '../ui/command.js';
import { table } from '../ui/table.js';
import { deviceOptions, withVolume } from './options/device.js';
import { type RegistrationsDocument, type RepliesDocument, registrationsD, repliesV2 } from './output/kernelDaxdev.js';
import { revisionOption } from './output/kernelForms.js';
import {
  byteColumns,
  indexColumn,
  type MemberRow,
  memberRow,
  pathColumn,
  stateColumn,
  uuidColumn,
} from './output/member.js';

/** With --format: what kernels are told; else the daxdevs. */
export type DaxdevListDocument = PoolDocument | RepliesDocument | RegistrationsDocument;

interface PoolDocument {
  readonly fsUuid: string;
  readonly daxdevs: readonly MemberRow[];
  /** daxdevs that say they belong to the pool, but are not in its log */
  readonly orphans: readonly Orphan[];
}

export const command = defineCommand({
  name: 'daxdev list',
  group: 'Look',
  summary: 'print the daxdevs of a pool',
  details: [
    'Prints index, uuid, path on this host, size, space used and free, largest hole and state of each daxdev of the pool. ' +
      'The state is present, missing (nothing here has its uuid), wrong size (its size is not what the log says), foreign ' +
      '(it says that it belongs to another file system), damaged (its superblock is not sound) or ambiguous (several ' +
      'daxdevs or images here have its uuid).',
    'A daxdev that says that it belongs to the pool, but that the log does not know, is what an interrupted mkfs or ' +
      'daxdev add leaves; it is printed after the others, and daxdev add takes it in.',
    'With --format, prints how kernels are told of them: v2, the GET_DAXDEV replies of the FUSE patches of 2025; d, the ' +
      'registrations of mainline kernels; each with what a kernel has against it.',
  ],
  examples: [
    { command: 'famfs daxdev list --dev /dev/dax0.0', explains: 'the pool that a daxdev belongs to' },
    { command: 'famfs daxdev list --json', explains: 'for a script' },
    { command: 'famfs daxdev list --format v2', explains: 'the replies that a kernel gets' },
  ],
  args: [],
  options: {
    human: { type: 'boolean', short: 'h', long: 'human-readable', summary: 'sizes as 1.5G' },
    format: {
      type: 'string',
      value: 'FORM',
      choices: ['table', 'v2', 'd'],
      default: 'table',
      summary: 'table, or as kernels are told: v2 or d',
    },
    revision: revisionOption,
    ...deviceOptions,
  },
  seeAlso: ['daxdev add', 'daxdev resolve', 'df'],
  async run(context, _args, { human = false, format, revision, dev }): Promise<Result<DaxdevListDocument>> {
    const { fsUuid, rows, orphans } = await withVolume(context, dev, (volume) => ({
      fsUuid: volume.superblock.fsUuid,
      rows: memberSpaces(volume).map(memberRow),
      orphans: orphansOf(volume.members.finder, volume.superblock.fsUuid, volume.replay.daxdevs),
    }));
    if (format === 'v2') return repliesV2(rows, revision);
    if (format === 'd') return registrationsD(rows);
    const columns = [
      indexColumn,
      stateColumn,
      ...byteColumns(['size', 'used', 'free', 'largestHole'], human),
      uuidColumn,
      pathColumn,
    ];
    return {
      data: { fsUuid, daxdevs: rows, orphans },
      text: async (style) => [
        ...(await table(context, style, columns, rows)),
        ...orphans.map(({ path }) => `${path}: not in the log; add it with: famfs daxdev add ${path}`),
      ],
    };
  },
});
