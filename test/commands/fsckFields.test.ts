/** Every field of superblock, log header and entries, out of range or against another: fsck names each. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../golden.js';
import { pokeEntry, pokeExtent, pokeHeader, pokeInterleaved, pokePayload, pokeSuperblock } from '../patch.js';
import { Sandbox } from '../sandbox.js';

type Row = readonly [what: string, code: string, damage: (image: Buffer) => void, image?: string];

const NIL = '00000000-0000-0000-0000-000000000000';
const HUGE = 2n ** 63n;
const text = (value: string) => Buffer.concat([Buffer.from(value), Buffer.alloc(80 - value.length)]);

const ROWS: readonly Row[] = [
  ['superblock version', 'SB_VERSION', (i) => pokeSuperblock(i, 'version', 47)],
  ['superblock version over 2^53', 'SB_VERSION', (i) => pokeSuperblock(i, 'version', HUGE)],
  ['log offset moved', 'SB_LOG_OFFSET', (i) => pokeSuperblock(i, 'logOffset', 0x400000)],
  ['log offset over 2^53', 'SB_LOG_OFFSET', (i) => pokeSuperblock(i, 'logOffset', HUGE)],
  ['log length no power of two', 'SB_LOG_LENGTH', (i) => pokeSuperblock(i, 'logLength', 0x900000)],
  ['log length too small', 'SB_LOG_LENGTH', (i) => pokeSuperblock(i, 'logLength', 0x400000)],
  ['log length beyond the device', 'SB_LOG_LENGTH', (i) => pokeSuperblock(i, 'logLength', 2 ** 40)],
  ['log length unlike the header', 'LOG_LENGTH', (i) => pokeSuperblock(i, 'logLength', 0x1000000)],
  ['allocation unit', 'SB_ALLOC_UNIT', (i) => pokeSuperblock(i, 'allocationUnit', 8192)],
  ['allocation unit 0', 'SB_ALLOC_UNIT', (i) => pokeSuperblock(i, 'allocationUnit', 0)],
  ['format major', 'SB_FORMAT', (i) => pokeSuperblock(i, 'formatMajor', 3)],
  ['format minor', 'SB_FORMAT', (i) => pokeSuperblock(i, 'formatMinor', 3)],
  ['file-system uuid', 'SB_UUID', (i) => pokeSuperblock(i, 'fsUuid', NIL)],
  ['device uuid', 'SB_UUID', (i) => pokeSuperblock(i, 'deviceUuid', NIL)],
  ['system uuid', 'SB_UUID', (i) => pokeSuperblock(i, 'systemUuid', NIL)],
  [
    'system uuid without crc',
    'SB_CRC',
    (i) => pokeSuperblock(i, 'systemUuid', '11111111-1111-1111-1111-111111111111', false),
  ],
  ['upper half of the superblock crc', 'SB_CRC', (i) => i.writeUInt32LE(1, 100)],
  ['secondary flag on a primary', 'SB_FLAGS', (i) => pokeSuperblock(i, 'flags', 2)],
  ['unknown flag', 'SB_FLAGS', (i) => pokeSuperblock(i, 'flags', 0x80)],
  ['superblock padding', 'SB_RESERVED', (i) => pokeSuperblock(i, 'padding', 1)],
  [
    'second device uuid',
    'SB_RESERVED',
    (i) => pokeSuperblock(i, 'deviceUuidCopy', '11111111-1111-1111-1111-111111111111'),
  ],
  ['device size short', 'SB_DEVICE_SIZE', (i) => pokeSuperblock(i, 'deviceSize', 2 ** 31)],
  ['device size long', 'SB_DEVICE_SIZE', (i) => pokeSuperblock(i, 'deviceSize', 2 ** 40)],
  ['device size over 2^53', 'SB_DEVICE_SIZE', (i) => pokeSuperblock(i, 'deviceSize', HUGE)],
  ['device name without end', 'SB_NAME', (i) => pokeSuperblock(i, 'deviceName', Buffer.alloc(64, 'x'))],
  ['bytes behind the device name', 'SB_NAME', (i) => i.writeUInt8(65, 199)],

  ['log magic', 'LOG_MAGIC', (i) => pokeHeader(i, 'magic', 1)],
  ['log header length', 'LOG_LENGTH', (i) => pokeHeader(i, 'length', 0x1000000)],
  ['last index', 'LOG_LAST_INDEX', (i) => pokeHeader(i, 'lastIndex', 15420)],
  ['last index over 2^53', 'LOG_LAST_INDEX', (i) => pokeHeader(i, 'lastIndex', HUGE)],
  ['log header crc', 'LOG_CRC', (i) => pokeHeader(i, 'crc', 1, false)],
  ['next sequence number ahead', 'LOG_NEXT_MISMATCH', (i) => pokeHeader(i, 'nextSequence', 14)],
  ['next sequence number over 2^53', 'LOG_NEXT_MISMATCH', (i) => pokeHeader(i, 'nextSequence', HUGE)],
  ['next index beyond', 'LOG_NEXT_RANGE', (i) => pokeHeader(i, 'nextIndex', 15421)],
  ['next index over 2^53', 'LOG_NEXT_RANGE', (i) => pokeHeader(i, 'nextIndex', HUGE)],
  ['next index too high', 'ENTRY_CRC', (i) => [pokeHeader(i, 'nextIndex', 14), pokeHeader(i, 'nextSequence', 14)]],
  [
    'next index too low',
    'LOG_ENTRY_BEYOND',
    (i) => [pokeHeader(i, 'nextIndex', 10), pokeHeader(i, 'nextSequence', 10)],
  ],

  ['entry sequence number', 'ENTRY_SEQUENCE', (i) => pokeEntry(i, 5, 'sequence', 6)],
  ['entry sequence number over 2^53', 'ENTRY_SEQUENCE', (i) => pokeEntry(i, 5, 'sequence', HUGE)],
  ['entry type DELETE', 'ENTRY_TYPE', (i) => pokeEntry(i, 5, 'type', 2)],
  ['entry type unknown', 'ENTRY_TYPE', (i) => pokeEntry(i, 5, 'type', 0xffffffff)],
  ['entry padding', 'ENTRY_RESERVED', (i) => pokeEntry(i, 5, 'padding', 1)],
  ['entry crc', 'ENTRY_CRC', (i) => pokeEntry(i, 12, 'crc', 0, false)],
  ['upper half of an entry crc', 'ENTRY_CRC', (i) => pokeEntry(i, 5, 'crc', 0xffffffffffffffffn, false)],

  ['file size 0', 'FILE_SIZE', (i) => pokePayload(i, 5, 'file', 'size', 0)],
  ['file size over 2^53', 'FILE_SIZE', (i) => pokePayload(i, 5, 'file', 'size', HUGE)],
  ['file size one byte over its extents', 'COVERAGE_SHORT', (i) => pokePayload(i, 5, 'file', 'size', 0x200001)],
  ['file size far below its extents', 'COVERAGE_EXCESS', (i) => pokePayload(i, 10, 'file', 'size', 1)],
  ['file flags none', 'FILE_FLAGS', (i) => pokePayload(i, 5, 'file', 'flags', 0)],
  ['file flags both', 'FILE_FLAGS', (i) => pokePayload(i, 5, 'file', 'flags', 3)],
  ['file flags unknown', 'FILE_FLAGS', (i) => pokePayload(i, 5, 'file', 'flags', 4)],
  ['file mode', 'MODE_RANGE', (i) => pokePayload(i, 5, 'file', 'mode', 0o1000000)],
  ['file mode of a directory', 'MODE_RANGE', (i) => pokePayload(i, 5, 'file', 'mode', 0o040755)],
  ['file uid', 'OWNER_RANGE', (i) => pokePayload(i, 5, 'file', 'uid', 0xffffffff)],
  ['file gid', 'OWNER_RANGE', (i) => pokePayload(i, 5, 'file', 'gid', 0xffffffff)],
  ['path empty', 'PATH_INVALID', (i) => pokePayload(i, 5, 'file', 'path', text(''))],
  ['path absolute', 'PATH_INVALID', (i) => pokePayload(i, 5, 'file', 'path', text('/etc/passwd'))],
  ['path with dots', 'PATH_INVALID', (i) => pokePayload(i, 5, 'file', 'path', text('dir1/../x'))],
  ['path with a single dot', 'PATH_INVALID', (i) => pokePayload(i, 5, 'file', 'path', text('dir1/./x'))],
  ['path with an empty name', 'PATH_INVALID', (i) => pokePayload(i, 5, 'file', 'path', text('dir1//x'))],
  ['path with a slash at its end', 'PATH_INVALID', (i) => pokePayload(i, 5, 'file', 'path', text('dir1/x/'))],
  ['path without end', 'PATH_INVALID', (i) => pokePayload(i, 5, 'file', 'path', Buffer.alloc(80, 'a'))],
  ['path of the meta files', 'PATH_INVALID', (i) => pokePayload(i, 5, 'file', 'path', text('.meta/.log'))],
  ['path with a newline', 'PATH_CONTROL', (i) => pokePayload(i, 5, 'file', 'path', text('dir1/a\nb'))],
  ['path with an escape', 'PATH_CONTROL', (i) => pokePayload(i, 5, 'file', 'path', text('dir1/\x1b[2J'))],
  ['bytes behind the path', 'ENTRY_RESERVED', (i) => pokePayload(i, 5, 'file', 'path', text('dir1/f2m\0junk'))],
  ['path twice', 'PATH_DUPLICATE', (i) => pokePayload(i, 6, 'file', 'path', text('dir1/f2m'))],
  ['path of a directory', 'PATH_DUPLICATE', (i) => pokePayload(i, 6, 'file', 'path', text('dir1/sub'))],
  ['parent missing', 'PARENT_MISSING', (i) => pokePayload(i, 6, 'file', 'path', text('nodir/f'))],
  ['parent a file', 'PARENT_NOT_DIRECTORY', (i) => pokePayload(i, 6, 'file', 'path', text('one_byte/f'))],
  ['extent type', 'EXTENT_TYPE', (i) => pokePayload(i, 5, 'file', 'extentType', 2)],
  ['first padding of a file', 'ENTRY_RESERVED', (i) => pokePayload(i, 5, 'file', 'padding1', 1)],
  ['second padding of a file', 'ENTRY_RESERVED', (i) => pokePayload(i, 5, 'file', 'padding2', 1)],
  ['no extents', 'EXTENT_COUNT', (i) => pokePayload(i, 5, 'file', 'extentCount', 0)],
  ['17 extents', 'EXTENT_COUNT', (i) => pokePayload(i, 5, 'file', 'extentCount', 17)],
  ['2^32-1 extents', 'EXTENT_COUNT', (i) => pokePayload(i, 5, 'file', 'extentCount', 0xffffffff)],
  ['two extents, the second empty', 'EXTENT_LENGTH', (i) => pokePayload(i, 5, 'file', 'extentCount', 2)],
  ['bytes behind the extents', 'ENTRY_RESERVED', (i) => pokeExtent(i, 5, 15, 2, 1)],
  ['extent on another daxdev', 'EXTENT_DEVICE', (i) => pokeExtent(i, 5, 0, 0, 1)],
  ['extent on daxdev 2^63', 'EXTENT_DEVICE', (i) => pokeExtent(i, 5, 0, 0, HUGE)],
  ['extent at 0', 'EXTENT_OFFSET', (i) => pokeExtent(i, 5, 0, 1, 0)],
  ['extent not aligned', 'EXTENT_OFFSET', (i) => pokeExtent(i, 5, 0, 1, 0xe01000)],
  ['extent offset over 2^53', 'EXTENT_OFFSET', (i) => pokeExtent(i, 5, 0, 1, HUGE)],
  ['extent on the log', 'EXTENT_METADATA', (i) => pokeExtent(i, 5, 0, 1, 0x400000)],
  ['extent just before the files', 'EXTENT_METADATA', (i) => pokeExtent(i, 5, 0, 1, 0x800000)],
  ['extent beyond the device', 'EXTENT_BOUNDS', (i) => pokeExtent(i, 5, 0, 1, 2 ** 32)],
  ['extent length 0', 'EXTENT_LENGTH', (i) => pokeExtent(i, 5, 0, 2, 0)],
  ['extent length not aligned', 'EXTENT_LENGTH', (i) => pokeExtent(i, 5, 0, 2, 0x200001)],
  ['extent length over 2^53', 'EXTENT_LENGTH', (i) => pokeExtent(i, 5, 0, 2, HUGE)],
  ['extent length of one unit more', 'COVERAGE_EXCESS', (i) => pokeExtent(i, 12, 0, 2, 0x600000)],
  ['extent on another file', 'EXTENT_OVERLAP', (i) => pokeExtent(i, 12, 0, 1, 0x8400000)],

  ['interleaved with two extents', 'EXTENT_COUNT', (i) => pokePayload(i, 1, 'file', 'extentCount', 2), 'g3'],
  ['no strips', 'STRIP_COUNT', (i) => pokeInterleaved(i, 1, 'stripCount', 0), 'g3'],
  ['17 strips', 'STRIP_COUNT', (i) => pokeInterleaved(i, 1, 'stripCount', 17), 'g3'],
  ['2^63 strips', 'STRIP_COUNT', (i) => pokeInterleaved(i, 1, 'stripCount', HUGE), 'g3'],
  ['a strip less', 'ENTRY_RESERVED', (i) => pokeInterleaved(i, 1, 'stripCount', 7), 'g3'],
  ['chunk 0', 'CHUNK_SIZE', (i) => pokeInterleaved(i, 1, 'chunkSize', 0), 'g3'],
  ['chunk no power of two', 'CHUNK_SIZE', (i) => pokeInterleaved(i, 1, 'chunkSize', 0x600000), 'g3'],
  ['chunk below the allocation unit', 'CHUNK_SIZE', (i) => pokeInterleaved(i, 1, 'chunkSize', 4096), 'g3'],
  ['chunk over 2^53', 'CHUNK_SIZE', (i) => pokeInterleaved(i, 1, 'chunkSize', HUGE), 'g3'],
  ['chunk doubled', 'STRIP_LENGTH', (i) => pokeInterleaved(i, 1, 'chunkSize', 0x400000), 'g3'],
  ['strip at 0', 'EXTENT_OFFSET', (i) => pokeExtent(i, 1, 3, 1, 0, true), 'g3'],
  ['strip beyond the device', 'EXTENT_BOUNDS', (i) => pokeExtent(i, 1, 3, 1, 2 ** 34, true), 'g3'],
  ['strip on another strip of the file', 'EXTENT_OVERLAP', (i) => pokeExtent(i, 1, 3, 1, 0x380000000, true), 'g3'],
  ['strip longer', 'STRIP_LENGTH', (i) => pokeExtent(i, 1, 3, 2, 0x400000, true), 'g3'],
  ['strip shorter', 'COVERAGE_SHORT', (i) => pokeExtent(i, 2, 3, 2, 0x200000, true), 'g3'],

  ['directory mode', 'MODE_RANGE', (i) => pokePayload(i, 1, 'mkdir', 'mode', 0o100755)],
  ['directory uid', 'OWNER_RANGE', (i) => pokePayload(i, 1, 'mkdir', 'uid', 0xffffffff)],
  ['directory gid', 'OWNER_RANGE', (i) => pokePayload(i, 1, 'mkdir', 'gid', 0xffffffff)],
  ['directory path', 'PATH_INVALID', (i) => pokePayload(i, 2, 'mkdir', 'path', text('dir1/..'))],
  ['directory twice', 'PATH_DUPLICATE', (i) => pokePayload(i, 2, 'mkdir', 'path', text('dir1'))],
  [
    'bytes behind a directory',
    'ENTRY_RESERVED',
    (i) => [i.writeUInt8(1, 0x200000 + 48 + 544 + 16 + 400), pokeEntry(i, 1, 'padding', 0)],
  ],

  ['added daxdev of size 0', 'DAXDEV_SIZE', (i) => daxdev(i, { deviceSize: 0 })],
  ['added daxdev without uuid', 'DAXDEV_UUID', (i) => daxdev(i, { deviceUuid: NIL })],
  ['added daxdev with index 0', 'DAXDEV_INDEX', (i) => daxdev(i, { deviceIndex: 0 })],
  ['added daxdev with index 64', 'DAXDEV_INDEX', (i) => daxdev(i, { deviceIndex: 64 })],
  ['added daxdev with a gap', 'DAXDEV_ORDER', (i) => daxdev(i, { deviceIndex: 2 })],
  [
    'added daxdev with the uuid of the primary',
    'DAXDEV_DUPLICATE',
    (i) => daxdev(i, { deviceUuid: '19991592-966f-4cf5-95ce-61d588c15728' }),
  ],
];

/** Makes the last entry of g2 an ADD_DAXDEV entry, sound but for what is given. */
function daxdev(image: Buffer, values: { deviceSize?: number; deviceUuid?: string; deviceIndex?: number }): void {
  const payload = 0x200000 + 48 + 12 * 544 + 16;
  image.fill(0, payload, payload + 520);
  const sound = { deviceSize: 2 ** 32, deviceUuid: '22222222-2222-4222-8222-222222222222', deviceIndex: 1 };
  for (const [name, value] of Object.entries({ ...sound, ...values })) pokePayload(image, 12, 'daxdev', name, value);
  pokeEntry(image, 12, 'type', 3);
}

const sandbox = new Sandbox(GOLDEN_MASTER);

for (const [what, code, damage, name = 'g2'] of ROWS) {
  test(`fsck names ${what}: ${code}`, async () => {
    const image = goldenImage(name, sandbox.folder, damage);
    const { exitCode, stdout, stderr } = await sandbox.run(['fsck', image, '--json']);
    assert.equal(exitCode, 4, stderr);
    const { counts } = JSON.parse(stdout);
    assert.ok(code in counts, `found ${Object.keys(counts).join(' ')}`);
  });
}
