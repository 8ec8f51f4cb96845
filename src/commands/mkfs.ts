import { DEFAULT_CHUNK } from '../format/interleave.js';
import { MIN_LOG_LENGTH } from '../format/logHeader.js';
import { DEFAULT_ALLOCATION_UNIT, unitText } from '../format/superblock.js';
import { isUuid, NIL_UUID } from '../format/uuid.js';
import { existingPool } from '../fs/mkfs/existingPool.js';
import { killFamfs, type MkfsResult, mkfs } from '../fs/mkfs/mkfs.js';
import { defineCommand, type Result, type Style } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { exactBytes, humanBytes } from '../ui/units.js';
import { ABSENT_DAXMODE, absentOption } from './options/absent.js';
import { allocUnitOption } from './options/allocUnit.js';
import { dryRunOption } from './options/dryRun.js';
import { labelOption, refuseLabel } from './options/label.js';
import { layoutOptions } from './options/layout.js';
import { type InterleaveRow, interleaveRow, type NewMemberRow, newMemberRow } from './output/member.js';

/** With --kill: the invalidated superblocks; otherwise the new file system. */
export type MkfsDocument = NewFilesystem | KilledFilesystems;

interface NewFilesystem {
  readonly fsUuid: string;
  /** of this host, the Master */
  readonly systemUuid: string;
  /** bytes */
  readonly logLength: number;
  readonly logSlots: number;
  /** bytes */
  readonly allocationUnit: number;
  /** bytes for files, on all daxdevs */
  readonly capacity: number;
  /** null: none */
  readonly label: string | null;
  /** default layout of new files; null: none */
  readonly defaultInterleave: InterleaveRow | null;
  /** the primary first */
  readonly daxdevs: readonly NewDaxdev[];
  /** with --exist-ok: it was there already */
  readonly existed: boolean;
  /** false with --dry-run, and if it existed */
  readonly written: boolean;
}

interface NewDaxdev extends NewMemberRow {
  /** bytes for files */
  readonly capacity: number;
}

interface KilledFilesystems {
  /** paths of the daxdevs */
  readonly killed: readonly string[];
  /** false with --dry-run */
  readonly written: boolean;
}

export const command = defineCommand({
  name: 'mkfs',
  group: 'Make and fill',
  summary: 'make a famfs file system',
  details: [
    'Makes a file system on a dax character device, or on a plain file in its place. The host becomes its ' +
      'Master: only this host may change it.',
    'Several DEVs become a pool: the first is the primary and holds the log, and files may be interleaved over all of ' +
      'them. Everything is checked on all of them before the first is written to. An interrupted mkfs leaves no file ' +
      'system, or a sound one with fewer daxdevs; famfs daxdev add adds the others.',
    'A famfs of this host, a famfs log without a superblock and other known content are replaced only with --force, and so ' +
      'is any other data in a regular file. Unknown data in the memory of a dax device is reported and overwritten. A famfs of ' +
      'another host needs --force twice, and a mounted one is never replaced. The old superblock is invalidated first and ' +
      'the new one is written last, so an interrupted mkfs leaves no file system rather than a broken one.',
    'The reference tools refuse devices below 4 GiB; this one warns and goes on.',
  ],
  examples: [
    { command: 'famfs mkfs /dev/dax0.0', explains: 'make a file system on a daxdev' },
    { command: 'famfs mkfs --size 16G pool.img', explains: 'make one on an image file, and the file' },
    {
      command: 'famfs mkfs --exist-ok --size 16G p0.img p1.img',
      explains: 'in a script that may run again: make the pool, unless it is there',
    },
    {
      command: 'famfs mkfs --stripes 16 /dev/dax0.0 /dev/dax1.0 /dev/dax2.0',
      explains: 'make a pool whose files are interleaved by default',
    },
    {
      command: 'famfs mkfs --label weights /dev/dax0.0 && famfs ls --dev LABEL=weights',
      explains: 'make one with a name, and use that',
    },
    { command: 'famfs mkfs --force --kill /dev/dax0.0', explains: 'destroy a file system without making another' },
  ],
  args: [
    {
      name: 'DEV',
      completes: 'daxdev',
      summary: 'daxdev or image; the first is the primary',
      required: true,
      repeat: true,
    },
  ],
  options: {
    loglen: {
      type: 'size',
      short: 'l',
      value: 'SIZE',
      summary: 'length of the log, a power of two from 8M; the default is 8M',
      details:
        'An 8 MiB log holds 15,420 files and directories, a 256 MiB log 493,447, a 1 GiB log 1,973,790. A length that suits the unit and the room ' +
        'for files badly is warned about.',
    },
    ...allocUnitOption,
    force: {
      type: 'count',
      short: 'f',
      summary: 'replace what is on the device; twice to replace a famfs of another host',
    },
    stripes: {
      ...layoutOptions.stripes,
      summary: 'default of the pool: interleave files over N strips',
      details:
        'Recorded on the primary, where the reference tools do not look. Without it, a file is one simple extent.',
    },
    chunk: {
      ...layoutOptions.chunk,
      summary: 'default of the pool: chunk of interleaved files, a power of two and a multiple of the allocation unit',
      details: 'Needs --stripes. The default is 2M.',
    },
    uuid: {
      type: 'string',
      value: 'UUID',
      summary: 'uuid of the file system, instead of a random one',
      details: 'No other file system on this host may have it. Daxdevs still get random uuids.',
    },
    label: labelOption,
    size: {
      type: 'size',
      short: 's',
      value: 'SIZE',
      min: 1,
      summary: 'make each missing DEV: an image, a sparse file of this size',
      details:
        'An empty file gets this size too. A file of another size or a device is an error. If mkfs fails, the images are removed.',
    },
    existOk: {
      type: 'boolean',
      summary: 'succeed if the requested file system exists already',
      details:
        'It must have exactly these daxdevs, the same primary, and the given log length, default interleave, uuid, label and size. ' +
        'An error names what differs. If no DEV has a famfs, it is made.',
    },
    kill: { type: 'boolean', short: 'k', summary: 'with --force: only invalidate the existing famfs' },
    ...dryRunOption,
  },
  absentOptions: {
    '-F': 'to replace what is on the device, use -f; with the reference tools, -F is --nofuse, and this tool needs no mount',
    '--nofuse': 'leave it out: this tool needs no mount',
    ...absentOption('D', 'nodax', 'leave it out: mkfs works on the device itself, and never changes its mode'),
    ...ABSENT_DAXMODE,
  },
  seeAlso: ['fsck', 'info'],
  changes: true,
  async run(context, devices, args): Promise<Result<MkfsDocument>> {
    const { loglen, allocUnit, force, stripes, chunk, kill, uuid, label, size, existOk = false, dryRun = false } = args;
    if (kill && force === 0) throw new UsageError('--kill needs --force', 'give both to invalidate the existing famfs');
    const idle = Object.entries({ stripes, chunk, loglen, 'alloc-unit': allocUnit, uuid, label, size }).find(
      ([, value]) => value !== undefined,
    )?.[0];
    if (kill && idle !== undefined)
      throw new UsageError(`--kill makes no file system, so --${idle} means nothing`, 'leave it out');
    if (chunk !== undefined && stripes === undefined)
      throw new UsageError('--chunk needs --stripes', 'give the number of strips too');
    const defaults = stripes === undefined ? undefined : { stripes, chunkSize: chunk ?? DEFAULT_CHUNK };
    const fsUuid = uuid === undefined ? undefined : fsUuidOf(uuid);
    if (label !== undefined) refuseLabel(label);
    const options = {
      logLength: loglen ?? MIN_LOG_LENGTH,
      unit: allocUnit ?? DEFAULT_ALLOCATION_UNIT,
      force,
      dryRun,
      defaults,
      fsUuid,
      label,
      imageSize: size,
    };
    if (existOk && force > 0)
      throw new UsageError('--exist-ok and --force exclude each other', 'keep what is there, or replace it');
    const existing = existOk
      ? existingPool(context, devices, { logLength: loglen, unit: allocUnit, defaults, fsUuid, label, imageSize: size })
      : undefined;
    if (existing !== undefined)
      return { data: filesystemRow(existing, true), text: (style) => filesystemLines(existing, true, style) };
    if (kill) {
      const killed = killFamfs(context, devices, options);
      return {
        data: { killed: killed.devices, written: killed.killed },
        text: () => devices.map((device) => `${device}: famfs ${dryRun ? 'would be' : 'was'} killed`),
      };
    }
    const made = mkfs(context, devices, options);
    return { data: filesystemRow(made, false), text: (style) => filesystemLines(made, false, style) };
  },
});

/** Throws UsageError. */
function fsUuidOf(text: string): string {
  const uuid = text.toLowerCase();
  if (!isUuid(uuid) || uuid === NIL_UUID)
    throw new UsageError(`option --uuid: '${text}' is no uuid`, 'uuidgen prints one; leave it out for a random one');
  return uuid;
}

function filesystemRow(made: MkfsResult, existed: boolean): NewFilesystem {
  const { fsUuid, systemUuid, logLength, logSlots, unit, capacity, defaults, label, daxdevs, written } = made;
  return {
    fsUuid,
    systemUuid,
    logLength,
    logSlots,
    allocationUnit: unit,
    capacity,
    label: label ?? null,
    defaultInterleave: interleaveRow(defaults),
    daxdevs: daxdevs.map((daxdev) => ({ ...newMemberRow(daxdev), capacity: daxdev.capacity })),
    existed,
    written,
  };
}

function* filesystemLines(made: MkfsResult, existed: boolean, style: Style): Generator<string> {
  const { device, fsUuid, deviceSize, logLength, logSlots, unit, capacity, defaults, label, daxdevs, written } = made;
  yield `${style.bold(device)}: famfs ${fsUuid} ${existed ? 'exists' : written ? 'made' : 'would be made'}`;
  yield `device size ${humanBytes(deviceSize)}, log ${humanBytes(logLength)} (${logSlots} files and directories), room for files ${humanBytes(capacity)} in units of ${unitText(unit)}`;
  if (label !== undefined) yield `label ${label}`;
  if (daxdevs.length > 1) {
    for (const { index, device: path, uuid, size } of daxdevs)
      yield `daxdev ${index}: ${path}, ${humanBytes(size)}, uuid ${uuid}`;
  }
  if (defaults !== undefined)
    yield `files are interleaved over ${defaults.stripes} strips with chunks of ${exactBytes(defaults.chunkSize)}`;
}
