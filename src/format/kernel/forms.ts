/** Every form in which kernels receive maps. A new form is one file and a row here. */
import { FieldRangeError } from '../struct.js';
import { type DDaxdevRow, type DRow, dForm } from './d.js';
import type { MapFacts, MappedFile } from './facts.js';
import type { KernelForm } from './form.js';
import type { KernelFinding } from './rule.js';
import { type V2Row, v2Form } from './v2.js';
import type { V2DaxdevRow } from './v2Daxdev.js';

/** A message of any form, decoded as far as its bytes go. */
export type DecodedRow = V2Row | DRow;

export type KernelFormName = DecodedRow['form'];

/** A message that matches no form is read as the first. */
export const KERNEL_FORMS = {
  v2: v2Form,
  d: dForm,
} as const satisfies Record<KernelFormName, KernelForm>;

export const KERNEL_FORM_NAMES = Object.keys(KERNEL_FORMS) as readonly KernelFormName[];

/** The message about a daxdev, in any form. */
export type DaxdevMessageRow = V2DaxdevRow | DDaxdevRow;

type Message = ReturnType<(typeof KERNEL_FORMS)[KernelFormName]['decode']>;

export function kernelForm(name: KernelFormName): KernelForm<ReturnType<Message['toRow']>, DaxdevMessageRow> {
  return KERNEL_FORMS[name];
}

/** The form of a message, guessed from its bytes. */
export function guessForm(image: Uint8Array): KernelFormName {
  const [first] = KERNEL_FORM_NAMES as readonly [KernelFormName];
  return KERNEL_FORM_NAMES.find((name) => KERNEL_FORMS[name].guess(image)) ?? first;
}

/** The message for a file, and the objections of kernels to it. */
export interface JudgedMessage {
  /** empty if a value of the map does not fit the message: finding V2_FIELD or D_FIELD */
  readonly image: Buffer;
  readonly message: ReturnType<ReturnType<typeof kernelForm>['decode']>;
  readonly findings: readonly KernelFinding[];
}

/** Encodes the map of a file and checks the message: exactly the bytes that a kernel would get. */
export function judgeFile(name: KernelFormName, file: MappedFile, facts: MapFacts): JudgedMessage {
  const form = kernelForm(name);
  try {
    const image = form.encode(file, facts.revision);
    const message = form.decode(image);
    const { revision, daxdevs, sharedWith } = facts;
    const findings = message.judge({ revision, daxdevs, sharedWith, fileSize: file.size, fmap: file.fmap });
    return { image, message, findings };
  } catch (error) {
    if (!(error instanceof FieldRangeError)) throw error;
    const rule = `${name.toUpperCase()}_FIELD`;
    const image = Buffer.alloc(0);
    const findings = [{ rule, class: 'REFUSED', errno: 'EINVAL', message: error.message }] as const;
    return { image, message: form.decode(image), findings };
  }
}
