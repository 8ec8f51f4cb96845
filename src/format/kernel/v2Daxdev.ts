/** The reply to GET_DAXDEV, from which kernels with form v2 learn of a daxdev (docs/kernel-maps.md). */
import { bytes, FieldRangeError, struct, u16, u32, u64, viewOf } from '../struct.js';
import { DAXDEV_DEVICE, DAXDEV_HERE, type DaxdevForm, type HostDaxdev } from './daxdevForm.js';
import { findingsOf, type MessageRule, NONE } from './rule.js';
import { type V2Revision, v2Revision } from './v2Revisions.js';

const NAME_SIZE = 256;
const LONGEST_NAME = NAME_SIZE - 1;

export const getDaxdevStruct = struct('get_daxdev_reply', 280, {
  daxdev: u16('index in the table of daxdevs'),
  reserved1: u16('0'),
  reserved2: u32('0'),
  reserved3: u64('0'),
  reserved4: u64('0'),
  name: bytes(NAME_SIZE, 'path of the device node, NUL-terminated'),
});

/** The reply that names a daxdev. Throws FieldRangeError if the path and its NUL do not fit. */
export function encodeGetDaxdev(daxdev: number, path: string): Buffer {
  const image = Buffer.alloc(getDaxdevStruct.size);
  const name = Buffer.from(path);
  if (name.length > LONGEST_NAME)
    throw new FieldRangeError('get_daxdev_reply.name', `${name.length} bytes`, `at most ${LONGEST_NAME} bytes`);
  getDaxdevStruct.write(viewOf(image), 0, { daxdev, name });
  return image;
}

const SLOT: MessageRule<HostDaxdev, V2Revision> = {
  rule: 'DAXDEV_SLOT',
  errno: () => 'EINVAL',
  summary: 'the kernel accepts the index: only 0, or 0 to 23',
  broken({ daxdev }, { daxdevs }) {
    return daxdev < daxdevs ? NONE : [`it is ${daxdev}, the highest is ${daxdevs - 1}`];
  },
};

const NAME: MessageRule<HostDaxdev, unknown> = {
  rule: 'DAXDEV_NAME',
  errno: () => 'EINVAL',
  summary: `the path has at most ${LONGEST_NAME} bytes`,
  broken({ path = '' }) {
    return fits(path) ? NONE : [`it has ${Buffer.byteLength(path)}`];
  },
};

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= LONGEST_NAME;
}

/** A GET_DAXDEV reply. */
export interface V2DaxdevRow {
  /** the bytes, two digits each; null if there is no reply */
  readonly hex: string | null;
}

export const v2Daxdevs: DaxdevForm<V2DaxdevRow> = {
  summary: 'GET_DAXDEV replies',
  message(daxdev, revision) {
    const { path } = daxdev;
    const image = path !== undefined && fits(path) ? encodeGetDaxdev(daxdev.daxdev, path) : undefined;
    const findings = findingsOf([DAXDEV_HERE, SLOT, NAME, DAXDEV_DEVICE], daxdev, v2Revision(revision));
    return { row: { hex: image?.toString('hex') ?? null }, image, findings };
  },
};
