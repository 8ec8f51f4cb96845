import { statSync } from 'node:fs';
import { FamfsError } from '../../fs/errors.js';
import { hostPathBytes } from '../../fs/host/hostPath.js';
import type { Context } from '../../ui/command.js';

/**
 * The error of a command that was given `paths` in the file system. If it found none, and a path is that of a device or file of
 * this host, its hint says how to name one.
 */
export function hintDevice<E>(context: Context, paths: readonly string[], error: E): E | FamfsError {
  if (!(error instanceof FamfsError) || (error.code !== 'NO_ENTRY' && error.code !== 'NO_FAMFS')) return error;
  const device = paths.find((path) => path !== '' && isDeviceOrImage(hostPathBytes(context, path)));
  if (device === undefined) return error;
  return error.with({ hint: `to name a device or image, write --dev ${device}` });
}

function isDeviceOrImage(path: Buffer): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isCharacterDevice() === true || stat?.isFile() === true;
}
