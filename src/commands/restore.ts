import { counted } from '../format/counted.js';
import { UndoWriter } from '../fs/fsck/undo/undoWriter.js';
import { type MetadataImage, readImage } from '../fs/image/imageReader.js';
import { restoreOnto } from '../fs/image/restoreOnto.js';
import { restoreTo } from '../fs/image/restoreTo.js';
import { type Context, defineCommand, type OptionValues, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { humanBytes } from '../ui/units.js';
import { deviceOptions } from './options/device.js';
import { dryRunOption } from './options/dryRun.js';

export interface RestoreDocument {
  readonly scrambled: boolean;
  /** false with --dry-run, and where the daxdevs of --onto are already as in the metadata image */
  readonly written: boolean;
  /** path of the undo image of --onto; null: none was written */
  readonly undo: string | null;
  /** the primary first */
  readonly daxdevs: readonly RestoredRow[];
}

interface RestoredRow {
  /** of the image that was made, or of the daxdev */
  readonly path: string;
  /** bytes of it; null with --onto */
  readonly size: number | null;
  /** bytes of metadata that were, or would be, written */
  readonly bytes: number;
}

const options = {
  to: { type: 'string', value: 'DIR', summary: 'make images in this folder, which is made if it is missing' },
  onto: {
    type: 'boolean',
    summary: 'put the metadata back onto the daxdevs that it was saved from, with --force',
    details:
      'They are found by their uuids. A named one without a superblock is accepted if its size leaves no doubt which it was. ' +
      'All daxdevs of the image must be here. Give --force only when no host has the file system mounted or uses it.',
  },
  force: { type: 'boolean', summary: 'with --to, replace existing files; with --onto, really write' },
  ...dryRunOption,
  undo: {
    type: 'string',
    value: 'FILE',
    summary: 'with --onto, save what is overwritten in FILE, which must not exist',
    details: 'The default is a new file in the folder undo beside the system uuid; famfs undo restores it.',
  },
  noUndo: { type: 'boolean', summary: 'with --onto, write no undo image' },
  ...deviceOptions,
} as const;

type Options = OptionValues<typeof options>;

export const command = defineCommand({
  name: 'restore',
  group: 'Check',
  summary: 'make sparse images of a metadata image, or put it back onto its daxdevs',
  details: [
    'With --to, makes daxdev-0.img, which is the primary, daxdev-1.img and so on, of the sizes that the daxdevs had. Superblocks and log ' +
      'are those that famfs dump has saved, byte for byte unless names were scrambled. Files have their names, sizes and maps, but all ' +
      'their bytes are 0. The images take as much space as the metadata.',
    'With --onto, the daxdevs get the superblocks and the log that they had. What was made since is lost, and the bytes of files are as ' +
      'they are now. Only the Master does this, for daxdevs that nobody uses, and what is overwritten is saved in an undo image first. ' +
      'Until it is done, no superblock is valid; if it was stopped, repeat it, or use famfs undo.',
    'The whole metadata image is checked before anything is written. One whose names were scrambled, or that was made of a damaged ' +
      'superblock or during a rewrite of the log, is only for --to.',
  ],
  examples: [
    { command: 'famfs restore case.fmd --to case', explains: 'look at the file system of a support case' },
    { command: 'famfs fsck -n case/daxdev-0.img', explains: 'which has the same findings as the original' },
    { command: 'famfs restore pool.fmd --onto -n', explains: 'what differs from the metadata that was saved' },
  ],
  args: [{ name: 'FILE', summary: 'metadata image', required: true }],
  options,
  seeAlso: ['dump', 'fsck', 'undo'],
  changes: true,
  async run(context, [file = ''], given): Promise<Result<RestoreDocument>> {
    checkUse(given);
    const image = readImage(context, file);
    return given.to === undefined ? putBack(context, image, given) : makeImages(context, image, given.to, given);
  },
});

/** Throws UsageError for options that do not go together. */
function checkUse({ to, onto, force, dryRun, undo, noUndo, dev }: Options): void {
  if ((to === undefined) === !onto) throw new UsageError('restore where to?', 'give either --to DIR or --onto');
  const forOnto = [undo !== undefined && '--undo', noUndo && '--no-undo', dev.length > 0 && '--dev'];
  const idle = forOnto.find(Boolean);
  if (to !== undefined && idle) throw new UsageError(`${idle} is for --onto`, 'leave one of them out');
  if (undo !== undefined && noUndo) throw new UsageError('--undo and --no-undo exclude each other', 'give one of them');
  if (onto && !force && !dryRun)
    throw new UsageError(
      '--onto overwrites superblocks and log, and what was made since is lost',
      'see what differs with -n, unmount the file system on all hosts, then give --force',
    );
}

function makeImages(
  context: Context,
  image: MetadataImage,
  to: string,
  { force = false, dryRun = false }: Options,
): Result<RestoreDocument> {
  const { scrambled } = image.description;
  const daxdevs = restoreTo(context, image, to, { force, dryRun });
  const made = dryRun ? 'would be made' : 'made';
  return {
    data: { scrambled, written: !dryRun, undo: null, daxdevs },
    text: () => [
      ...daxdevs.map(({ path, size, bytes }) => `${path}: ${humanBytes(size)}, ${humanBytes(bytes)} of it metadata`),
      `${counted(daxdevs.length, 'image')} ${made}${scrambled ? ', names scrambled' : ''}; files have no data`,
    ],
  };
}

function putBack(context: Context, image: MetadataImage, given: Options): Result<RestoreDocument> {
  const { dryRun = false, noUndo, dev } = given;
  const openUndo = noUndo ? undefined : () => new UndoWriter(context, given.undo);
  const { daxdevs, undo } = restoreOnto(context, image, dev, { dryRun, openUndo });
  const differs = daxdevs.some(({ bytes }) => bytes > 0);
  const would = dryRun ? 'would be ' : '';
  return {
    data: {
      scrambled: false,
      written: differs && !dryRun,
      undo: undo ?? null,
      daxdevs: daxdevs.map(({ path, bytes }) => ({ path, size: null, bytes })),
    },
    text: () => [
      ...daxdevs.map(({ path, bytes }) =>
        bytes === 0 ? `${path}: as in the metadata image` : `${path}: ${counted(bytes, 'byte')} ${would}put back`,
      ),
      ...(undo === undefined ? [] : [`what was overwritten is in ${undo}; famfs undo restores it`]),
    ],
  };
}
