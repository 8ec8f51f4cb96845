/** Whether the file system that mkfs is asked for exists already. */
import type { Interleave } from '../../format/interleave.js';
import { lastIndexOf } from '../../format/logHeader.js';
import { memberSpaces } from '../allocate/memberSpace.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { hostPath } from '../host/hostPath.js';
import { famfsOn, type ProbedDaxdev, probe } from '../pool/finder.js';
import { openVolume } from '../pool/openVolume.js';
import type { Volume } from '../pool/volume.js';
import { isSurelyMissing } from './makeImage.js';
import type { MkfsResult } from './mkfs.js';

/** What is stated of it; undefined: anything will do. Sizes in bytes. */
export interface AskedFileSystem {
  readonly logLength: number | undefined;
  readonly unit: number | undefined;
  readonly defaults: Interleave | undefined;
  readonly fsUuid: string | undefined;
  readonly label: string | undefined;
  readonly imageSize: number | undefined;
}

/**
 * The pool of exactly these daxdevs, the primary first, if it is as it is asked for; undefined where none of them has a famfs. Throws
 * CONFLICT with what differs, NOT_A_MEMBER, and what opening a pool throws.
 */
export function existingPool(host: Host, paths: readonly string[], asked: AskedFileSystem): MkfsResult | undefined {
  const named = paths.flatMap((path) => (isSurelyMissing(hostPath(host, path)) ? [] : [probe(host, path)]));
  const used = named.filter((daxdev) => famfsOn(daxdev) !== undefined);
  if (used.length === 0) return undefined;
  const volume = openVolume(
    host,
    used.map(({ path }) => path),
  );
  try {
    const reasons = [...memberReasons(paths, used, volume), ...settingReasons(volume, asked, used)];
    if (reasons.length > 0) throw different(volume, reasons);
    return resultOf(volume, paths, used);
  } finally {
    volume.close();
  }
}

function memberReasons(paths: readonly string[], used: readonly ProbedDaxdev[], { replay, primary }: Volume): string[] {
  const reasons: string[] = [];
  if (used.length < paths.length) reasons.push(`lacks ${paths.length - used.length} of the daxdevs that are named`);
  const uuids = new Map(used.map((daxdev) => [famfsOn(daxdev)?.deviceUuid, daxdev]));
  for (const { uuid, index } of replay.daxdevs)
    if (!uuids.delete(uuid)) reasons.push(`has a daxdev ${index} (uuid ${uuid}) that is not named`);
  for (const { path } of uuids.values()) reasons.push(`does not have ${path} in its log: famfs daxdev add adds it`);
  if (used[0]?.identity !== primary.identity)
    reasons.push(`has the primary ${primary.path}, which must be named first`);
  return reasons;
}

function settingReasons(
  { superblock: { logLength, allocationUnit, fsUuid }, label, defaultInterleave }: Volume,
  asked: AskedFileSystem,
  used: readonly ProbedDaxdev[],
): string[] {
  const rows: [asked: string | number | undefined, found: string | number | undefined, what: string][] = [
    [asked.logLength, logLength, 'a log length'],
    [asked.unit, allocationUnit, 'an allocation unit'],
    [asked.fsUuid, fsUuid, 'the uuid'],
    [asked.label, label, 'the label'],
    [asked.defaults?.stripes, defaultInterleave?.stripes, 'a default of strips'],
    [asked.defaults?.chunkSize, defaultInterleave?.chunkSize, 'a default chunk'],
    ...used.map(
      ({ size, path }) => [asked.imageSize, size, `on ${path} a size`] as [number | undefined, number, string],
    ),
  ];
  return rows.flatMap(([wanted, found, what]) =>
    wanted === undefined || wanted === found ? [] : [`has ${what} of ${found ?? 'none'}, not ${wanted}`],
  );
}

function different({ primary, superblock: { fsUuid } }: Volume, reasons: readonly string[]): FamfsError {
  return new FamfsError('CONFLICT', `the famfs ${fsUuid} on ${primary.path} ${reasons.join(', and ')}`, {
    hint: 'ask for what is there, or replace it with --force',
    details: { fsUuid, reasons },
  });
}

function resultOf(volume: Volume, paths: readonly string[], used: readonly ProbedDaxdev[]): MkfsResult {
  const { superblock, label, defaultInterleave: defaults } = volume;
  const { fsUuid, deviceUuid, systemUuid, logLength, allocationUnit: unit } = superblock;
  const given = new Map(used.map((daxdev, i) => [famfsOn(daxdev)?.deviceUuid, paths[i] as string]));
  const daxdevs = memberSpaces(volume).map(({ index, uuid, size, capacity }) => {
    return { index, device: given.get(uuid) as string, uuid, size, capacity, replaced: undefined };
  });
  return {
    device: paths[0] as string,
    fsUuid,
    deviceUuid,
    systemUuid,
    deviceSize: volume.primarySize,
    logLength,
    unit,
    logSlots: lastIndexOf(logLength) + 1,
    capacity: daxdevs.reduce((sum, daxdev) => sum + daxdev.capacity, 0),
    replaced: undefined,
    defaults,
    label,
    daxdevs,
    written: false,
  };
}
