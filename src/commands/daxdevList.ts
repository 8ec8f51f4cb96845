import { KERNEL_FORM_NAMES, kernelForm } from '../format/kernel/forms.js';
import { memberSpaces } from '../fs/allocate/memberSpace.js';
import { orphanSearch } from '../fs/pool/namedDaxdev.js';
import { type Orphan, orphansOf } from '../fs/pool/orphans.js';
import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { table } from '../ui/table.js';
import { deviceArgument, deviceOptions, withVolume } from './options/device.js';
import { checkRevision, revisionOption } from './options/kernelForm.js';
import { type KernelDaxdevsDocument, kernelDaxdevs } from './output/kernelDaxdev.js';
import {
  byteColumns,
  indexColumn,
  type MemberRow,
  memberRow,
  pathColumn,
  stateColumn,
  uuidColumn,
} from './output/member.js';

/** With --format: the messages that kernels get for the daxdevs; otherwise the daxdevs. */
export type DaxdevListDocument = PoolDocument | KernelDaxdevsDocument;

interface PoolDocument {
  readonly fsUuid: string;
  readonly daxdevs: readonly MemberRow[];
  /** daxdevs whose superblocks name the pool, but that are not in its log */
  readonly orphans: readonly Orphan[];
}

export const command = defineCommand({
  name: 'daxdev list',
  group: 'Look',
  summary: 'print the daxdevs of a pool',
  details: [
    'Prints index, uuid, path on this host, size, space used and free, largest hole and state of each daxdev of the pool. ' +
      'The state is present, missing (nothing on this host has its uuid), wrong size (its size differs from the log), foreign ' +
      '(its superblock names another file system), damaged (its superblock is not sound) or ambiguous (several ' +
      'daxdevs or images on this host have its uuid).',
    'A daxdev whose superblock names the pool, but that is not in the log, was left by an interrupted mkfs or ' +
      'daxdev add; it is printed after the others, and daxdev add completes it.',
    `With --format, prints the message about each of them that a kernel is sent, and its objections: ${sentSummaries()}.`,
  ],
  examples: [
    { command: 'famfs daxdev list /dev/dax0.0', explains: 'the pool that a daxdev belongs to' },
    { command: 'famfs daxdev list --json', explains: 'for a script' },
    { command: 'famfs daxdev list --format v2', explains: 'the messages for a kernel' },
  ],
  args: [deviceArgument],
  options: {
    human: { type: 'boolean', short: 'h', long: 'human-readable', summary: 'sizes as 1.5G' },
    format: {
      type: 'string',
      value: 'FORM',
      choices: ['table', ...KERNEL_FORM_NAMES],
      default: 'table',
      summary: 'table, or the form in which kernels are sent daxdevs',
    },
    revision: revisionOption,
    ...deviceOptions,
  },
  seeAlso: ['daxdev add', 'daxdev resolve', 'df'],
  async run(context, devices, { human = false, format, revision, dev }): Promise<Result<DaxdevListDocument>> {
    if (format !== 'table' && human) throw new UsageError('-h is for the table', 'leave out --format, or -h');
    if (format !== 'table') checkRevision(format, revision);
    else if (revision !== undefined) throw new UsageError('--revision is for --format', 'give the form too');
    const { fsUuid, rows, orphans } = await withVolume(context, [...devices, ...dev], (volume) => ({
      fsUuid: volume.superblock.fsUuid,
      rows: memberSpaces(volume).map(memberRow),
      orphans: orphansOf(orphanSearch(volume)),
    }));
    if (format !== 'table') return kernelDaxdevs(format, rows, revision);
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
        ...orphans.map(({ path, left }) =>
          left
            ? `${path}: has left the pool; clear its superblock with: famfs daxdev remove ${path}`
            : `${path}: not in the log; add it with: famfs daxdev add ${path}`,
        ),
      ],
    };
  },
});

function sentSummaries(): string {
  return KERNEL_FORM_NAMES.map((name) => `${name}, ${kernelForm(name).daxdevs.summary}`).join('; ');
}
