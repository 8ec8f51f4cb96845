import { type DecodedRow, guessForm, kernelForm } from '../format/kernel/forms.js';
import { defineCommand, type Result } from '../ui/command.js';
import { checkSize, fileSizeOption, formOption } from './options/kernelForm.js';
import { messageArgument, readMessage } from './options/messageInput.js';
import { type FmapRow, fmapRow } from './output/extent.js';
import { dumpLines, fieldLines } from './output/kernelMessage.js';

export type FmapDecodeDocument = DecodedRow & DecodedMap;

interface DecodedMap {
  /** bytes of the message */
  readonly bytes: number;
  /** the map of a file in the message; null if no file can have it */
  readonly map: (FmapRow & { /** bytes */ readonly size: number }) | null;
}

export const command = defineCommand({
  name: 'fmap decode',
  group: 'Kernel',
  summary: 'decode the message that carries a map to a kernel',
  details: [
    'Reads a message that showfmap --raw has written, or that was recorded on its way to a kernel, and prints its fields and ' +
      'its map.',
  ],
  examples: [
    { command: 'famfs fmap decode reply.bin', explains: 'a message in a file' },
    { command: 'famfs showfmap --format d --raw f | famfs fmap decode --size 1G', explains: 'a message from a pipe' },
  ],
  args: [messageArgument],
  options: {
    form: formOption,
    size: {
      ...fileSizeOption,
      summary: `${fileSizeOption.summary}; the default is what one pass over the extents covers`,
    },
  },
  seeAlso: ['fmap check', 'showfmap'],
  async run(context, [source], options): Promise<Result<FmapDecodeDocument>> {
    const image = await readMessage(context, source);
    const name = options.form === 'auto' ? guessForm(image) : options.form;
    const message = kernelForm(name).decode(image);
    checkSize(name, image, options.size);
    const map = message.toMap(options.size);
    const fmap = map && { size: map.size, ...fmapRow(map) };
    return {
      data: { ...message.toRow(), bytes: image.length, map: fmap ?? null },
      text: () => [
        `form ${name}, ${image.length} bytes`,
        ...dumpLines(image),
        ...fieldLines(message),
        fmap === undefined
          ? '  no famfs file can have this map'
          : `  ${fmap.layout} map of a file of ${fmap.size} bytes, ${fmap.allocated} bytes allocated`,
      ],
    };
  },
});
