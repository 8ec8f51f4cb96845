/** Making a file system on one daxdev, or a pool on several (docs/pools.md, "What mkfs writes, and when"). */
import { randomUUID } from 'node:crypto';
import type { Interleave } from '../../format/interleave.js';
import { listed } from '../../format/listed.js';
import { encodeLogHeader, lastIndexOf, logHeaderStruct } from '../../format/logHeader.js';
import { encodePoolDefaults, POOL_DEFAULTS_OFFSET } from '../../format/poolDefaults.js';
import { REFERENCE_MINIMUM, SUPERBLOCK_REGION } from '../../format/superblock.js';
import { crc32, type MappedDevice } from '../../native/device.js';
import { checkLayout } from '../allocate/placement.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { ensureSystemUuid, readSystemUuid } from '../host/systemUuid.js';
import { Appender } from '../log/appender.js';
import { Log } from '../log/log.js';
import { apply, type Step, type Write } from '../media/sharedMemory.js';
import { isSecondary, readSuperblock } from '../media/superblockReader.js';
import { clearing, type Identity, invalidation, superblockSteps } from '../media/superblockWriter.js';
import { refuseMounted } from '../pool/mountOfPool.js';
import {
  type Geometry,
  lockNew,
  openNew,
  refuseLogLength,
  refuseNew,
  refuseUnit,
  warnAlignment,
} from './newDaxdevs.js';
import { refuseContent } from './oldContent.js';

export interface MkfsOptions {
  /** bytes; a power of two from 8 MiB */
  readonly logLength: number;
  /** allocation unit, bytes: one of ALLOCATION_UNITS */
  readonly unit: number;
  /** 0: replace nothing; 1: a famfs of this host or foreign content; 2: a famfs of another host too */
  readonly force: number;
  /** plan, but write nothing */
  readonly dryRun: boolean;
  /** default layout of new files of the pool; undefined for none */
  readonly defaults?: Interleave | undefined;
}

/** One daxdev of a new file system. */
export interface FormattedDaxdev {
  readonly index: number;
  readonly device: string;
  readonly uuid: string;
  /** bytes */
  readonly size: number;
  /** bytes for files */
  readonly capacity: number;
  /** its previous contents, if any */
  readonly replaced: string | undefined;
}

export interface MkfsResult extends Identity {
  /** the primary, and its size in bytes */
  readonly device: string;
  readonly deviceSize: number;
  readonly logLength: number;
  readonly logSlots: number;
  /** allocation unit, bytes */
  readonly unit: number;
  /** bytes for files, on all daxdevs */
  readonly capacity: number;
  /** the previous contents of the primary, if any */
  readonly replaced: string | undefined;
  readonly defaults: Interleave | undefined;
  readonly daxdevs: readonly FormattedDaxdev[];
  readonly written: boolean;
}

/**
 * Makes a file system; the first path becomes the primary, the others join its pool. Throws SAME_DAXDEV, TOO_MANY_DAXDEVS,
 * TOO_SMALL, BAD_LOG_LENGTH, BAD_UNIT, BAD_LAYOUT, HAS_FAMFS, OTHER_HOST, FOREIGN, MOUNTED or BUSY; no device has changed then.
 */
export function mkfs(host: Host, paths: readonly string[], options: MkfsOptions): MkfsResult {
  const devices = openNew(host, paths, !options.dryRun);
  try {
    return makeOn(host, devices, paths, options);
  } finally {
    for (const device of devices) device.close();
  }
}

/** Invalidates the superblocks of famfs devices, by the rules that mkfs applies before it replaces them. */
export function killFamfs(
  host: Host,
  paths: readonly string[],
  options: MkfsOptions,
): { device: string; devices: readonly string[]; killed: boolean } {
  const devices = openNew(host, paths, !options.dryRun);
  try {
    for (const device of devices) {
      refuseMounted(host, device);
      if (readSuperblock(device).state === 'none')
        throw new FamfsError('NO_FAMFS', `no famfs on ${device.path}: nothing to kill`);
      lockNew(device, options.dryRun);
      refuseContent(host, device, 0, options.force);
    }
    if (!options.dryRun) apply(invalidateSteps(devices));
    return { device: paths[0] as string, devices: paths, killed: !options.dryRun };
  } finally {
    for (const device of devices) device.close();
  }
}

function makeOn(
  host: Host,
  devices: readonly MappedDevice[],
  paths: readonly string[],
  options: MkfsOptions,
): MkfsResult {
  const { logLength, unit, defaults, dryRun } = options;
  const replaced = prepare(host, devices, options);
  const systemUuid = dryRun ? (readSystemUuid(host) ?? randomUUID()) : ensureSystemUuid(host);
  const fsUuid = randomUUID();
  const members: Member[] = devices.map((device) => ({
    device,
    name: device.path,
    identity: { fsUuid, deviceUuid: randomUUID(), systemUuid },
  }));
  if (!dryRun) write(members, options);
  const daxdevs = members.map(({ device, identity }, index) => ({
    index,
    device: paths[index] as string,
    uuid: identity.deviceUuid,
    size: device.size,
    capacity: capacityOf(device.size, { logLength: index === 0 ? logLength : 0, unit }),
    replaced: replaced[index],
  }));
  const [primary] = members as [Member, ...Member[]];
  return {
    device: paths[0] as string,
    ...primary.identity,
    deviceSize: primary.device.size,
    logLength,
    logSlots: lastIndexOf(logLength) + 1,
    unit,
    capacity: daxdevs.reduce((sum, daxdev) => sum + daxdev.capacity, 0),
    replaced: replaced[0],
    defaults,
    daxdevs,
    written: !dryRun,
  };
}

/** All refusals, on all devices, before anything is written. Returns the contents that will be replaced on each. */
function prepare(host: Host, devices: readonly MappedDevice[], options: MkfsOptions): (string | undefined)[] {
  const { logLength, unit, defaults } = options;
  refuseLogLength(logLength);
  refuseUnit(unit);
  if (defaults !== undefined) checkLayout(defaults, unit);
  const geometryOf = (index: number) => ({ logLength: index === 0 ? logLength : 0, unit });
  const replaced = devices.map((device, i) => refuseNew(host, device, geometryOf(i), options));
  warnAlignment(host, devices);
  warnSmall(host, devices);
  return replaced;
}

function warnSmall(host: Host, devices: readonly MappedDevice[]): void {
  const small = devices.filter(({ size }) => size < REFERENCE_MINIMUM);
  if (small.length === 0) return;
  const which = listed(small.map(({ path, size }) => `${path} has ${size} bytes`));
  host.warn('SMALL_DEVICE', `${which}; the reference tools refuse less than 4 GiB, this one goes on`);
}

interface Member {
  readonly device: MappedDevice;
  readonly name: string;
  readonly identity: Identity;
}

/**
 * First the old superblocks are invalidated, then the log is made, then the secondaries, then the primary's superblock. Now there
 * is a sound file system on one daxdev, and each ADD_DAXDEV entry makes a sound one with one more.
 */
function write(members: readonly Member[], { logLength, unit, defaults }: MkfsOptions): void {
  const [primary, ...secondaries] = members as [Member, ...Member[]];
  const role = secondaries.length === 0 ? 'single' : 'primary';
  apply([
    ...invalidateSteps(members.map(({ device }) => device)),
    secondaries.map(({ device }) => clearing(device)),
    ...primaryRegionSteps(primary, logLength, defaults),
    ...secondaries.flatMap((member) => superblockSteps({ ...member, role: 'secondary', logLength: 0, unit })),
    ...superblockSteps({ ...primary, role, logLength, unit }),
  ]);
  const appender = new Appender(new Log(primary.device, SUPERBLOCK_REGION, logLength, unit));
  for (const [i, { device, identity }] of secondaries.entries()) {
    const { deviceUuid } = identity;
    appender.append(i, { type: 'ADD_DAXDEV', deviceSize: device.size, deviceUuid, daxdev: i + 1 });
  }
}

/** Primaries first: an old pool that is being replaced must never have its log but lack a member. */
function invalidateSteps(devices: readonly MappedDevice[]): Step[] {
  const isOldSecondary = (device: MappedDevice) => {
    const { state, superblock } = readSuperblock(device);
    return state !== 'none' && superblock !== undefined && isSecondary(superblock);
  };
  const [primaries, secondaries] = [
    devices.filter((device) => !isOldSecondary(device)),
    devices.filter((device) => isOldSecondary(device)),
  ];
  return [primaries.map(invalidation), secondaries.map(invalidation)];
}

function primaryRegionSteps({ device, identity }: Member, logLength: number, defaults: Interleave | undefined): Step[] {
  const logRest = SUPERBLOCK_REGION + logHeaderStruct.size;
  const emptyLog: Write[] = [
    { device, offset: logRest, zeros: logLength - logHeaderStruct.size, why: 'clear the log of older entries' },
    { device, offset: SUPERBLOCK_REGION, bytes: encodeLogHeader(logLength, 0, crc32), why: 'log header' },
  ];
  const steps: Step[] = [[clearing(device), ...emptyLog]];
  if (defaults !== undefined) {
    const { stripes, chunkSize } = defaults;
    const bytes = encodePoolDefaults({ fsUuid: identity.fsUuid, stripes, chunkSize }, crc32);
    steps.push([{ device, offset: POOL_DEFAULTS_OFFSET, bytes, why: 'default interleave of the pool' }]);
  }
  return steps;
}

function capacityOf(deviceSize: number, { logLength, unit }: Geometry): number {
  return Math.floor((deviceSize - SUPERBLOCK_REGION - logLength) / unit) * unit;
}
