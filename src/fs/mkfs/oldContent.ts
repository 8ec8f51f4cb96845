/** The contents of a daxdev before it is written to for the first time, and how often --force is needed to replace them. */
import { counted } from '../../format/counted.js';
import { SUPERBLOCK_REGION, type Superblock, superblockStruct } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import { type ErrorCode, FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { readSystemUuid } from '../host/systemUuid.js';
import { soundLogAt } from '../log/logOfHeader.js';
import { foreignContent } from '../media/foreignContent.js';
import { readShared } from '../media/sharedMemory.js';
import { isSecondary, readSuperblock, type SuperblockReading, wasKilled } from '../media/superblockReader.js';
import { firstUnknownByte, type Range } from './unfinished.js';

/** how often --force must be given to replace a famfs of another host */
const FORCE_OTHER_HOST = 2;
/** the part that mkfs leaves blank except for its record of defaults */
const AFTER_SUPERBLOCK: Range = { start: superblockStruct.size, end: SUPERBLOCK_REGION };
/** bytes of unknown data to show */
const SHOWN_BYTES = 8;

interface OldContent {
  readonly code: ErrorCode;
  /** as the object of a sentence */
  readonly what: string;
  /** how often --force is needed */
  readonly force: number;
  /** what to do instead of --force */
  readonly hint?: string;
  readonly details?: Record<string, unknown>;
}

/**
 * Returns the contents of a device that will be replaced; undefined if it is blank. Throws HAS_FAMFS, OTHER_HOST or FOREIGN for
 * contents that need --force more often than it was given.
 * @param overwritten bytes from its start that will be overwritten
 */
export function refuseContent(
  host: Host,
  device: MappedDevice,
  overwritten: number,
  force: number,
): string | undefined {
  const content = contentOf(host, device, overwritten);
  if (content === undefined || force >= content.force) return content?.what;
  const { path } = device;
  const times = content.force === FORCE_OTHER_HOST ? '--force twice' : '--force';
  throw new FamfsError(content.code, `${path} holds ${content.what}`, {
    hint: `${content.hint === undefined ? '' : `${content.hint}; `}give ${times} to replace it, which destroys all its content`,
    details: { device: path, ...content.details },
  });
}

function contentOf(host: Host, device: MappedDevice, overwritten: number): OldContent | undefined {
  const reading = readSuperblock(device);
  const { superblock, state } = reading;
  // other file systems do not write to the first bytes, so a killed superblock may still be there
  if (superblock !== undefined && wasKilled(reading))
    return foreign(host, device) ?? unknownData(host, device, AFTER_SUPERBLOCK) ?? killedFamfs(host, superblock);
  if (superblock !== undefined && (state !== 'none' || reading.lacksMagic)) return famfs(host, superblock, reading);
  return lostLog(device) ?? foreign(host, device) ?? unknownData(host, device, { start: 0, end: overwritten });
}

function famfs(host: Host, superblock: Superblock, { state, lacksMagic }: SuperblockReading): OldContent {
  const { version, fsUuid, systemUuid } = superblock;
  const own = systemUuid === readSystemUuid(host);
  const kind = isSecondary(superblock) ? 'a daxdev of the pool' : 'the famfs';
  const name = state === 'other-version' ? `a famfs of version ${version}` : `${kind} ${fsUuid}`;
  const whose = own ? 'this host' : `another host (system uuid ${systemUuid})`;
  return {
    code: own ? 'HAS_FAMFS' : 'OTHER_HOST',
    what: `${name} of ${whose}${lacksMagic ? ', whose superblock has lost its magic' : ''}`,
    force: own ? 1 : FORCE_OTHER_HOST,
    details: { fsUuid, systemUuid, state },
  };
}

/** A killed file system is not in use. */
function killedFamfs(host: Host, { fsUuid, systemUuid }: Superblock): OldContent {
  const own = systemUuid === readSystemUuid(host);
  const whose = own ? 'this host' : `another host (system uuid ${systemUuid})`;
  const what = `the famfs ${fsUuid} of ${whose}, which was killed`;
  return { code: 'FOREIGN', what, force: own ? 0 : 1, details: { fsUuid, systemUuid, state: 'killed' } };
}

/** The log of a primary whose superblock is lost. An empty log is no loss. */
function lostLog(device: MappedDevice): OldContent | undefined {
  const entries = soundLogAt(device, SUPERBLOCK_REGION)?.findEnd() ?? 0;
  if (entries === 0) return undefined;
  const what = `a famfs log of ${counted(entries, 'entry', 'entries')} without a superblock`;
  const hint = `on its Master, famfs fsck -y ${device.path} writes a new superblock`;
  return { code: 'HAS_FAMFS', what, force: 1, hint, details: { state: 'lost', entries } };
}

function foreign(host: Host, device: MappedDevice): OldContent | undefined {
  const what = foreignContent(host, device);
  return what === undefined ? undefined : { code: 'FOREIGN', what, force: 1, details: { content: what } };
}

/** Memory may hold leftovers, which are only reported; but someone wrote the contents of a file. */
function unknownData(host: Host, device: MappedDevice, overwritten: Range): OldContent | undefined {
  const at = firstUnknownByte(device, overwritten, readSystemUuid(host));
  if (at === undefined) return undefined;
  const bytes = readShared(device, at, Math.min(SHOWN_BYTES, device.size - at));
  const what = `unknown data (at offset ${at}: ${bytes.toString('hex').replace(/..(?!$)/g, '$& ')})`;
  if (device.kind === 'file') return { code: 'FOREIGN', what, force: 1, details: { content: what, deviceOffset: at } };
  host.warn('UNKNOWN_DATA', `${device.path} holds ${what}, which is overwritten`);
  return { code: 'FOREIGN', what, force: 0 };
}
