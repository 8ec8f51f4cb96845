/** One file system as a list of all shows it. */
import type { Superblock } from '../../format/superblock.js';
import { memberSpaces } from '../allocate/memberSpace.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { isSecondary } from '../media/superblockReader.js';
import { famfsOn, type ProbedDaxdev } from '../pool/finder.js';
import type { MemberState } from '../pool/members.js';
import { orphanSearch } from '../pool/namedDaxdev.js';
import { openVolume } from '../pool/openVolume.js';
import { orphansOf } from '../pool/orphans.js';
import { type Role, roleOf } from '../pool/role.js';
import { labelOn } from '../pool/tags.js';
import type { Volume } from '../pool/volume.js';

/** One daxdev of a file system. */
export interface ListedDaxdev {
  /** index in the pool; undefined where the log does not name it, or was not read */
  readonly index: number | undefined;
  readonly uuid: string;
  /** on this host; undefined for one that is not here, or that only the kernel has */
  readonly path: string | undefined;
  readonly role: 'primary' | 'secondary';
  /** unlisted: its superblock names the file system, but the log does not name it, or was not read */
  readonly state: MemberState | 'unlisted';
  /** bytes */
  readonly size: number;
  /** bytes that files use; undefined without a log */
  readonly used: number | undefined;
}

export interface ListedFileSystem {
  readonly fsUuid: string;
  readonly label: string | undefined;
  /** of this host */
  readonly role: Role;
  /** why its log was not read; undefined where it was */
  readonly problem: string | undefined;
  /** the members, by index; without the log, those daxdevs that name it */
  readonly daxdevs: readonly ListedDaxdev[];
}

/** The file system that a daxdev or mount point leads to; `superblock` is one of its. `beside` are all daxdevs that were found. */
export function listedAt(
  host: Host,
  path: string,
  superblock: Superblock,
  beside: readonly ProbedDaxdev[],
): ListedFileSystem {
  const { fsUuid, systemUuid } = superblock;
  const role = roleOf(host, systemUuid);
  let volume: Volume;
  try {
    volume = openVolume(host, [path]);
  } catch (error) {
    if (!(error instanceof FamfsError)) throw error;
    const own = beside.filter((daxdev) => famfsOn(daxdev)?.fsUuid === fsUuid);
    const label = own.map((daxdev) => labelOn(host, daxdev)).find((text) => text !== undefined);
    return { fsUuid, label, role, problem: error.message, daxdevs: own.map(unlisted) };
  }
  try {
    const orphans = orphansOf(orphanSearch(volume));
    const daxdevs = [...memberRows(volume), ...orphans.map(orphanRow)];
    return { fsUuid, label: volume.label, role, problem: undefined, daxdevs };
  } finally {
    volume.close();
  }
}

function memberRows(volume: Volume): ListedDaxdev[] {
  return memberSpaces(volume).map(({ index, uuid, path, state, size, used }) => ({
    index,
    uuid,
    path,
    role: index === 0 ? 'primary' : 'secondary',
    state,
    size,
    used,
  }));
}

function orphanRow({ path, uuid, size }: { path: string; uuid: string; size: number }): ListedDaxdev {
  return { index: undefined, uuid, path, role: 'secondary', state: 'unlisted', size, used: undefined };
}

function unlisted(daxdev: ProbedDaxdev): ListedDaxdev {
  const superblock = famfsOn(daxdev) as Superblock;
  const role = isSecondary(superblock) ? 'secondary' : 'primary';
  const { path, size } = daxdev;
  return { index: undefined, uuid: superblock.deviceUuid, path, role, state: 'unlisted', size, used: undefined };
}
