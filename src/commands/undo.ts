import { undo } from '../fs/fsck/undo/undo.js';
import { defineCommand, type Result } from '../ui/command.js';

export interface UndoDocument {
  /** of the daxdevs or images that the repair had changed */
  readonly paths: readonly string[];
  /** writes of the repair that were undone */
  readonly restored: number;
  /** writes whose bytes were as before already */
  readonly unchanged: number;
  /** bytes that were restored */
  readonly bytes: number;
  /** false with --dry-run */
  readonly written: boolean;
}

export const command = defineCommand({
  name: 'undo',
  group: 'Check',
  summary: 'take repairs of fsck back',
  details: [
    'Restores the bytes that a run of fsck overwrote, from the undo image that it left, also where that run, or an undo, was ' +
      'interrupted. Where they are neither those that the repair wrote nor those that it found, files were made since, and ' +
      'nothing is restored without --force.',
  ],
  examples: [{ command: 'famfs undo repair.undo', explains: 'take the repairs of that run back' }],
  args: [
    { name: 'FILE', summary: 'undo image', required: true },
    { name: 'DEV', summary: 'where the daxdev or image is now; where it was when absent', required: false },
  ],
  options: {
    force: { type: 'boolean', summary: 'restore although the bytes were changed since' },
    dryRun: { type: 'boolean', short: 'n', summary: 'do all checks and say what would be restored, but write nothing' },
  },
  seeAlso: ['fsck'],
  changes: true,
  async run(context, [file = '', device], { force = false, dryRun = false }): Promise<Result<UndoDocument>> {
    const result = undo(context, file, { force, dryRun, device });
    const { devices, restored, unchanged, bytes, written } = result;
    return {
      data: { paths: devices, restored, unchanged, bytes, written },
      text: () => [
        `${devices.join(', ')}: ${restored} writes (${bytes} bytes) ${dryRun ? 'would be' : 'were'} restored, ${unchanged} were as before already`,
      ],
    };
  },
});
