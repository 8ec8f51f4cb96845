/** Serves a mount from beginning to end. */
import { statSync } from 'node:fs';
import { FamfsError } from '../../fs/errors.js';
import type { Volume } from '../../fs/pool/volume.js';
import { FamfsServer, type ServerRun } from '../../fs/serve/famfsServer.js';
import {
  checkFuse,
  checkPlace,
  mountPlace,
  preparePlace,
  setReadAhead,
  unmountPlace,
} from '../../fs/serve/mounting.js';
import { resolvedPlace } from '../../fs/serve/mountTree.js';
import type { ServeLog } from '../../fs/serve/serveOptions.js';
import { notifyManager } from '../../fs/serve/systemLog.js';
import type { Context } from '../../ui/command.js';
import { reportFailure, reportReady } from './background.js';
import { mountLog } from './mountLog.js';
import { isServerProcess } from './serverProcess.js';
import type { Settings } from './settings.js';

/** The document about a mount. */
export interface MountedRow {
  /** null if somebody else mounted it */
  readonly mountPoint: string | null;
  readonly device: string;
  readonly fsUuid: string;
  readonly role: string;
  readonly readOnly: boolean;
  readonly files: number;
  /** the form in which the kernel has the maps of files; null with --dry-run: only the kernel decides that */
  readonly maps: string | null;
  /** of the process that serves; null with --dry-run */
  readonly pid: number | null;
  /** false with --dry-run */
  readonly written: boolean;
}

/** Where to serve. */
export interface Place {
  readonly dev: readonly string[];
  /** the directory, as it was given */
  readonly directory: string;
  /** a descriptor that is already mounted, or a socket */
  readonly fd: number | undefined;
}

/** Checks all that can be checked without mounting. Throws what serveMount throws before it mounts. */
export function previewMount(context: Context, { dev, directory }: Place, { serve: how }: Settings): MountedRow {
  const mountPoint = resolvedPlace(context, directory);
  checkPlace(context, mountPoint);
  refuseStaging(how.staging, mountPoint);
  checkFuse(context.uid);
  const volume = FamfsServer.preview(context, dev, how);
  try {
    return { ...mountedRow(volume, mountPoint, how.readOnly), maps: null, pid: null, written: false };
  } finally {
    volume.close();
  }
}

/** Mounts and serves until the file system is unmounted, which a signal does too. */
export async function serveMount(context: Context, place: Place, settings: Settings): Promise<MountedRow> {
  try {
    return await serve(context, place, settings);
  } catch (error) {
    reportFailure(context, error);
    throw error;
  }
}

async function serve(context: Context, place: Place, settings: Settings): Promise<MountedRow> {
  let read = true;
  const log = mountLog(context, settings.logFile, () => read);
  const mountPoint = place.fd === undefined ? resolvedPlace(context, place.directory) : undefined;
  if (mountPoint !== undefined) preparePlace(context, mountPoint, context.uid, log);
  refuseStaging(settings.serve.staging, mountPoint);
  // a caller that passes a descriptor is not a kernel, or knows what it does
  const serveOptions = { ...settings.serve, mapsOfImages: place.fd !== undefined };
  const served = FamfsServer.open(context, place.dev, serveOptions, log);
  try {
    const serving = served.serve(descriptors(context, served, place.fd, mountPoint, settings));
    const end = mountPoint === undefined ? () => {} : ending(context, served, mountPoint, log);
    process.once('SIGHUP', end);
    context.signal.addEventListener('abort', end, { once: true });
    const data = await begin(context, served, serving, mountPoint, settings);
    log(`${data.device} is mounted on ${mountPoint ?? `descriptor ${place.fd}`} (${data.role}, maps ${data.maps})`);
    reportReady(context, data);
    read = !isServerProcess(context.env);
    notifyManager(context.env, 'READY=1');
    if (context.signal.aborted) end();
    const errno = await serving.ended;
    process.removeListener('SIGHUP', end);
    if (errno !== 0) log(`the mount has ended with errno ${errno}`);
    return data;
  } finally {
    served.close();
  }
}

function descriptors(
  { uid, gid }: Context,
  { volume }: FamfsServer,
  fd: number | undefined,
  mountPoint: string | undefined,
  { flags, serve: { threads } }: Settings,
): number[] {
  if (mountPoint === undefined) return [fd as number];
  return mountPlace({ source: volume.primary.path, mountPoint, flags, uid, gid, threads });
}

async function begin(
  context: Context,
  { volume }: FamfsServer,
  serving: ServerRun,
  mountPoint: string | undefined,
  { serve: { readOnly } }: Settings,
): Promise<MountedRow> {
  const { maps, mostBytes } = await serving.ready;
  if (mountPoint !== undefined) setReadAhead(context, mountPoint, mostBytes);
  return { ...mountedRow(volume, mountPoint, readOnly), maps, pid: process.pid, written: true };
}

function mountedRow(
  volume: Volume,
  mountPoint: string | undefined,
  readOnly: boolean,
): Omit<MountedRow, 'maps' | 'pid' | 'written'> {
  return {
    mountPoint: mountPoint ?? null,
    device: volume.primary.path,
    fsUuid: volume.superblock.fsUuid,
    role: volume.role,
    readOnly,
    files: volume.replay.namespace.fileCount,
  };
}

/** Unmounts, once. While files are open the server goes on until they are closed. */
function ending(context: Context, served: FamfsServer, mountPoint: string, log: ServeLog): () => void {
  let begun = false;
  const unmount = async () => {
    notifyManager(context.env, 'STOPPING=1');
    await served.settle();
    try {
      unmountPlace(mountPoint, context.uid, false);
    } catch (error) {
      if (!(error instanceof FamfsError) || error.code !== 'BUSY') throw error;
      log(`${mountPoint}: files are open; the server ends when they are closed`);
      unmountPlace(mountPoint, context.uid, true);
    }
  };
  return () => {
    if (begun) return;
    begun = true;
    unmount().catch((error: Error) => log(error.message));
  };
}

function refuseStaging(staging: string, mountPoint: string | undefined): void {
  if (!statSync(staging, { throwIfNoEntry: false })?.isDirectory())
    throw new FamfsError('NO_DIRECTORY', `the staging folder ${staging} is not a directory`, {
      hint: 'name one with --staging',
    });
  if (mountPoint !== undefined && `${staging}/`.startsWith(`${mountPoint}/`))
    throw new FamfsError('NO_DIRECTORY', `the staging folder ${staging} is inside the mount`, {
      hint: 'name another with --staging',
    });
}
