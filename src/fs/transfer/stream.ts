/** Sources that can be read only once: standard input, pipes, devices. */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { FamfsError } from '../errors.js';
import { type LocalPath, localText, orLocalError } from './localFile.js';

export interface Stream {
  readonly fd: number;
  /** for messages */
  readonly name: string;
  /** it has no end of its own */
  readonly endless: boolean;
  close(): void;
}

/**
 * Opens a stream by its path, or takes an open descriptor, which close() leaves open. Throws CANNOT_READ, or NOT_A_STREAM for
 * directories and for files, whose size is known.
 */
export function openStream(source: LocalPath | number | undefined): Stream {
  const isPath = typeof source === 'object';
  const name = isPath ? localText(source) : 'standard input';
  // NONBLOCK: opening must not wait for the writer of a FIFO; reading does
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
  const fd = isPath ? orLocalError('read', source, () => openSync(source, flags)) : (source ?? 0);
  const stats = fstatSync(fd);
  const close = () => isPath && closeSync(fd);
  if (isPath && (stats.isFile() || stats.isDirectory())) {
    close();
    const kind = stats.isFile() ? 'file' : 'directory';
    throw new FamfsError('NOT_A_STREAM', `${name} is a ${kind}, not a stream`, {
      hint: 'leave out -s',
      details: { path: name },
    });
  }
  return { fd, name, endless: stats.isCharacterDevice(), close };
}
