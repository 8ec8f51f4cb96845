/** How kernels learn of the daxdevs of a pool, and what they check (docs/kernel-maps.md). */
import { findingsOf, type KernelFinding, type MessageRule, NONE } from './rule.js';

/** A daxdev of a pool as this host sees it. */
export interface HostDaxdev {
  /** index in the pool */
  readonly daxdev: number;
  /** undefined if it is not on this host */
  readonly path: string | undefined;
  /** whether the path leads to a character device */
  readonly isDevice: boolean;
}

/** The message to a kernel about one daxdev, and the kernel's objections. */
export interface DaxdevMessage<Row extends object> {
  /** the fields of the message, for JSON */
  readonly row: Row;
  /** the bytes, for a form that sends bytes; undefined if there can be none */
  readonly image?: Buffer | undefined;
  /** the message in words, for a form that sends no bytes */
  readonly lines?: readonly string[];
  readonly findings: readonly KernelFinding[];
}

export interface DaxdevForm<Row extends object = object> {
  /** name of the message, for help texts: GET_DAXDEV replies */
  readonly summary: string;
  message(daxdev: HostDaxdev, revision: string | undefined): DaxdevMessage<Row>;
}

export const DAXDEV_HERE: MessageRule<HostDaxdev, unknown> = {
  rule: 'DAXDEV_HERE',
  errno: () => 'ENOENT',
  summary: 'the daxdev is on this host',
  broken({ path }) {
    return path === undefined ? ['nothing on this host has its uuid'] : NONE;
  },
};

export const DAXDEV_DEVICE: MessageRule<HostDaxdev, unknown> = {
  rule: 'DAXDEV_DEVICE',
  errno: () => 'EINVAL',
  summary: 'the path leads to the character device of a dax device',
  broken({ path, isDevice }) {
    return path === undefined || isDevice ? NONE : [`${path} is not one`];
  },
};

/** What every kernel refuses in a daxdev. */
export function daxdevFindings(daxdev: HostDaxdev): KernelFinding[] {
  return findingsOf([DAXDEV_HERE, DAXDEV_DEVICE], daxdev, undefined);
}
