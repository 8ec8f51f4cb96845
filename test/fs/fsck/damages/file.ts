/** Damages of FILE entries, except their extents, and of MKDIR entries. */
import type { fileStruct } from '../../../../src/format/entries/fileStruct.js';
import type { mkdirStruct } from '../../../../src/format/entries/mkdir.js';
import { pokePayload } from '../../../support/patch.js';
import { type Damage, type DamagesOf, HUGE } from './damage.js';
import { extentAreaDamages } from './extents.js';

const NOBODY = 0xffffffff;
/** the bytes of a path field; `text` has single bytes only */
const path = (text: string) => Buffer.from(text.padEnd(80, '\0'), 'latin1');

/** Gives the file of slot 6 another path. */
function renamed(what: string, text: string, ...codes: Damage[1]): Damage {
  return [what, codes, (i) => pokePayload(i, 6, 'file', 'path', path(text))];
}

export const fileDamages: DamagesOf<typeof fileStruct> = {
  size: [
    ['file size 0', ['FILE_SIZE', 'COVERAGE_EXCESS'], (i) => pokePayload(i, 5, 'file', 'size', 0)],
    ['file size over 2^53', ['FILE_SIZE', 'COVERAGE_SHORT'], (i) => pokePayload(i, 5, 'file', 'size', HUGE)],
    ['file one byte larger than its extents', ['COVERAGE_SHORT'], (i) => pokePayload(i, 5, 'file', 'size', 0x200001)],
    ['file far smaller than its extents', ['COVERAGE_EXCESS'], (i) => pokePayload(i, 10, 'file', 'size', 1)],
    [
      'interleaved file smaller than one chunk',
      ['CHUNK_EXCESS'],
      (i) => pokePayload(i, 1, 'file', 'size', 0x1fffff),
      { image: 'g3' },
    ],
  ],
  flags: [
    ['file flags none', ['FILE_FLAGS'], (i) => pokePayload(i, 5, 'file', 'flags', 0)],
    ['file flags both', ['FILE_FLAGS'], (i) => pokePayload(i, 5, 'file', 'flags', 3)],
    ['file flags unknown', ['FILE_FLAGS'], (i) => pokePayload(i, 5, 'file', 'flags', 4)],
  ],
  uid: [['file uid', ['OWNER_RANGE'], (i) => pokePayload(i, 5, 'file', 'uid', NOBODY)]],
  gid: [['file gid', ['OWNER_RANGE'], (i) => pokePayload(i, 5, 'file', 'gid', NOBODY)]],
  mode: [
    ['file mode', ['MODE_RANGE'], (i) => pokePayload(i, 5, 'file', 'mode', 0o1000000)],
    ['file mode of a directory', ['MODE_RANGE'], (i) => pokePayload(i, 5, 'file', 'mode', 0o040755)],
  ],
  path: [
    renamed('path empty', '', 'PATH_INVALID'),
    renamed('path absolute', '/etc/passwd', 'PATH_INVALID'),
    renamed('path with two dots', 'dir1/../x', 'PATH_INVALID'),
    renamed('path with a single dot', 'dir1/./x', 'PATH_INVALID'),
    renamed('path with an empty name', 'dir1//x', 'PATH_INVALID'),
    renamed('path with a slash at its end', 'dir1/x/', 'PATH_INVALID'),
    renamed('path without end', 'a'.repeat(80), 'PATH_INVALID'),
    renamed('path of the meta files', '.meta/.log', 'PATH_INVALID'),
    renamed('path with a newline', 'dir1/a\nb', 'PATH_CONTROL'),
    renamed('path with an escape', 'dir1/\x1b[2J', 'PATH_CONTROL'),
    [
      'path that is not UTF-8',
      ['PATH_BYTES'],
      (i) => pokePayload(i, 6, 'file', 'path', path('dir1/\xff\xfe')),
      { exitCode: 0 },
    ],
    renamed('path with DEL', 'dir1/\x7f', 'PATH_CONTROL'),
    renamed('bytes after the path', 'dir1/x\0junk', 'ENTRY_RESERVED'),
    renamed('path twice', 'dir1/f2m', 'PATH_DUPLICATE'),
    renamed('path of a directory', 'dir1/sub', 'PATH_DUPLICATE'),
    renamed('parent missing', 'nodir/f', 'PARENT_MISSING'),
    renamed('parent a file', 'one_byte/f', 'PARENT_NOT_DIRECTORY'),
  ],
  extentType: [['extent type', ['EXTENT_TYPE'], (i) => pokePayload(i, 5, 'file', 'extentType', 2)]],
  padding1: [['first padding of a file', ['ENTRY_RESERVED'], (i) => pokePayload(i, 5, 'file', 'padding1', 1)]],
  extentCount: [
    ['no extents', ['EXTENT_COUNT', 'ENTRY_RESERVED'], (i) => pokePayload(i, 5, 'file', 'extentCount', 0)],
    ['17 extents', ['EXTENT_COUNT'], (i) => pokePayload(i, 5, 'file', 'extentCount', 17)],
    ['2^32-1 extents', ['EXTENT_COUNT'], (i) => pokePayload(i, 5, 'file', 'extentCount', 0xffffffff)],
    [
      'two extents, the second empty',
      ['EXTENT_OFFSET', 'EXTENT_LENGTH'],
      (i) => pokePayload(i, 5, 'file', 'extentCount', 2),
    ],
    [
      'interleaved with two extents',
      ['EXTENT_COUNT'],
      (i) => pokePayload(i, 1, 'file', 'extentCount', 2),
      { image: 'g3' },
    ],
  ],
  padding2: [['second padding of a file', ['ENTRY_RESERVED'], (i) => pokePayload(i, 5, 'file', 'padding2', 1)]],
  extents: extentAreaDamages,
};

export const mkdirDamages: DamagesOf<typeof mkdirStruct> = {
  uid: [['directory uid', ['OWNER_RANGE'], (i) => pokePayload(i, 1, 'mkdir', 'uid', NOBODY)]],
  gid: [['directory gid', ['OWNER_RANGE'], (i) => pokePayload(i, 1, 'mkdir', 'gid', NOBODY)]],
  mode: [['directory mode', ['MODE_RANGE'], (i) => pokePayload(i, 1, 'mkdir', 'mode', 0o100755)]],
  path: [
    ['directory with a bad path', ['PATH_INVALID', 'PARENT_MISSING'], (i) => named(i, 2, 'dir1/..')],
    ['directory twice', ['PATH_DUPLICATE', 'PARENT_MISSING'], (i) => named(i, 2, 'dir1')],
    ['directory with a control character', ['PATH_CONTROL', 'PARENT_MISSING'], (i) => named(i, 2, 'dir1/\b')],
    ['directory that others lie in', ['PARENT_MISSING'], (i) => named(i, 0, 'other')],
    ['bytes after the path of a directory', ['ENTRY_RESERVED'], (i) => named(i, 0, 'dir1\0junk')],
  ],
};

function named(image: Buffer, slot: number, text: string): void {
  pokePayload(image, slot, 'mkdir', 'path', path(text));
}
