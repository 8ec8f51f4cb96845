/** Finds the file system to work on: --dev, else FAMFS_DEV or the configuration, else the only famfs among the host's daxdevs. */

import { listed } from '../../format/listed.js';
import { FamfsError } from '../errors.js';
import { settingOf } from '../host/config.js';
import type { Host } from '../host/host.js';
import { daxNodes, whyUnopened } from '../host/openDevice.js';
import { wasKilled } from '../media/superblockReader.js';
import { type ProbedDaxdev, probe, secondaryOn } from './finder.js';
import { lostHint } from './primary.js';
import { untagged } from './tags.js';

/**
 * Paths of daxdevs of the file system to work on, or its mount point; the primary may be anywhere among them, and members that
 * are not named are found later. Throws BAD_CONFIG, or NO_FAMFS or AMBIGUOUS with a list of the candidates.
 */
export function locate(host: Host, named: readonly string[]): LocatedDaxdevs {
  const { paths, origin } = namedOrConfigured(host, named);
  return { paths: paths.length > 0 ? paths : [findOnlyPrimary(host)], origin };
}

/** The named paths, or else those of the configuration, which may have none; a UUID= or LABEL= becomes the path. Throws BAD_CONFIG and what untagged throws. */
export function namedOrConfigured(host: Host, named: readonly string[]): LocatedDaxdevs {
  const configured = named.length > 0 ? undefined : settingOf(host, 'devices.dev');
  const origin = configured?.origin;
  return { paths: withOrigin(origin, () => untagged(host, configured?.values ?? named)), origin };
}

export interface LocatedDaxdevs {
  readonly paths: readonly string[];
  /** their source if no option names them: FILE:LINE, or the name of a variable */
  readonly origin: string | undefined;
}

/** Runs `work` on the located file system; if the command line did not name the daxdevs, an error says who did. */
export function withOrigin<T>(origin: string | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (origin === undefined || !(error instanceof FamfsError)) throw error;
    throw error.with({ message: `${error.message} (named by ${origin})`, details: { namedBy: origin } });
  }
}

const PRIMARY = 'primary';
const EMPTY = 'no famfs';

function findOnlyPrimary(host: Host): string {
  const nodes = daxNodes(host).map((path) => ({ path, ...contentOf(host, path) }));
  const [first, second] = nodes.filter(({ content }) => content === PRIMARY);
  if (first !== undefined && second === undefined) return first.path;
  // of many, a message names the first few
  const ranked = nodes.toSorted((a, b) => rank(a) - rank(b));
  const list = listed(ranked.map(({ path, content }) => `${path}: ${content}`));
  const details = { devices: nodes.map(({ path, content }) => ({ path, what: content })) };
  if (first !== undefined)
    throw new FamfsError('AMBIGUOUS', `several famfs file systems on this host (${list})`, {
      hint: 'name one with --dev or FAMFS_DEV',
      details,
    });
  const message =
    nodes.length === 0 ? 'no famfs: this host has no /dev/dax*' : `no famfs on any daxdev of this host (${list})`;
  throw new FamfsError('NO_FAMFS', message, { hint: hintFor(nodes), details });
}

interface DaxNode {
  readonly path: string;
  /** its contents, or why it cannot be opened */
  readonly content: string;
  /** advice for a daxdev that cannot be opened, or has lost its superblock */
  readonly hint?: () => string | undefined;
}

/** Primaries come first, and daxdevs that have nothing last. */
function rank({ content }: DaxNode): number {
  if (content === PRIMARY) return 0;
  return content === EMPTY ? 2 : 1;
}

/** A daxdev that cannot be opened may have the famfs that is wanted. */
function hintFor(nodes: readonly DaxNode[]): string {
  for (const { hint } of nodes) {
    const advice = hint?.();
    if (advice !== undefined) return advice;
  }
  return 'make one with famfs mkfs, or name a device or image with --dev';
}

function contentOf(host: Host, path: string): Omit<DaxNode, 'path'> {
  try {
    const daxdev = probe(host, path);
    const content = superblockContent(daxdev);
    return daxdev.hasLostLog ? { content, hint: () => lostHint(daxdev) } : { content };
  } catch (error) {
    const hint = () => (error instanceof FamfsError && error.hint ? `for ${path}, ${error.hint}` : undefined);
    return { content: whyUnopened(error), hint };
  }
}

function superblockContent(daxdev: ProbedDaxdev): string {
  const { reading, hasLostLog } = daxdev;
  if (wasKilled(reading)) return 'a famfs that was killed';
  if (hasLostLog) return 'a log without a superblock';
  if (reading.state === 'none') return EMPTY;
  if (reading.state === 'damaged') return 'damaged superblock';
  if (reading.state === 'other-version') return 'famfs of another version';
  return secondaryOn(daxdev) === undefined ? PRIMARY : 'secondary';
}
