import { randomBytes } from 'node:crypto';

/**
 * A path beside `path`, for the file that will replace it. It differs each time: in a container, the process whose file was left
 * behind by a kill has the same number as the next one.
 */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}-${randomBytes(3).toString('hex')}.new`;
}
