/** Options of the commands that know the forms of kernel maps. */
import { KERNEL_FORM_NAMES, type KernelFormName, kernelForm } from '../../format/kernel/forms.js';
import { UsageError } from '../../ui/errors.js';

const FORMS = KERNEL_FORM_NAMES.map((name) => [name, kernelForm(name)] as const);
const WITH_REVISIONS = FORMS.filter(([, { revisions }]) => Object.keys(revisions).length > 0);

/** Every form with a description: v2 is ..., d is ... */
export function formSummaries(): string {
  return FORMS.map(([name, { summary }]) => `${name} is ${summary}`).join('; ');
}

/** The form of a message to read. */
export const formOption = {
  type: 'string',
  value: 'FORM',
  choices: ['auto', ...KERNEL_FORM_NAMES],
  default: 'auto',
  summary: 'form of the message: auto (by its bytes) or one of the forms',
  details: `${formSummaries()}.`,
} as const;

/** The revision of kernels; each form has its default. */
export const revisionOption = {
  type: 'string',
  value: 'REV',
  choices: WITH_REVISIONS.flatMap(([, { revisions }]) => Object.keys(revisions)),
  summary: `revision of the kernel, for ${namesOf(WITH_REVISIONS)}`,
  details: WITH_REVISIONS.map(([name, { revisions, defaultRevision }]) => {
    const all = Object.entries(revisions).map(([revision, { summary }]) => `${revision} (${summary})`);
    return `Revisions of ${name}: ${all.join('; ')}. The default is ${defaultRevision}.`;
  }).join(' '),
} as const;

const WITHOUT_SIZE = FORMS.filter(([, { statesFileSize }]) => !statesFileSize);

/** The size of the file whose map a message carries. */
export const fileSizeOption = {
  type: 'size',
  value: 'SIZE',
  min: 1,
  summary: `size of the file, for ${namesOf(WITHOUT_SIZE)}, which leaves it out`,
} as const;

/** Throws UsageError for a revision that the form does not have. */
export function checkRevision(name: KernelFormName, revision: string | undefined): void {
  if (revision === undefined || revision in kernelForm(name).revisions) return;
  throw new UsageError(`--revision ${revision}: form ${name} has no such revision`, 'leave it out');
}

/** Throws UsageError for a size that differs from the one in the message. */
export function checkSize(name: KernelFormName, image: Uint8Array, size: number | undefined): void {
  const form = kernelForm(name);
  const stated = form.statesFileSize ? form.decode(image).toMap(undefined)?.size : undefined;
  if (size === undefined || stated === undefined || stated === size) return;
  throw new UsageError(`--size: the message is for a file of ${stated} bytes, not ${size}`, 'leave it out');
}

function namesOf(forms: readonly (readonly [string, unknown])[]): string {
  return forms.map(([name]) => name).join(', ');
}
