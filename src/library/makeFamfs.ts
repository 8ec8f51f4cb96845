/** Making a file system. */
import { DEFAULT_CHUNK } from '../format/interleave.js';
import { MIN_LOG_LENGTH } from '../format/logHeader.js';
import { labelFault } from '../format/poolLabel.js';
import { DEFAULT_ALLOCATION_UNIT } from '../format/superblock.js';
import { isUuid, NIL_UUID } from '../format/uuid.js';
import { mkfs } from '../fs/mkfs/mkfs.js';
import { translatingLater, usage } from './failures.js';
import { type Devices, type HostOptions, hostOf, listOf } from './host.js';

/** Options of {@link makeFamfs}. */
export interface MakeOptions extends HostOptions {
  /** bytes of the log, a power of two from 8 MiB, which is the default */
  readonly logLength?: number | undefined;
  /** bytes: 4096 or 2 MiB, which is the default */
  readonly allocationUnit?: number | undefined;
  /** how new files are interleaved by default; without it, they are simple */
  readonly stripes?: number | undefined;
  /** bytes of a chunk, for `stripes`; the default is 2 MiB */
  readonly chunkSize?: number | undefined;
  /** name of the file system */
  readonly label?: string | undefined;
  /** uuid of the file system; the default is a random one */
  readonly uuid?: string | undefined;
  /** bytes of images, which are made where they are missing; without it, everything that is named must exist */
  readonly size?: number | undefined;
  /** `content`: replace a famfs of this host or anything else; `other host`: also a famfs of another host */
  readonly replace?: 'content' | 'other host' | undefined;
}

/** A file system that was made. */
export interface MadeFamfs {
  readonly fsUuid: string;
  /** of this host, which is the Master */
  readonly systemUuid: string;
  /** entries that the log can have */
  readonly logSlots: number;
  /** bytes for files, on all daxdevs */
  readonly capacity: number;
  /** the primary first */
  readonly daxdevs: readonly MadeDaxdev[];
}

/** A daxdev of a file system that was made. */
export interface MadeDaxdev {
  /** index in the pool */
  readonly index: number;
  readonly uuid: string;
  readonly path: string;
  /** bytes */
  readonly size: number;
}

/** How often --force is given for each kind of content. */
const FORCE = { content: 1, 'other host': 2 } as const;

/**
 * Makes a file system on one daxdev or image, or a pool on several, whose primary is the first. Everything is checked on all of
 * them before the first is written to. The result is to be opened with {@link openFamfs} or {@link openSession}.
 * @throws {@link FamfsError} HAS_FAMFS, OTHER_HOST, FOREIGN, MOUNTED, BUSY, TOO_SMALL, BAD_LOG_LENGTH, BAD_UNIT, BAD_LAYOUT,
 * SAME_DAXDEV, TOO_MANY_DAXDEVS, UUID_IN_USE, DEVICE_OPEN, CONFLICT, CANNOT_WRITE ...; nothing was changed then
 */
export async function makeFamfs(devices: Devices, options: MakeOptions = {}): Promise<MadeFamfs> {
  return translatingLater(() => {
    const named = listOf(devices);
    if (named.length === 0) throw usage('no daxdev is named', 'name one, or several for a pool');
    const { logLength = MIN_LOG_LENGTH, allocationUnit: unit = DEFAULT_ALLOCATION_UNIT, label, replace } = options;
    const made = mkfs(hostOf(options), named, {
      logLength,
      unit,
      force: replace === undefined ? 0 : forceOf(replace),
      dryRun: false,
      defaults: defaultsOf(options),
      fsUuid: uuidOf(options.uuid),
      label: label === undefined ? undefined : checkedLabel(label),
      imageSize: imageSizeOf(options.size),
    });
    const { fsUuid, systemUuid, logSlots, capacity, daxdevs } = made;
    return {
      fsUuid,
      systemUuid,
      logSlots,
      capacity,
      daxdevs: daxdevs.map(({ index, uuid, device: path, size }) => ({ index, uuid, path, size })),
    };
  });
}

function forceOf(replace: keyof typeof FORCE): number {
  const force = FORCE[replace];
  if (force === undefined) throw usage(`replace: '${replace}' is unknown`, "give 'content' or 'other host'");
  return force;
}

function defaultsOf({ stripes, chunkSize }: MakeOptions): { stripes: number; chunkSize: number } | undefined {
  if (stripes !== undefined) return { stripes, chunkSize: chunkSize ?? DEFAULT_CHUNK };
  if (chunkSize !== undefined) throw usage('chunkSize needs stripes', 'give the number of strips too');
  return undefined;
}

function uuidOf(text: string | undefined): string | undefined {
  const uuid = text?.toLowerCase();
  if (uuid !== undefined && (!isUuid(uuid) || uuid === NIL_UUID))
    throw usage(`uuid: '${text}' is no uuid`, 'leave it out for a random one');
  return uuid;
}

function checkedLabel(label: string): string {
  const fault = labelFault(label);
  if (fault !== undefined) throw usage(`label: '${label}' ${fault}`, 'give 1 to 63 bytes of text');
  return label;
}

function imageSizeOf(size: number | undefined): number | undefined {
  if (size === undefined || (Number.isSafeInteger(size) && size >= 1)) return size;
  throw usage(`size: ${size} is no size of an image`, 'give its bytes as a whole number');
}
