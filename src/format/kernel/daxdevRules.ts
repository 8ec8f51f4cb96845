/** What kernels check when they are told of a daxdev (docs/kernel-maps.md). */
import { getDaxdevStruct } from './getDaxdev.js';
import { findingsOf, type KernelFinding, type KernelRule } from './rule.js';
import { V2_REVISIONS, type V2Limits, type V2Revision } from './v2Rules.js';

/** A daxdev as a server would tell a kernel of it. */
export interface ToldDaxdev {
  readonly index: number;
  /** undefined when it is not on this host */
  readonly path: string | undefined;
  /** whether the path leads to a character device */
  readonly isDevice: boolean;
}

const HERE: KernelRule<ToldDaxdev, unknown> = {
  rule: 'DAXDEV_HERE',
  errno: () => 'ENOENT',
  summary: 'the daxdev is on this host',
  *broken({ path }) {
    if (path === undefined) yield 'nothing here has its uuid';
  },
};

const DEVICE: KernelRule<ToldDaxdev, unknown> = {
  rule: 'DAXDEV_DEVICE',
  errno: () => 'EINVAL',
  summary: 'the path leads to the character device of a dax device',
  *broken({ path, isDevice }) {
    if (path !== undefined && !isDevice) yield `${path} is none`;
  },
};

const SLOT: KernelRule<ToldDaxdev, V2Limits> = {
  rule: 'DAXDEV_SLOT',
  errno: () => 'EINVAL',
  summary: "the index is below the slots of the kernel's table: 1, 24, or 64 from 2026 on",
  *broken({ index }, { slots }) {
    if (index >= slots) yield `it is ${index}, slots are ${slots}`;
  },
};

const LONGEST_NAME = getDaxdevStruct.fields.name.size - 1;

const NAME: KernelRule<ToldDaxdev, unknown> = {
  rule: 'DAXDEV_NAME',
  errno: () => 'EINVAL',
  summary: `the path has at most ${LONGEST_NAME} bytes`,
  *broken({ path = '' }) {
    const length = Buffer.byteLength(path);
    if (length > LONGEST_NAME) yield `it has ${length}`;
  },
};

/** What a kernel with form V2 has against a GET_DAXDEV reply. */
export function v2DaxdevFindings(told: ToldDaxdev, revision: V2Revision): KernelFinding[] {
  return findingsOf([HERE, SLOT, NAME, DEVICE], told, V2_REVISIONS[revision]);
}

/** What a kernel with form D has against the registration of a daxdev; its ids have 64 bits and no table. */
export function dDaxdevFindings(told: ToldDaxdev): KernelFinding[] {
  return findingsOf([HERE, DEVICE], told, undefined);
}
