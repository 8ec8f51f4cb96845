/** Making a file system on one daxdev, or a pool on several (docs/pools.md, "What mkfs writes, and when"). */
import { randomUUID } from 'node:crypto';
import type { Interleave } from '../../format/interleave.js';
import { listed } from '../../format/listed.js';
import { encodeLogHeader, lastIndexOf, logHeaderStruct } from '../../format/logHeader.js';
import { encodePoolDefaults, POOL_DEFAULTS_OFFSET } from '../../format/poolDefaults.js';
import { encodePoolLabel, POOL_LABEL_OFFSET } from '../../format/poolLabel.js';
import { HUGE_PAGE, REFERENCE_MINIMUM, SUPERBLOCK_REGION, unitText } from '../../format/superblock.js';
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
import { Finder, famfsOn } from '../pool/finder.js';
import { refuseMounted } from '../pool/mountOfPool.js';
import { warnLogLength } from './logFit.js';
import {
  type Geometry,
  lockNew,
  openNew,
  refuseLogLength,
  refuseNew,
  refuseUnit,
  warnAlignment,
} from './newDaxdevs.js';
import { NewImages } from './newImages.js';
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
  /** bytes of images, which are made where they are missing; undefined: all exist */
  readonly imageSize?: number | undefined;
  /** of the file system; undefined for a random one */
  readonly fsUuid?: string | undefined;
  /** one that labelFault allows; undefined for none */
  readonly label?: string | undefined;
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
  readonly label: string | undefined;
  readonly daxdevs: readonly FormattedDaxdev[];
  readonly written: boolean;
}

/**
 * Makes a file system; the first path becomes the primary, the others join its pool. Throws SAME_DAXDEV, TOO_MANY_DAXDEVS,
 * TOO_SMALL, BAD_LOG_LENGTH, BAD_UNIT, BAD_LAYOUT, HAS_FAMFS, OTHER_HOST, FOREIGN, MOUNTED, BUSY or UUID_IN_USE, and
 * CONFLICT or CANNOT_WRITE about images to make; no device has changed then.
 */
export function mkfs(host: Host, paths: readonly string[], options: MkfsOptions): MkfsResult {
  const { imageSize, dryRun } = options;
  const images = new NewImages(host, paths, options);
  try {
    if (!dryRun) images.make();
    const existing = paths.filter((path) => !dryRun || !images.has(path));
    const devices = openNew(host, existing, !dryRun);
    try {
      const targets = paths.map((path): Target => {
        const device = devices[existing.indexOf(path)];
        return { path, size: device?.size ?? (imageSize as number), device };
      });
      return makeOn(host, targets, options);
    } finally {
      for (const device of devices) device.close();
    }
  } catch (error) {
    images.remove();
    throw error;
  }
}

/** A daxdev of the new file system; without a device, an image that a dry run does not make. */
interface Target {
  /** as given */
  readonly path: string;
  /** bytes */
  readonly size: number;
  readonly device: MappedDevice | undefined;
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
      lockNew(host, device, options.dryRun);
      refuseContent(host, device, 0, options.force);
    }
    if (!options.dryRun) apply(invalidateSteps(devices));
    return { device: paths[0] as string, devices: paths, killed: !options.dryRun };
  } finally {
    for (const device of devices) device.close();
  }
}

function makeOn(host: Host, targets: readonly Target[], options: MkfsOptions): MkfsResult {
  const { logLength, unit, defaults, label, dryRun } = options;
  const replaced = prepare(host, targets, options);
  const systemUuid = dryRun ? (readSystemUuid(host) ?? randomUUID()) : ensureSystemUuid(host);
  const fsUuid = options.fsUuid ?? randomUUID();
  const identities = targets.map(() => ({ fsUuid, deviceUuid: randomUUID(), systemUuid }));
  const members = targets.flatMap(({ device }, i): Member[] =>
    device === undefined ? [] : [{ device, name: device.path, identity: identities[i] as Identity }],
  );
  if (!dryRun) write(members, options);
  const daxdevs = targets.map(({ path, size }, index) => ({
    index,
    device: path,
    uuid: (identities[index] as Identity).deviceUuid,
    size,
    capacity: capacityOf(size, { logLength: index === 0 ? logLength : 0, unit }),
    replaced: replaced[index],
  }));
  const [primary] = daxdevs as [FormattedDaxdev, ...FormattedDaxdev[]];
  return {
    device: primary.device,
    ...(identities[0] as Identity),
    deviceSize: primary.size,
    logLength,
    logSlots: lastIndexOf(logLength) + 1,
    unit,
    capacity: daxdevs.reduce((sum, daxdev) => sum + daxdev.capacity, 0),
    replaced: replaced[0],
    defaults,
    label,
    daxdevs,
    written: !dryRun,
  };
}

/** All refusals, on all devices, before anything is written. Returns the contents that will be replaced on each. */
function prepare(host: Host, targets: readonly Target[], options: MkfsOptions): (string | undefined)[] {
  const { logLength, unit, defaults, fsUuid } = options;
  const devices = targets.flatMap(({ device }) => device ?? []);
  refuseLogLength(logLength);
  refuseUnit(unit);
  if (defaults !== undefined) checkLayout(defaults, unit);
  if (fsUuid !== undefined) refuseUsedUuid(host, devices, fsUuid);
  const geometryOf = (index: number) => ({ logLength: index === 0 ? logLength : 0, unit });
  const replaced = targets.map(({ device }, i) =>
    device === undefined ? undefined : refuseNew(host, device, geometryOf(i), options),
  );
  warnAlignment(host, devices);
  warnSmall(host, targets);
  warnUnit(host, unit);
  const capacity = targets.reduce((sum, { size }, i) => sum + capacityOf(size, geometryOf(i)), 0);
  warnLogLength(host, { logLength, unit, capacity, primarySize: targets[0]?.size ?? 0 });
  return replaced;
}

/** Nobody could tell two file systems of one uuid apart. */
function refuseUsedUuid(host: Host, devices: readonly MappedDevice[], fsUuid: string): void {
  const own = new Set(devices.map(({ identity }) => identity));
  const paths = devices.map(({ path }) => path);
  const other = new Finder(host, paths)
    .all()
    .find((daxdev) => famfsOn(daxdev)?.fsUuid === fsUuid && !own.has(daxdev.identity));
  if (other === undefined) return;
  throw new FamfsError('UUID_IN_USE', `the uuid ${fsUuid} is that of the file system on ${other.path}`, {
    hint: 'give another uuid, or leave it out for a random one',
    details: { uuid: fsUuid, device: other.path },
  });
}

/** Which kernels take the maps of files that are not in huge pages (docs/kernel-maps.md). */
function warnUnit(host: Host, unit: number): void {
  if (unit >= HUGE_PAGE) return;
  host.warn(
    'SMALL_UNIT',
    `kernels that take maps in form v2 refuse most files in units of ${unitText(unit)}; those with form d take them, and famfs mount serves them in any case`,
  );
}

function warnSmall(host: Host, devices: readonly Pick<MappedDevice, 'path' | 'size'>[]): void {
  const small = devices.filter(({ size }) => size < REFERENCE_MINIMUM);
  if (small.length === 0) return;
  const which = listed(small.map(({ path, size }) => `${path} has ${size} bytes`));
  host.warn('SMALL_DEVICE', `${which}; the reference tools refuse less than 4 GiB, but famfs continues`);
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
function write(members: readonly Member[], options: MkfsOptions): void {
  const { logLength, unit } = options;
  const [primary, ...secondaries] = members as [Member, ...Member[]];
  const role = secondaries.length === 0 ? 'single' : 'primary';
  apply([
    ...invalidateSteps(members.map(({ device }) => device)),
    secondaries.map(({ device }) => clearing(device)),
    ...primaryRegionSteps(primary, options),
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

function primaryRegionSteps(
  { device, identity: { fsUuid } }: Member,
  { logLength, defaults, label }: MkfsOptions,
): Step[] {
  const logRest = SUPERBLOCK_REGION + logHeaderStruct.size;
  const emptyLog: Write[] = [
    { device, offset: logRest, zeros: logLength - logHeaderStruct.size, why: 'clear the log of older entries' },
    { device, offset: SUPERBLOCK_REGION, bytes: encodeLogHeader(logLength, 0, crc32), why: 'log header' },
  ];
  const steps: Step[] = [[clearing(device), ...emptyLog]];
  if (defaults !== undefined) {
    const { stripes, chunkSize } = defaults;
    const bytes = encodePoolDefaults({ fsUuid, stripes, chunkSize }, crc32);
    steps.push([{ device, offset: POOL_DEFAULTS_OFFSET, bytes, why: 'default interleave of the pool' }]);
  }
  if (label !== undefined) {
    const bytes = encodePoolLabel({ fsUuid, label }, crc32);
    steps.push([{ device, offset: POOL_LABEL_OFFSET, bytes, why: 'label of the file system' }]);
  }
  return steps;
}

function capacityOf(deviceSize: number, { logLength, unit }: Geometry): number {
  return Math.floor((deviceSize - SUPERBLOCK_REGION - logLength) / unit) * unit;
}
