import { defineCommand, type Result } from '../ui/command.js';
import { readMessage } from './options/messageInput.js';
import { type FmapRow, fmapRow } from './output/extent.js';
import { type DecodedD, type DecodedV2, decodedRow, guessForm, mapOf, messageLines } from './output/kernelForms.js';

export type FmapDecodeDocument = (DecodedV2 & DecodedMap) | (DecodedD & DecodedMap);

interface DecodedMap {
  /** bytes of the message */
  readonly bytes: number;
  /** the map of a file that the message stands for; null where no file can have it */
  readonly map: (FmapRow & { /** bytes */ readonly size: number }) | null;
}

export const command = defineCommand({
  name: 'fmap decode',
  group: 'Kernel',
  summary: "take a kernel's form of a map apart",
  details: [
    'Reads a GET_FMAP reply (v2) or an extent-map notification (d), as showfmap --raw writes them or as they were caught ' +
      'on the way to a kernel, and prints its fields and the map that it stands for.',
  ],
  examples: [
    { command: 'famfs fmap decode reply.bin', explains: 'a message in a file' },
    { command: 'famfs showfmap --format d --raw f | famfs fmap decode --size 1G', explains: 'a message from a pipe' },
  ],
  args: [{ name: 'FILE', summary: "the message; standard input without it or for '-'", required: false }],
  options: {
    form: {
      type: 'string',
      value: 'FORM',
      choices: ['auto', 'v2', 'd'],
      default: 'auto',
      summary: 'form of the message: v2, d, or auto to tell by its bytes',
    },
    size: {
      type: 'size',
      value: 'SIZE',
      min: 1,
      summary: 'size of the file, which form d does not tell; the default is what the extents cover once',
    },
  },
  seeAlso: ['fmap check', 'showfmap'],
  async run(context, [source], options): Promise<Result<FmapDecodeDocument>> {
    const image = await readMessage(context, source);
    const form = options.form === 'auto' ? guessForm(image) : options.form;
    const map = mapOf(image, form, options.size);
    const fmap = map && { size: map.size, ...fmapRow(map) };
    return {
      data: { ...decodedRow(image, form), bytes: image.length, map: fmap ?? null },
      text: () => [
        `form ${form}, ${image.length} bytes`,
        ...messageLines(image, form),
        fmap === undefined
          ? '  it stands for no map that a file of famfs can have'
          : `  ${fmap.layout} map of a file of ${fmap.size} bytes, ${fmap.allocated} bytes allocated`,
      ],
    };
  },
});
