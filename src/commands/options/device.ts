/** Selects and opens the file system that a command works on. */
import { EntryRecord } from '../../fs/log/entryRecord.js';
import { closeOnError } from '../../fs/pool/openTarget.js';
import { openVolume } from '../../fs/pool/openVolume.js';
import type { Volume } from '../../fs/pool/volume.js';
import { WriteSession } from '../../fs/pool/writeSession.js';
import type { Mirror } from '../../fs/shadow/mirror.js';
import type { Context } from '../../ui/command.js';

export { deviceArgument, deviceOptions } from './dev.js';

/**
 * Runs `work` on the file system that is meant, opened for reading. `paths` are the arguments where those are paths in the
 * file system: a device among them is a mistake that an error explains. `at`: as it was after so many log entries.
 */
export async function withVolume<T>(
  context: Context,
  dev: readonly string[],
  work: (volume: Volume) => T | Promise<T>,
  paths: readonly string[] = [],
  at?: number,
): Promise<T> {
  let volume: Volume | undefined;
  try {
    volume = openVolume(context, dev, { at });
    return await work(volume);
  } catch (error) {
    throw await explained(context, paths, error);
  } finally {
    volume?.close();
  }
}

/** The error of a command, with a hint where one of its `paths` in the file system is a device. */
export async function explained(context: Context, paths: readonly string[], error: unknown): Promise<unknown> {
  // loaded only if it has something to say
  return paths.length === 0 ? error : (await import('./deviceHint.js')).hintDevice(context, paths, error);
}

/**
 * Opens the file system that is meant for a result that is read from it while it is printed: `work` gets what `list` yields,
 * and the file system is closed when that was drawn to its end. The result must draw it.
 */
export function listVolume<T, R>(
  context: Context,
  dev: readonly string[],
  list: (volume: Volume) => Iterable<T>,
  work: (volume: Volume, items: Iterable<T>) => R,
  at?: number,
): R {
  const volume = openVolume(context, dev, { at });
  return closeOnError(volume, () => work(volume, closeAfter(volume, list(volume))));
}

function* closeAfter<T>(volume: Volume, items: Iterable<T>): Generator<T> {
  try {
    yield* items;
  } finally {
    volume.close();
  }
}

/** Opens the file system for reading, with what each entry of its log from slot `from` on did. `at` as for withVolume. */
export function openFrom(
  context: Context,
  dev: readonly string[],
  from: number,
  at?: number,
): { volume: Volume; record: EntryRecord } {
  const record = new EntryRecord(from);
  return { volume: openVolume(context, dev, { at, record }), record };
}

/** Runs `work` as the only writer of the selected file system. */
export async function withSession<T>(
  context: Context,
  dev: readonly string[],
  work: (session: WriteSession) => T | Promise<T>,
): Promise<T> {
  const session = await WriteSession.openWhenFree(context, dev, context.signal);
  let mirror: Mirror | undefined;
  try {
    // loaded only if something is mounted, so that commands start sooner
    if (session.volume.mount !== undefined)
      mirror = await (await import('../../fs/shadow/mirror.js')).mirrorAppends(session);
    context.signal.throwIfAborted();
    return await work(session);
  } finally {
    mirror?.close();
    session.close();
  }
}
