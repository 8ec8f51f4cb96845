import { randomBytes } from 'node:crypto';

/**
 * A path beside `path`, for the file that will replace it. It differs each time: in a container, a process that was killed had the same
 * number as the next one, and its file is still there.
 */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}-${randomBytes(3).toString('hex')}.new`;
}
