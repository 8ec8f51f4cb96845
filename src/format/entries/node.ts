/** What FILE and MKDIR entries have in common: a path, an owner and a mode. */
import type { FaultSink } from '../fault.js';
import { checkZero } from '../fieldText.js';
import { hasControlCharacters, isUtf8Path, PATH_FIELD_SIZE, pathFault } from '../path.js';
import type { EntryCursor, Snapshot } from './cursor.js';

const MODE_BITS = 0o7777;
/** file type bits of a mode */
export const MODE_REGULAR = 0o100000;
export const MODE_DIRECTORY = 0o040000;
/** the id that means "no change" to chown, and that no owner can have */
export const NO_OWNER = 0xffffffff;

/** Reads the permission bits of a mode. Its file type bits must be absent or equal `type`. */
export function readMode(cursor: EntryCursor, name: string, mode: number, type: number): void {
  const bits = mode & ~MODE_BITS;
  if (bits !== 0 && bits !== type)
    cursor.report(
      'MODE_RANGE',
      `${name}.mode`,
      `0${mode.toString(8)}`,
      'permission bits 0..07777, with the file type or without',
    );
  cursor.mode = mode & MODE_BITS;
}

/** Checks the owner and group in the cursor. */
export function checkOwner({ uid, gid, report }: EntryCursor, name: string): void {
  if (uid === NO_OWNER) report('OWNER_RANGE', `${name}.uid`, uid, '0..4294967294');
  if (gid === NO_OWNER) report('OWNER_RANGE', `${name}.gid`, gid, '0..4294967294');
}

/** Locates the path in its field at `at`. One pass over its bytes shows whether its names need a closer look. */
export function readPath(cursor: EntryCursor, snapshot: Snapshot, at: number, field: string): void {
  const { data } = snapshot;
  const limit = at + PATH_FIELD_SIZE;
  let end = at;
  let plain = true;
  for (; end < limit; end++) {
    const byte = data[end] as number;
    if (byte === 0) break;
    // plain: printable ASCII without '.', and no slash at an end or next to another
    if (byte < 0x20 || byte >= 0x7f || byte === 0x2e) plain = false;
    else if (byte === 0x2f && (end === at || data[end - 1] === 0x2f || end + 1 === limit || data[end + 1] === 0))
      plain = false;
  }
  cursor.pathData = data;
  cursor.pathStart = at;
  cursor.pathEnd = end;
  cursor.pathIsPlain = plain;
  if (end === limit)
    cursor.report(
      'PATH_INVALID',
      field,
      `${PATH_FIELD_SIZE} bytes without a NUL`,
      `at most ${PATH_FIELD_SIZE - 1} bytes and a NUL`,
    );
  else {
    checkZero(snapshot.view, end, limit, `${field}: bytes after the NUL`, cursor.report);
    if (!plain || end === at) checkPath(cursor.path, field, cursor.report);
  }
}

function checkPath(path: string, field: string, sink: FaultSink): void {
  const fault = pathFault(path);
  if (fault !== undefined) sink('PATH_INVALID', field, path, `a relative path (this one ${fault})`);
  if (hasControlCharacters(path)) sink('PATH_CONTROL', field, path, 'no control characters');
  if (!isUtf8Path(path)) sink('PATH_BYTES', field, path, 'UTF-8 for the reference tools');
}
