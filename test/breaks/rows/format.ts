import { type Break, breaksOf } from '../break.js';

export const formatBreaks: readonly Break[] = [
  ...breaksOf('src/format/fmap.ts', [
    {
      from: 'const covered = strips.length * (strips[0]?.length ?? 0);',
      to: 'const covered = strips.length * (strips[0]?.length ?? 0) - 1;',
      why: 'the last byte of a file that exactly fills its strips is lost',
      killer: 'format/fmap',
    },
    {
      from: 'Math.floor(chunk / strips.length) * chunkSize + within;',
      to: 'Math.floor(chunk / strips.length) * chunkSize;',
      why: 'a range that begins inside a chunk is read from the start of the chunk',
      killer: 'format/fmap',
    },
    {
      from: 'return Math.ceil(size / (chunkSize * stripCount)) * chunkSize;',
      to: 'return Math.floor(size / (chunkSize * stripCount)) * chunkSize;',
      why: 'strips are too short for the file',
      killer: 'format/fmap',
    },
    {
      from: 'last.fileOffset + last.length === next.fileOffset',
      to: 'last.fileOffset + last.length <= next.fileOffset',
      why: 'pieces are joined across a gap in the file',
      killer: 'format/fmap',
    },
    {
      from: 'last.deviceOffset + last.length === next.deviceOffset &&',
      to: '',
      why: 'pieces are joined across a gap on the daxdev',
      killer: 'format/fmap',
    },
    {
      from: 'delta >= 0 && delta < extent.length',
      to: 'delta >= 0 && delta <= extent.length',
      why: 'whois gives the byte after an extent to the file',
      killer: 'format/fmap',
    },
    {
      from: '(cycle * extents.length + i) * chunkSize + (delta % chunkSize)',
      to: '(cycle * extents.length + i) * chunkSize',
      why: 'whois names the start of the chunk in place of the byte',
      killer: 'format/fmap',
    },
    {
      from: 'const length = Math.min(to, end) - fileOffset;',
      to: 'const length = end - fileOffset;',
      why: 'a range of a simple file does not end where it should',
      killer: 'commands/cp',
    },
  ]),
  ...breaksOf('src/format/path.ts', [
    {
      from: ' && path.startsWith(directory);',
      to: ';',
      why: 'a file is looked for in the directory of the one before it',
      killer: 'format/path',
    },
    {
      from: 'if (lead >= 0xc2 && lead < 0xe0) return 2;',
      to: 'if (lead >= 0xc0 && lead < 0xe0) return 2;',
      why: 'impossible lead bytes are tried as characters',
      killer: 'format/path',
      equivalent: 'strict decoding refuses c0 and c1 anyway',
    },
    {
      from: 'if (length > MAX_PATH_BYTES) throw new PathError',
      to: 'if (length > MAX_PATH_BYTES + 1) throw new PathError',
      why: 'a path of 80 bytes is stored without its final NUL',
      killer: 'format/path',
    },
    {
      from: "if (name === '.' || name === '..') return",
      to: "if (name === '.') return",
      why: 'a path may leave the file system',
      killer: 'format/path',
    },
    {
      from: "if (path.startsWith('/')) return \"starts with '/'\";",
      to: '',
      why: 'absolute paths are accepted from the log',
      killer: 'fs/fsck/fields',
      title: 'fsck names path absolute',
      equivalent: 'an absolute path has an empty first name, and is refused for that',
    },
    {
      from: '(unit >= 0x7f && unit < 0xa0)',
      to: 'unit === 0x7f',
      why: 'C1 control characters are allowed in new names',
      killer: 'format/path',
    },
    {
      from: 'unit >= ESCAPED_BYTE + 0x80',
      to: 'unit > ESCAPED_BYTE + 0x80',
      why: 'the byte 0x80 of a name becomes another one',
      killer: 'format/path',
    },
  ]),
  ...breaksOf('src/format/logHeader.ts', [
    {
      from: 'Math.floor((length - logHeaderStruct.size) / LOG_ENTRY_SIZE)',
      to: 'Math.ceil((length - logHeaderStruct.size) / LOG_ENTRY_SIZE)',
      why: 'the last slot reaches beyond the log',
      killer: 'format/golden',
    },
    {
      from: 'return logHeaderStruct.size + index * LOG_ENTRY_SIZE;',
      to: 'return 64 + index * LOG_ENTRY_SIZE;',
      why: 'entries are at other places than those of the reference',
      killer: 'format/golden',
    },
  ]),
  ...breaksOf('src/format/struct.ts', [
    {
      from: 'Number.POSITIVE_INFINITY',
      to: 'Number.MAX_SAFE_INTEGER',
      why: 'a field over 2^53 reads as a number that passes its checks',
      killer: 'format/struct',
    },
  ]),
  ...breaksOf('src/format/entries/reader.ts', [
    {
      from: 'if (stored !== crc) sink(',
      to: 'if (stored !== crc && stored !== 0) sink(',
      why: 'an entry without a crc is replayed',
      killer: 'fs/fsck/fields',
      title: 'fsck names entry crc',
    },
    {
      from: 'if (readU64(view, base) !== slot) sink(',
      to: 'if (readU64(view, base) > slot) sink(',
      why: 'an old entry in a later slot is replayed',
      killer: 'fs/fsck/repairs',
      title: 'damage without a safe repair',
    },
    {
      from: 'if (view.getUint32(base + PADDING, true) !== 0)',
      to: 'if (view.getUint32(base + PADDING, true) > 1)',
      why: 'damage to the padding of an entry is not found',
      killer: 'fs/fsck/fields',
      title: 'fsck names entry padding',
    },
  ]),
];
