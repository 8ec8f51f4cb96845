/** Making a file system on one daxdev (design: docs/architecture.md, "mkfs"). */
import { randomUUID } from 'node:crypto';
import { encodeLogHeader, lastIndexOf, logHeaderStruct } from '../format/logHeader.js';
import {
  ALLOCATION_UNIT,
  encodeSuperblock,
  FORMAT_MAJOR,
  FORMAT_MINOR,
  SUPERBLOCK_MAGIC,
  SUPERBLOCK_REGION,
  SUPERBLOCK_VERSION,
  superblockStruct,
} from '../format/superblock.js';
import { NIL_UUID } from '../format/uuid.js';
import { crc32, type MappedDevice } from '../native/device.js';
import { absolutePath, openDevice } from './devices.js';
import { FamfsError } from './errors.js';
import { foreignContent } from './foreign.js';
import type { Host } from './host.js';
import { apply, type Step } from './memory.js';
import { mountOf } from './mounts.js';
import { isLogLength, readSuperblock } from './superblockReader.js';
import { ensureSystemUuid, readSystemUuid } from './systemUuid.js';
import { closeOnError } from './volume.js';

/** bytes; the least that the reference makes a file system on */
const REFERENCE_MINIMUM = 4 * 1024 ** 3;
/** how often --force must be given to replace a famfs of another host */
const FORCE_OTHER_HOST = 2;

export interface MkfsOptions {
  /** bytes; a power of two from 8 MiB */
  readonly logLength: number;
  /** 0: replace nothing; 1: a famfs of this host or foreign content; 2: a famfs of another host too */
  readonly force: number;
  /** plan, but write nothing */
  readonly dryRun: boolean;
}

export interface MkfsResult {
  readonly device: string;
  readonly fsUuid: string;
  readonly deviceUuid: string;
  readonly systemUuid: string;
  /** bytes */
  readonly deviceSize: number;
  readonly logLength: number;
  readonly logSlots: number;
  /** bytes for files */
  readonly capacity: number;
  /** what was there before, if anything */
  readonly replaced: string | undefined;
  readonly written: boolean;
}

/** Makes a file system. Throws TOO_SMALL, BAD_LOG_LENGTH, HAS_FAMFS, OTHER_HOST, FOREIGN, MOUNTED; nothing has changed then. */
export function mkfs(host: Host, path: string, options: MkfsOptions): MkfsResult {
  const device = openDevice(host, path, !options.dryRun);
  return withDevice(device, () => {
    const replaced = prepare(host, device, options);
    const systemUuid = options.dryRun ? (readSystemUuid(host) ?? randomUUID()) : ensureSystemUuid(host);
    const identity = { fsUuid: randomUUID(), deviceUuid: randomUUID(), systemUuid };
    if (!options.dryRun) apply(makeSteps(device, absolutePath(host, path), identity, options.logLength));
    return {
      device: path,
      ...identity,
      deviceSize: device.size,
      logLength: options.logLength,
      logSlots: lastIndexOf(options.logLength) + 1,
      capacity: capacityOf(device.size, options.logLength),
      replaced,
      written: !options.dryRun,
    };
  });
}

/** Invalidates the superblock of a famfs, by the same rules that mkfs has for replacing it. */
export function killFamfs(host: Host, path: string, options: MkfsOptions): { device: string; killed: boolean } {
  const device = openDevice(host, path, !options.dryRun);
  return withDevice(device, () => {
    refuseMounted(host, path);
    if (readSuperblock(device).state === 'none')
      throw new FamfsError('NO_FAMFS', `no famfs on ${path}: nothing to kill`);
    lockForMkfs(device, options.dryRun);
    refuseContent(host, device, options.force);
    if (!options.dryRun) apply([invalidateStep(device)]);
    return { device: path, killed: !options.dryRun };
  });
}

function withDevice<T>(device: MappedDevice, work: () => T): T {
  const result = closeOnError(device, work);
  device.close();
  return result;
}

/** All refusals, before anything is written. Returns what is being replaced. */
function prepare(host: Host, device: MappedDevice, options: MkfsOptions): string | undefined {
  refuseMounted(host, device.path);
  refuseSize(device, options.logLength);
  lockForMkfs(device, options.dryRun);
  const replaced = refuseContent(host, device, options.force);
  if (device.size < REFERENCE_MINIMUM)
    host.warn(
      'SMALL_DEVICE',
      `${device.path} has ${device.size} bytes; the reference tools refuse less than 4 GiB, this one goes on`,
    );
  return replaced;
}

function refuseMounted(host: Host, path: string): void {
  const mount = mountOf(host, path);
  if (mount === undefined) return;
  throw new FamfsError('MOUNTED', `${path} is mounted on ${mount.mountPoint}; nothing forces a mounted file system`, {
    hint: `unmount it first: umount ${mount.mountPoint}`,
  });
}

function lockForMkfs(device: MappedDevice, dryRun: boolean): void {
  if (dryRun || device.lock('exclusive', false)) return;
  throw new FamfsError('BUSY', `${device.path} is locked by another process`, { hint: 'wait until it has ended' });
}

function refuseSize(device: MappedDevice, logLength: number): void {
  const least = SUPERBLOCK_REGION + logLength + ALLOCATION_UNIT;
  if (!isLogLength(logLength, Number.MAX_SAFE_INTEGER))
    throw new FamfsError('BAD_LOG_LENGTH', `a log of ${logLength} bytes: it is a power of two, 8 MiB or more`, {
      hint: 'give --loglen 8M, 16M, 32M ...',
    });
  if (device.size >= least) return;
  throw new FamfsError(
    'TOO_SMALL',
    `${device.path} has ${device.size} bytes; superblock, log and one allocation unit need ${least}`,
    {
      hint: 'use a larger device, or a shorter log',
      details: { size: device.size, needed: least },
    },
  );
}

/** Refuses what --force does not cover; returns what is there otherwise. */
function refuseContent(host: Host, device: MappedDevice, force: number): string | undefined {
  const { state, superblock } = readSuperblock(device);
  if (state === 'none' || superblock === undefined) return refuseForeign(device, force);
  const own = superblock.systemUuid === readSystemUuid(host);
  const whose = own ? 'this host' : `another host (system uuid ${superblock.systemUuid})`;
  const what =
    state === 'other-version' ? `a famfs of version ${superblock.version}` : `the famfs ${superblock.fsUuid}`;
  const found = `${what} of ${whose}`;
  if (force >= (own ? 1 : FORCE_OTHER_HOST)) return found;
  const code = own ? 'HAS_FAMFS' : 'OTHER_HOST';
  const hint = own ? 'give --force to replace it' : 'give --force twice to replace it';
  const details = { device: device.path, fsUuid: superblock.fsUuid, systemUuid: superblock.systemUuid, state };
  throw new FamfsError(code, `${device.path} holds ${found}`, {
    hint: `${hint}; all its files are lost then`,
    details,
  });
}

function refuseForeign(device: MappedDevice, force: number): string | undefined {
  const content = foreignContent(device);
  if (content === undefined || force >= 1) return content;
  throw new FamfsError('FOREIGN', `${device.path} holds ${content}`, {
    hint: 'give --force to replace it; all that it holds is lost then',
    details: { device: device.path, content },
  });
}

interface Identity {
  readonly fsUuid: string;
  readonly deviceUuid: string;
  readonly systemUuid: string;
}

/**
 * The old superblock dies first and the new one is born last, so that a crash never leaves a valid superblock over an
 * old or half-made log.
 */
function makeSteps(device: MappedDevice, name: string, identity: Identity, logLength: number): Step[] {
  const header = encodeLogHeader(logLength, 0, crc32);
  const superblock = encodeSuperblock(
    {
      magic: SUPERBLOCK_MAGIC,
      version: SUPERBLOCK_VERSION,
      logOffset: SUPERBLOCK_REGION,
      logLength,
      allocationUnit: ALLOCATION_UNIT,
      formatMajor: FORMAT_MAJOR,
      formatMinor: FORMAT_MINOR,
      ...identity,
      flags: 0, // the reference writes 0 on its only device
      padding: 0,
      deviceSize: device.size,
      deviceUuidCopy: NIL_UUID,
      deviceName: Buffer.from(name, 'utf8').subarray(0, superblockStruct.fields.deviceName.size - 1),
    },
    crc32,
  );
  const logRest = SUPERBLOCK_REGION + logHeaderStruct.size;
  return [
    [invalidateStep(device)[0] as Step[number]],
    [
      { device, offset: 0, zeros: SUPERBLOCK_REGION, why: 'clear the superblock region of older content' },
      { device, offset: logRest, zeros: logLength - logHeaderStruct.size, why: 'clear the log of older entries' },
      { device, offset: SUPERBLOCK_REGION, bytes: header, why: 'log header' },
    ],
    // everything behind the magic first: the magic makes it valid
    [{ device, offset: 8, bytes: superblock.subarray(8), why: 'superblock without its magic' }],
    [{ device, offset: 0, bytes: superblock.subarray(0, 8), why: 'superblock magic' }],
  ];
}

function invalidateStep(device: MappedDevice): Step {
  return [
    { device, offset: superblockStruct.offsets.magic, bytes: Buffer.alloc(8), why: 'invalidate the old superblock' },
  ];
}

function capacityOf(deviceSize: number, logLength: number): number {
  return Math.floor((deviceSize - SUPERBLOCK_REGION - logLength) / ALLOCATION_UNIT) * ALLOCATION_UNIT;
}
