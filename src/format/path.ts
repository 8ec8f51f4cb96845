/**
 * Paths in the log: relative to the root, at most 79 bytes. Bytes that are not UTF-8 become the lone surrogates U+DC80..U+DCFF,
 * so that different names stay different and a name survives decoding and encoding.
 */

/** bytes of a path field, including the terminating NUL */
export const PATH_FIELD_SIZE = 80;
/** bytes of the longest path */
export const MAX_PATH_BYTES = PATH_FIELD_SIZE - 1;
/** the directory in which mounts and shadow trees show superblock and log; no entry may use it */
export const RESERVED_NAME = '.meta';

const ESCAPED_BYTE = 0xdc00;
const SURROGATE = /[\ud800-\udfff]/;
const LONE_SURROGATE = /[\ud800-\udfff]/u;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A path that the format or its rules do not allow. */
export class PathError extends Error {
  readonly code = 'BAD_PATH';
  constructor(
    readonly path: string,
    readonly reason: string,
  ) {
    super(`path '${path}': ${reason}`);
    this.name = 'PathError';
  }
}

/** Path bytes as text, without loss. */
export function decodePath(data: Uint8Array): string {
  try {
    return strictUtf8.decode(data);
  } catch {
    return decodeLossless(data);
  }
}

/** Valid sequences become their characters, and every other byte a lone surrogate. */
function decodeLossless(data: Uint8Array): string {
  let text = '';
  for (let at = 0; at < data.length; ) {
    const length = sequenceLength(data[at] as number);
    const piece = data.subarray(at, at + length);
    const decoded = length > 0 && piece.length === length ? tryDecode(piece) : undefined;
    if (decoded === undefined) text += String.fromCharCode(ESCAPED_BYTE + (data[at] as number));
    else text += decoded;
    at += decoded === undefined ? 1 : length;
  }
  return text;
}

function tryDecode(piece: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(piece);
  } catch {
    return undefined;
  }
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

/** The bytes of a path, without a NUL; the inverse of decodePath. */
export function pathBytes(path: string): Buffer {
  if (!SURROGATE.test(path)) return Buffer.from(path, 'utf8');
  const parts = [...path].map((char) => {
    const unit = char.charCodeAt(0);
    const escaped = char.length === 1 && unit >= ESCAPED_BYTE + 0x80 && unit <= ESCAPED_BYTE + 0xff;
    return escaped ? Buffer.of(unit - ESCAPED_BYTE) : Buffer.from(char, 'utf8');
  });
  return Buffer.concat(parts);
}

/** Whether an entry can hold a path at all. */
export function fitsField(path: string): boolean {
  // a UTF-16 unit takes at most three bytes
  if (path.length > MAX_PATH_BYTES / 3 && pathBytes(path).length > MAX_PATH_BYTES) return false;
  return !path.includes('\0');
}

/**
 * Writes a path without a NUL into its field at `at`. Returns its number of bytes.
 * @throws PathError if it does not fit or contains a NUL
 */
export function writePath(target: Buffer, at: number, path: string): number {
  const length = writeAscii(target, at, path);
  return length ?? writeEncoded(target, at, path);
}

/** Same as writePath, for ASCII, which nearly all paths are; undefined for a path that is not ASCII, or too long. */
function writeAscii(target: Buffer, at: number, path: string): number | undefined {
  const { length } = path;
  if (length > MAX_PATH_BYTES) return undefined;
  for (let i = 0; i < length; i++) {
    const unit = path.charCodeAt(i);
    if (unit === 0 || unit >= 0x80) return undefined;
    target[at + i] = unit;
  }
  return length;
}

function writeEncoded(target: Buffer, at: number, path: string): number {
  const data = pathBytes(path);
  const { length } = data;
  if (length > MAX_PATH_BYTES) throw new PathError(path, `${length} bytes, at most ${MAX_PATH_BYTES} fit`);
  if (path.includes('\0')) throw new PathError(path, 'has a NUL byte');
  target.set(data, at);
  return length;
}

/** Why a path, relative to the root, is invalid; undefined if it is valid. Control characters are not checked. */
export function pathFault(path: string): string | undefined {
  if (path === '') return 'is empty';
  if (path.startsWith('/')) return "starts with '/'";
  for (const name of path.split('/')) {
    if (name === '') return 'has an empty name between or after slashes';
    if (name === '.' || name === '..') return `has '${name}' as a name`;
  }
  if (path === RESERVED_NAME || path.startsWith(`${RESERVED_NAME}/`))
    return `'${RESERVED_NAME}' is reserved for the meta files`;
  return undefined;
}

/** C0 controls, DEL and C1 controls: refused in new paths, reported in old ones. */
export function hasControlCharacters(path: string): boolean {
  for (let i = 0; i < path.length; i++) {
    const unit = path.charCodeAt(i);
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) return true;
  }
  return false;
}

/** Whether all bytes of a path are valid UTF-8. */
export function isUtf8Path(path: string): boolean {
  return !LONE_SURROGATE.test(path);
}

/** The part before the last slash; '' is the root. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** Whether `directory` is the parent of a path. */
export function isDirectlyIn(directory: string, path: string): boolean {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? directory === '' : slash === directory.length && path.startsWith(directory);
}

/** The part after the last slash: the name of a file or directory in its parent. */
export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
