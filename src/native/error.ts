import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';

/** Facts about a failure of the native layer. */
export interface DeviceErrorDetails {
  /** symbolic code; left out: the name of `errno` */
  code?: string;
  /** the failed system call or memory operation */
  syscall?: string;
  /** errno as the kernel gives it, a positive number */
  errno?: number;
  /** the device or file; '' if there is none */
  path: string;
  /** offset in the device of a memory fault */
  offset?: number;
  /** more text after the path, in place of the words for the code */
  reason?: string;
  /** name of the dax device in sysfs: daxX.Y */
  daxdev?: string;
  /** the driver of the dax device, if it has one */
  driver?: string;
}

const REASONS: Readonly<Record<string, string>> = {
  SIGBUS: 'the memory cannot be reached (poisoned, cut short, or the file system of the image is full)',
  NOT_DAX: 'is a character device, but not a dax device',
  NOT_A_DEVICE: 'is neither a dax character device nor a regular file',
  EMPTY: 'has size 0',
  CLOSED: 'is closed',
  READ_ONLY: 'is open for reading only',
  ESTALE: 'was replaced by another file while it was being opened',
  EPIPE: 'the other end was closed',
};

/**
 * A failure of a device, of the file that stands in for one, or of a system call on either. `code` is an errno name
 * (ENOENT, EACCES, EBUSY ...), or SIGBUS for a memory fault, or NOT_DAX, NOT_A_DEVICE, EMPTY, UNMAPPABLE, CLOSED, READ_ONLY.
 */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
  readonly code: string;
  readonly path: string;
  /** the message without the path before it */
  readonly reason: string;
  readonly syscall?: string;
  readonly errno?: number;
  /** device offset in bytes of a memory fault */
  readonly offset?: number;
  /** name of the dax device in sysfs: daxX.Y */
  readonly daxdev?: string;
  /** the driver of the dax device, if it has one */
  readonly driver?: string;

  constructor(details: DeviceErrorDetails, options?: ErrorOptions) {
    const { errno = 0, path, offset, daxdev, driver } = details;
    const code = details.code ?? errnoName(errno);
    const reason = reasonOf(details, REASONS[code] ?? getSystemErrorMap().get(-errno)?.[1] ?? code);
    const where = offset === undefined ? '' : ` at offset 0x${offset.toString(16)}`;
    super(`${path === '' ? 'native addon' : path}${where}: ${reason}`, options);
    this.code = code;
    this.path = path;
    this.reason = reason;
    if (details.syscall !== undefined) this.syscall = details.syscall;
    if (details.errno !== undefined) this.errno = details.errno;
    if (offset !== undefined) this.offset = offset;
    if (daxdev !== undefined) this.daxdev = daxdev;
    if (driver !== undefined) this.driver = driver;
  }
}

/** ENOENT for 2. libuv's list is the one Node's own errors go by, but it lacks some. */
export function errnoName(errno: number): string {
  const named = Object.entries(constants.errno).find(([, value]) => value === errno);
  return getSystemErrorMap().get(-errno)?.[0] ?? named?.[0] ?? `errno ${errno}`;
}

function reasonOf({ reason, syscall }: DeviceErrorDetails, usual: string): string {
  return `${reason ?? usual}${syscall === undefined ? '' : ` (${syscall})`}`;
}
