/** Finds the owner of an address of a daxdev: the superblock, the log, files, or nothing. */

import { counted } from '../../format/counted.js';
import { claimant } from '../../format/entries/claimant.js';
import { fileOffsetsAt } from '../../format/fmap.js';
import { LOG_ENTRY_SIZE } from '../../format/logEntry.js';
import { logHeaderStruct } from '../../format/logHeader.js';
import { SUPERBLOCK_REGION } from '../../format/superblock.js';
import { isUuid, isUuidPrefix } from '../../format/uuid.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import type { LoggedDaxdev } from '../log/replay.js';
import { famfsOn, probe } from './finder.js';
import type { Volume } from './volume.js';

/** A log entry whose file has the address. */
export interface AddressOwner {
  readonly path: string;
  /** log slot of its entry */
  readonly slot: number;
  /** bytes from the file's start */
  readonly fileOffset: number;
  /** bytes */
  readonly size: number;
  /** after the end of the file: allocated, but not part of its contents */
  readonly slack: boolean;
  /** false if the entry is unusable and replay skips it */
  readonly applied: boolean;
}

export interface AddressFacts {
  /** index of the daxdev in the pool */
  readonly daxdev: number;
  /** bytes from its start */
  readonly offset: number;
  readonly region: 'superblock' | 'log header' | 'log' | 'file' | 'free';
  /** log slot whose entry is at the address; null outside the log's slots */
  readonly logSlot: number | null;
  /** at most one in a sound file system; several where files overlap */
  readonly owners: readonly AddressOwner[];
}

/** Finds the owner of byte `offset` of a daxdev of the pool. Throws BAD_RANGE if the daxdev ends before it. */
export function whois(volume: Volume, daxdev: LoggedDaxdev, offset: number): AddressFacts {
  const { index, size } = daxdev;
  if (offset >= size)
    throw new FamfsError(
      'BAD_RANGE',
      `offset ${offset} is beyond the end of daxdev ${index}, which has ${size} bytes`,
      {
        details: { daxdev: index, offset, size },
      },
    );
  const owners = ownersOf(volume, index, offset);
  const metadata = metadataAt(volume, index, offset);
  const region = metadata?.region ?? (owners.length > 0 ? 'file' : 'free');
  return { daxdev: index, offset, region, logSlot: metadata?.logSlot ?? null, owners };
}

function metadataAt(
  volume: Volume,
  index: number,
  offset: number,
): Pick<AddressFacts, 'region' | 'logSlot'> | undefined {
  if (offset < SUPERBLOCK_REGION) return { region: 'superblock', logSlot: null };
  const { logOffset, logLength } = volume.superblock;
  if (index !== 0 || offset < logOffset || offset >= logOffset + logLength) return undefined;
  const within = offset - logOffset - logHeaderStruct.size;
  if (within < 0) return { region: 'log header', logSlot: null };
  const slot = Math.floor(within / LOG_ENTRY_SIZE);
  return { region: 'log', logSlot: slot < volume.log.capacity ? slot : null };
}

/** Searches every entry, even those that replay skips: a damaged entry may own damaged memory. */
function ownersOf({ log, replay }: Volume, index: number, offset: number): AddressOwner[] {
  const owners: AddressOwner[] = [];
  log.scan(0, replay.next, (slot, { entry }) => {
    const file = entry && claimant(entry);
    if (file === undefined) return;
    const { path, size, fmap } = file;
    for (const fileOffset of fileOffsetsAt(fmap, index, offset)) {
      const applied = replay.namespace.get(path)?.slot === slot;
      owners.push({ path, slot, fileOffset, size, slack: fileOffset >= size, applied });
    }
  });
  return owners;
}

/**
 * The daxdev of the pool that the user names: by its index, its uuid or the beginning of it, or its path on this host. Throws
 * NO_DAXDEV, AMBIGUOUS_DAXDEV, and DEVICE_OPEN for a path that cannot be opened.
 */
export function daxdevNamed({ host, replay: { daxdevs } }: Volume, text: string): LoggedDaxdev {
  const isNumber = /^\d+$/.test(text);
  const byIndex = isNumber ? daxdevs[Number(text)] : undefined;
  const named = byIndex === undefined ? byUuid(daxdevs, text) : [byIndex];
  const [found, second] = named.length > 0 || isNumber || isUuid(text) ? named : byPath(host, daxdevs, text);
  if (found === undefined) throw noDaxdev(text, daxdevs);
  if (second === undefined) return found;
  throw new FamfsError(
    'AMBIGUOUS_DAXDEV',
    `the uuids of daxdevs ${found.index} and ${second.index} begin with ${text}`,
    {
      hint: 'give more of the uuid, or the index',
      details: { daxdev: text },
    },
  );
}

function byUuid(daxdevs: readonly LoggedDaxdev[], text: string): readonly LoggedDaxdev[] {
  const prefix = text.toLowerCase();
  return isUuidPrefix(text) ? daxdevs.filter(({ uuid }) => uuid.startsWith(prefix)) : [];
}

function byPath(host: Host, daxdevs: readonly LoggedDaxdev[], path: string): readonly LoggedDaxdev[] {
  const uuid = famfsOn(probe(host, path))?.deviceUuid;
  return daxdevs.filter((daxdev) => daxdev.uuid === uuid);
}

function noDaxdev(text: string, daxdevs: readonly LoggedDaxdev[]): FamfsError {
  const count = counted(daxdevs.length, 'daxdev');
  return new FamfsError('NO_DAXDEV', `${text} is not a daxdev of this file system, which has ${count}`, {
    hint: 'name it by its index, uuid or path',
    details: { daxdev: text },
  });
}
