import { dFindings, type KernelFinding, type KernelForm, v2Findings } from '../format/kernel/rules.js';
import type { V2Revision } from '../format/kernel/v2Rules.js';
import { MAX_DAXDEVS } from '../format/superblock.js';
import { defineCommand, type Result } from '../ui/command.js';
import { readMessage } from './options/messageInput.js';
import { findingLines, guessForm, revisionOption } from './output/kernelForms.js';

export interface FmapCheckDocument {
  readonly form: KernelForm;
  /** bytes of the message */
  readonly bytes: number;
  readonly accepted: boolean;
  /** what the kernel answers; null where it accepts the map, or its answer is not known */
  readonly errno: string | null;
  readonly findings: readonly KernelFinding[];
}

export const command = defineCommand({
  name: 'fmap check',
  group: 'Kernel',
  summary: 'tell whether a kernel takes a map, and what it answers if not',
  details: [
    "Applies the kernel's rules to a GET_FMAP reply (v2) or an extent-map notification (d) and names each rule that is " +
      'broken with the errno that the kernel gives; the first of them is its answer. What the kernel takes but what makes ' +
      'accesses fail is named too, and does not change the exit status.',
  ],
  examples: [
    { command: 'famfs fmap check reply.bin', explains: 'a message in a file' },
    {
      command: 'famfs showfmap --format v2 --raw f | famfs fmap check --revision v10',
      explains: 'for kernels of 2026',
    },
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
    revision: revisionOption,
    size: { type: 'size', value: 'SIZE', min: 1, summary: 'size of the file, which form d does not tell' },
    daxdevs: {
      type: 'integer',
      value: 'N',
      min: 1,
      max: MAX_DAXDEVS,
      default: MAX_DAXDEVS,
      summary: 'form d: daxdevs that are registered, under the ids 1 to N',
    },
  },
  exitCodes: {
    usage: 2,
    failed: 1,
    table: { 0: 'a kernel takes it', 1: 'a kernel refuses it, or it could not be read', 2: 'wrong usage' },
  },
  seeAlso: ['fmap decode', 'showfmap', 'fsck'],
  async run(context, [source], options): Promise<Result<FmapCheckDocument>> {
    const image = await readMessage(context, source);
    const form = options.form === 'auto' ? guessForm(image) : options.form;
    const findings = judge(image, form, options);
    const refused = findings.find(({ when }) => when === 'map');
    const errno = refused?.errno ?? null;
    return {
      data: { form, bytes: image.length, accepted: refused === undefined, errno, findings },
      text: (style) => [`form ${form}, ${image.length} bytes`, ...findingLines(findings, style)],
      exitCode: refused === undefined ? 0 : 1,
    };
  },
});

function judge(
  image: Uint8Array,
  form: KernelForm,
  { revision, size, daxdevs }: { revision: V2Revision; size: number | undefined; daxdevs: number },
): KernelFinding[] {
  return form === 'v2' ? v2Findings(image, revision) : dFindings(image, { daxdevs, fileSize: size });
}
