import type { MapFacts, PoolDaxdev } from '../format/kernel/facts.js';
import { guessForm, type KernelFormName, kernelForm } from '../format/kernel/forms.js';
import { isRefused, type KernelFinding } from '../format/kernel/rule.js';
import { MAX_DAXDEVS } from '../format/superblock.js';
import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { checkRevision, checkSize, fileSizeOption, formOption, revisionOption } from './options/kernelForm.js';
import { messageArgument, readMessage } from './options/messageInput.js';
import { findingLines } from './output/kernelFinding.js';

export interface FmapCheckDocument {
  readonly form: KernelFormName;
  /** bytes of the message */
  readonly bytes: number;
  /** whether the kernel accepts the map */
  readonly accepted: boolean;
  /** whether the kernel accepts the map and then crashes or damages other data */
  readonly dangerous: boolean;
  /** the kernel's answer; null if it accepts the map, or its answer is not known */
  readonly errno: string | null;
  readonly findings: readonly KernelFinding[];
}

export const command = defineCommand({
  name: 'fmap check',
  group: 'Kernel',
  summary: 'predict whether a kernel accepts a map, and its answer',
  details: [
    'Checks the message that carries a map by the rules of a kernel, in the order in which the kernel applies them, and ' +
      'prints each rule that the message breaks with its errno. The first one is what the kernel answers.',
    'A map that a kernel accepts may still be bad. If accesses to parts of the file will fail, that is reported, and the exit ' +
      "status is 0. If the kernel will crash, or reach other files' bytes or memory beyond a daxdev, the map is DANGEROUS: " +
      'no kernel must ever get it, and the exit status is 1.',
  ],
  examples: [
    { command: 'famfs fmap check reply.bin', explains: 'a message in a file' },
    {
      command: 'famfs showfmap --format v2 --raw f | famfs fmap check --revision v10',
      explains: 'for kernels of 2026',
    },
    {
      command: 'famfs fmap check --daxdev-size 64G --daxdev-size 64G reply.bin',
      explains: 'with the sizes of both daxdevs',
    },
  ],
  args: [messageArgument],
  options: {
    form: formOption,
    revision: revisionOption,
    size: fileSizeOption,
    daxdevs: {
      type: 'integer',
      value: 'N',
      min: 1,
      max: MAX_DAXDEVS,
      summary: 'daxdevs that the kernel can reach: those with index 0 to N-1; the default is all',
    },
    daxdevSize: {
      type: 'size',
      value: 'SIZE',
      repeat: true,
      min: 1,
      summary: 'size of daxdev 0, then of daxdev 1, and so on',
    },
  },
  exitCodes: {
    usage: 2,
    failed: 1,
    table: {
      0: 'a kernel accepts it',
      1: 'a kernel refuses it or must not get it, or it could not be read',
      2: 'wrong usage',
    },
  },
  seeAlso: ['fmap decode', 'showfmap', 'fsck'],
  async run(context, [source], options): Promise<Result<FmapCheckDocument>> {
    const image = await readMessage(context, source);
    const form = options.form === 'auto' ? guessForm(image) : options.form;
    const findings = kernelForm(form)
      .decode(image)
      .judge(factsFrom(form, image, options));
    const accepted = !isRefused(findings);
    const dangerous = findings.some((finding) => finding.class === 'DANGEROUS');
    const errno = accepted ? null : (findings[0]?.errno ?? null);
    return {
      data: { form, bytes: image.length, accepted, dangerous, errno, findings },
      text: (style) => [`form ${form}, ${image.length} bytes`, ...findingLines(findings, style)],
      exitCode: accepted && !dangerous ? 0 : 1,
    };
  },
});

interface CheckOptions {
  readonly revision: string | undefined;
  readonly size: number | undefined;
  readonly daxdevs: number | undefined;
  readonly daxdevSize: readonly number[];
}

function factsFrom(
  form: KernelFormName,
  image: Uint8Array,
  { revision, size, daxdevs, daxdevSize }: CheckOptions,
): MapFacts {
  checkRevision(form, revision);
  checkSize(form, image, size);
  if (daxdevs !== undefined && daxdevSize.length > daxdevs)
    throw new UsageError(
      `--daxdev-size is given ${daxdevSize.length} times, --daxdevs is ${daxdevs}`,
      'give a larger N',
    );
  return { revision, fileSize: size, daxdevs: poolOf(daxdevs, daxdevSize) };
}

/** Undefined if no option describes the daxdevs. */
function poolOf(count: number | undefined, sizes: readonly number[]): PoolDaxdev[] | undefined {
  if (count === undefined && sizes.length === 0) return undefined;
  return Array.from({ length: count ?? MAX_DAXDEVS }, (_, i) => ({ size: sizes[i], present: true }));
}
