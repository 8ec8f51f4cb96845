import { type Break, breaksOf } from '../break.js';

/** Log entries and records, field by field. */
export const entriesBreaks: readonly Break[] = [
  ...breaksOf('src/format/entries/fmapReader.ts', [
    {
      from: 'if (offset === 0 || offset % unit !== 0)',
      to: 'if (offset % unit !== 0)',
      why: 'an extent at offset 0, in the superblock, is called sound',
      killer: 'fs/fsck/fields',
    },
    {
      from: 'if (count < 1 || count > MAX_SIMPLE_EXTENTS)',
      to: 'if (count > MAX_SIMPLE_EXTENTS)',
      why: 'a file without extents is called sound',
      killer: 'fs/fsck/fields',
    },
    {
      from: "if (covered < size) report('COVERAGE_SHORT'",
      to: "if (covered < 0) report('COVERAGE_SHORT'",
      why: 'strips that do not hold their file are called sound',
      killer: 'fs/fsck/fields',
    },
    {
      from: "if (total < size) report('COVERAGE_SHORT'",
      to: "if (total < 0) report('COVERAGE_SHORT'",
      why: 'extents that do not hold their file are called sound',
      killer: 'fs/fsck/fields',
    },
  ]),
  ...breaksOf('src/format/entries/node.ts', [
    {
      from: 'if (bits !== 0 && bits !== type)',
      to: 'if (bits !== type)',
      why: 'modes without a type, which the reference writes, are called damaged',
      killer: 'fs/fsck/golden',
    },
    {
      from: 'if (gid === NO_OWNER)',
      to: 'if (gid === -1)',
      why: 'the group that means no group is called sound',
      killer: 'fs/fsck/fields',
    },
    {
      from: 'if (!isUtf8Path(path)) sink(',
      to: "if (path === '') sink(",
      why: 'a name at which the reference tools stop is not reported',
      killer: 'fs/fsck/fields',
    },
  ]),
  ...breaksOf('src/format/entries/file.ts', [
    {
      from: 'if (size === 0 || size === Number.POSITIVE_INFINITY)',
      to: 'if (size === 0)',
      why: 'a size over 2^53 is called sound',
      killer: 'fs/fsck/fields',
    },
    {
      from: 'if ((view.getUint32(at + FILE.padding1, true) | view.getUint32(at + FILE.padding2, true)) !== 0)',
      to: 'if (view.getUint32(at + FILE.padding1, true) !== 0)',
      why: 'reserved bytes that are used are not noticed',
      killer: 'fs/fsck/fields',
    },
  ]),
  ...breaksOf('src/format/entries/addDaxdev.ts', [
    {
      from: 'if (deviceUuid === NIL_UUID)',
      to: "if (deviceUuid === '')",
      why: 'a daxdev whose uuid is all zeros joins',
      killer: 'fs/fsck/fields',
    },
    {
      from: 'if (daxdev < 1 || daxdev >= MAX_DAXDEVS)',
      to: 'if (daxdev >= MAX_DAXDEVS)',
      why: 'a daxdev joins in the place of the primary',
      killer: 'fs/fsck/fields',
    },
  ]),
  ...breaksOf('src/format/entries/cursor.ts', [
    {
      from: '    this.extentCount = 0;\n',
      to: '',
      why: 'a directory claims the space of the file before it',
      killer: 'format/entries/cursor',
    },
  ]),
  ...breaksOf('src/format/entries/mkdir.ts', [
    {
      from: "checkUnused(at + mkdirStruct.size, end, 'mkdir: bytes after the path', cursor.report);",
      to: '',
      why: 'bytes after the path are not noticed',
      killer: 'fs/fsck/fields',
    },
  ]),
  ...breaksOf('src/format/interleave.ts', [
    {
      from: '!Number.isInteger(Math.log2(chunkSize)) || ',
      to: '',
      why: 'a chunk that is no power of two is made, and no reader takes it',
      killer: 'fs/allocate/creationPlan',
    },
  ]),
  ...breaksOf('src/format/uuid.ts', [
    {
      from: 'text.length >= MIN_UUID_PREFIX && ',
      to: '',
      why: 'one digit names a daxdev',
      killer: 'commands/daxdevResolve',
    },
  ]),
  ...breaksOf('src/fs/media/superblockReader.ts', [
    {
      from: ' || !ALLOCATION_UNITS.includes(superblock.allocationUnit)',
      to: '',
      why: 'a superblock with a unit of 0 is used',
      killer: 'fs/fsck/superblock',
    },
  ]),
  ...breaksOf('src/native/records.ts', [
    {
      from: 'start + (count - 1) * stride + length > bytes.length)',
      to: 'start + (count - 1) * stride + length > bytes.length + 1)',
      why: 'a record that leaves its bytes is refused by C++ with words that nobody understands',
      killer: 'native/records',
    },
  ]),
];
