import { counted } from '../format/counted.js';
import { undo } from '../fs/fsck/undo/undo.js';
import { defineCommand, type Result } from '../ui/command.js';
import { hex } from '../ui/units.js';
import { dryRunOption } from './options/dryRun.js';
import { type WriteRow, writeRow } from './output/repair.js';

export interface UndoDocument {
  /** of the daxdevs or images that the repair had changed */
  readonly paths: readonly string[];
  /** number of writes that were undone */
  readonly restored: number;
  /** these writes, the last one first; `why` says what the repair wrote */
  readonly writes: readonly WriteRow[];
  /** number of writes whose bytes were already as before */
  readonly unchanged: number;
  /** number of restored bytes */
  readonly bytes: number;
  /** false with --dry-run */
  readonly written: boolean;
}

export const command = defineCommand({
  name: 'undo',
  group: 'Check',
  summary: 'undo repairs of fsck',
  details: [
    'Restores the bytes that a run of fsck overwrote, from its undo image. If they are neither what the repair ' +
      'wrote nor what it found, something was written after the repair, and nothing is restored without --force.',
    'The daxdevs must be those of the undo image, as their uuids show. Only the Master restores, and never a mounted ' +
      'file system. An undo that was interrupted can be repeated.',
  ],
  examples: [
    { command: 'famfs undo -n repair.undo', explains: 'show what would be restored' },
    { command: 'famfs undo repair.undo', explains: 'undo the repairs of that run' },
  ],
  args: [
    { name: 'FILE', summary: 'undo image', required: true },
    {
      name: 'DEV',
      completes: 'daxdev',
      summary: 'where the daxdev or image is now; the default is where it was',
      required: false,
    },
  ],
  options: {
    force: { type: 'boolean', summary: 'restore even what was changed after the repair' },
    dryRun: { ...dryRunOption.dryRun, summary: 'check everything and show what would be restored' },
    interrupted: {
      type: 'boolean',
      summary: 'use an incomplete undo image: that run of fsck was interrupted',
      details:
        'Every record is saved before its write begins, so the image of an interrupted run has everything that was written. A ' +
        'truncated copy does not: then only a part of the repairs would be undone.',
    },
  },
  seeAlso: ['fsck'],
  changes: true,
  async run(context, [file = '', device], options): Promise<Result<UndoDocument>> {
    const { force = false, dryRun = false, interrupted = false } = options;
    const { devices, restored, unchanged, bytes, written } = undo(context, file, {
      force,
      dryRun,
      interrupted,
      device,
    });
    const rows = restored.map(writeRow);
    return {
      data: { paths: devices, restored: rows.length, writes: rows, unchanged, bytes, written },
      text: () => [
        ...(written ? [] : rows.map(restoreLine)),
        `${devices.join(', ')}: ${counted(rows.length, 'write')} (${counted(bytes, 'byte')}) ${written ? '' : 'would be '}restored, ${unchanged} already as before`,
      ],
    };
  },
});

function restoreLine({ path, deviceOffset, length, why }: WriteRow): string {
  return `${path}: would restore ${counted(length, 'byte')} at ${hex(deviceOffset)} (${why})`;
}
