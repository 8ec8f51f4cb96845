#include "log_entry.h"

#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "crc.h"
#include "records.h"
#include "unaligned.h"

namespace famfs {
namespace {

constexpr uint64_t kMostSafe = (uint64_t{1} << 53) - 1;  // the largest number that JavaScript represents exactly
constexpr uint32_t kPermissions = 07777;
constexpr uint32_t kRegular = 0100000;
constexpr uint32_t kDirectory = 0040000;
constexpr uint32_t kNobody = 0xffffffff;

void put32(uint8_t* at, uint32_t value) { std::memcpy(at, &value, sizeof value); }

void put64(uint8_t* at, uint64_t value) { std::memcpy(at, &value, sizeof value); }

bool isZero(const uint8_t* bytes, uint32_t length) { return usedLength(bytes, length) == 0; }

// Bytes of the UTF-8 sequence, two or more, at the start of `length` bytes; 0 if there is none.
uint32_t sequenceLength(const uint8_t* bytes, uint32_t length) {
  const uint8_t lead = bytes[0];
  const uint32_t count = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || count > length) return 0;
  const uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (bytes[1] < low || bytes[1] > high) return 0;
  for (uint32_t i = 2; i < count; i++) {
    if ((bytes[i] & 0xc0) != 0x80) return 0;
  }
  return count;
}

// Whether all of eight bytes are ASCII without control characters.
bool isAsciiText(uint64_t bytes) {
  constexpr uint64_t kEach = 0x0101010101010101;
  constexpr uint64_t kTop = 0x80 * kEach;
  const uint64_t noDelete = bytes ^ 0x7f * kEach;
  // a byte below n borrows from its top bit when n is taken from each
  const uint64_t odd = bytes | ((bytes - 0x20 * kEach) & ~bytes) | ((noDelete - kEach) & ~noDelete);
  return (odd & kTop) == 0;
}

// Whether the bytes are UTF-8 without control characters, including C1.
bool isText(const uint8_t* bytes, uint32_t length) {
  if (length >= 8) {
    bool ascii = isAsciiText(u64At(bytes + length - 8));
    for (uint32_t at = 0; ascii && at + 8 <= length; at += 8) ascii = isAsciiText(u64At(bytes + at));
    if (ascii) return true;
  }
  for (uint32_t at = 0; at < length;) {
    if (bytes[at] < 0x80) {
      if (bytes[at] < 0x20 || bytes[at] == 0x7f) return false;
      at++;
      continue;
    }
    const uint32_t count = sequenceLength(bytes + at, length - at);
    if (count == 0 || (bytes[at] == 0xc2 && bytes[at + 1] < 0xa0)) return false;
    at += count;
  }
  return true;
}

// A name allowed between slashes; the first of a path must not be .meta, where mounts keep their own files.
bool isName(const uint8_t* name, uint32_t length, bool first) {
  if (length == 0) return false;
  if (name[0] != '.') return true;
  if (length == 1 || (length == 2 && name[1] == '.')) return false;
  return !(first && length == 5 && std::memcmp(name, ".meta", 5) == 0);
}

bool areNames(const uint8_t* path, uint32_t length) {
  for (uint32_t start = 0;;) {
    const void* slash = std::memchr(path + start, '/', length - start);
    const uint32_t end = slash == nullptr ? length : static_cast<uint32_t>(static_cast<const uint8_t*>(slash) - path);
    if (!isName(path + start, end - start, start == 0)) return false;
    if (slash == nullptr) return true;
    start = end + 1;
  }
}

#if defined(__SSE2__)

// A bit for each of the first bytes of a path's field, up to the block in which the path ends.
struct PathMasks {
  static constexpr uint32_t kBlock = 16;
  static constexpr uint32_t kMost = 64;

  uint64_t zero = 0;
  uint64_t slash = 0;
  uint64_t dot = 0;
  uint64_t odd = 0;   // no printable character of ASCII
  uint32_t seen = 0;  // bytes

  // The field has at least kMost bytes.
  explicit PathMasks(const uint8_t* field) {
    for (; seen < kMost && zero == 0; seen += kBlock) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(field + seen));
      const auto maskOf = [this](__m128i found) { return uint64_t{static_cast<uint32_t>(_mm_movemask_epi8(found))} << seen; };
      // as signed numbers, those from 0x80 on are below the space too
      const __m128i low = _mm_cmplt_epi8(bytes, _mm_set1_epi8(' '));
      zero = maskOf(_mm_cmpeq_epi8(bytes, _mm_setzero_si128()));
      slash |= maskOf(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('/')));
      dot |= maskOf(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('.')));
      odd |= maskOf(_mm_or_si128(low, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f))));
    }
  }
};

// Whether the field of `size` bytes, at least PathMasks::kMost, has a path shorter than that, of printable ASCII and with names that do not
// begin with a dot, as most are; for all others, see readAnyPath.
bool readUsualPath(const uint8_t* field, uint32_t size, EntryFields* fields) {
  const PathMasks masks(field);
  if (masks.zero == 0) return false;
  const uint64_t after = -(masks.zero & -masks.zero) & (~uint64_t{0} >> (PathMasks::kMost - masks.seen));
  const uint64_t starts = masks.slash << 1 | 1;
  const uint64_t ends = masks.slash | (masks.zero & -masks.zero);
  if (masks.zero != after || masks.odd != after || (starts & (ends | masks.dot)) != 0) return false;
  fields->path = field;
  fields->pathLength = static_cast<uint32_t>(__builtin_ctzll(masks.zero));
  fields->nameStart = 63 - static_cast<uint32_t>(__builtin_clzll(starts));
  return isZero(field + masks.seen, size - masks.seen);
}

#endif

bool readAnyPath(const uint8_t* field, uint32_t size, EntryFields* fields) {
  const void* end = std::memchr(field, 0, size);
  if (end == nullptr) return false;
  const uint32_t length = static_cast<uint32_t>(static_cast<const uint8_t*>(end) - field);
  fields->path = field;
  fields->pathLength = length;
  fields->nameStart = nameStartOf(field, length);
  return isZero(field + length, size - length) && isText(field, length) && areNames(field, length);
}

bool readPath(const uint8_t* field, uint32_t size, EntryFields* fields) {
#if defined(__SSE2__)
  if (size >= PathMasks::kMost && readUsualPath(field, size, fields)) return true;
#endif
  return readAnyPath(field, size, fields);
}

bool readMode(uint32_t mode, uint32_t type, EntryFields* fields) {
  const uint32_t rest = mode & ~kPermissions;
  fields->mode = static_cast<uint16_t>(mode & kPermissions);
  return rest == 0 || rest == type;
}

// Nearly all units are powers of two, and a division takes longer than the other checks of an extent.
uint64_t remainder(uint64_t value, uint64_t unit) { return (unit & (unit - 1)) == 0 ? value & (unit - 1) : value % unit; }

bool isAligned(uint64_t value, uint64_t unit) { return value != 0 && value <= kMostSafe && remainder(value, unit) == 0; }

// Rounded up; both are below 2^53, and so is every result that matters for the comparisons.
uint64_t roundUp(uint64_t value, uint64_t unit) { return value + unit - 1 - remainder(value + unit - 1, unit); }

bool readExtents(const LogLayout& layout, const uint8_t* at, uint32_t count, uint64_t unit, EntryFields* fields) {
  fields->extentCount = count;
  for (uint32_t i = 0; i < count; i++, at += layout.extentSize) {
    ExtentFields& extent = fields->extents[i];
    extent.daxdev = u64At(at + layout.extentDaxdev);
    extent.offset = u64At(at + layout.extentOffset);
    extent.length = u64At(at + layout.extentLength);
    if (!isAligned(extent.offset, unit) || !isAligned(extent.length, unit)) return false;
  }
  return true;
}

// `used`: position after the last nonzero byte of the entry, not counting its crc.
bool readSimple(const LogLayout& layout, const uint8_t* file, uint64_t unit, const uint8_t* used, EntryFields* fields) {
  const uint32_t count = u32At(file + layout.fileExtentCount);
  if (count < 1 || count > layout.mostExtents) return false;
  const uint8_t* extents = file + layout.fileExtents;
  if (used > extents + count * layout.extentSize || !readExtents(layout, extents, count, unit, fields)) return false;
  uint64_t total = 0;
  for (uint32_t i = 0; i < count; i++) total += fields->extents[i].length;
  return total >= fields->size && total <= roundUp(fields->size, layout.allocationUnit);
}

bool readInterleaved(const LogLayout& layout, const uint8_t* file, uint64_t unit, const uint8_t* used, EntryFields* fields) {
  const uint8_t* record = file + layout.fileExtents;
  const uint64_t count = u64At(record + layout.stripCount);
  const uint64_t chunk = u64At(record + layout.chunkSize);
  if (u32At(file + layout.fileExtentCount) != 1 || count < 1 || count > layout.mostStrips) return false;
  if (!isAligned(chunk, unit) || (chunk & (chunk - 1)) != 0 || fields->size < chunk) return false;
  fields->chunk = chunk;
  const uint8_t* strips = record + layout.strips;
  if (used > strips + count * layout.extentSize) return false;
  if (!readExtents(layout, strips, static_cast<uint32_t>(count), unit, fields)) return false;
  // chunk * count and the rest stay far below 2^64: chunk is at most the size, below 2^53, and count at most 16
  const uint64_t stripe = chunk * count;
  const uint64_t expected = (fields->size + stripe - 1) / stripe * chunk;
  for (uint32_t i = 0; i < count; i++) {
    if (fields->extents[i].length != expected) return false;
  }
  return true;
}

bool readFile(const LogLayout& layout, const uint8_t* file, uint64_t unit, const uint8_t* used, EntryFields* fields) {
  fields->kind = NodeKind::kFile;
  fields->size = u64At(file + layout.fileSize);
  fields->uid = u32At(file + layout.fileUid);
  fields->gid = u32At(file + layout.fileGid);
  fields->chunk = 0;
  const uint32_t flags = fields->flags = u32At(file + layout.fileFlags);
  if (fields->size == 0 || fields->size > kMostSafe) return false;
  if (flags != layout.flagReadOnly && flags != layout.flagReadWrite) return false;
  if (fields->uid == kNobody || fields->gid == kNobody) return false;
  if ((u32At(file + layout.filePadding1) | u32At(file + layout.filePadding2)) != 0) return false;
  if (!readMode(u32At(file + layout.fileMode), kRegular, fields)) return false;
  if (!readPath(file + layout.filePath, layout.pathField, fields)) return false;
  const uint32_t type = u32At(file + layout.fileExtentType);
  if (type == layout.extentSimple) return readSimple(layout, file, unit, used, fields);
  return type == layout.extentInterleaved && readInterleaved(layout, file, unit, used, fields);
}

bool readMkdir(const LogLayout& layout, const uint8_t* mkdir, const uint8_t* used, EntryFields* fields) {
  fields->kind = NodeKind::kDirectory;
  fields->size = fields->chunk = fields->flags = 0;
  fields->extentCount = 0;
  fields->uid = u32At(mkdir + layout.mkdirUid);
  fields->gid = u32At(mkdir + layout.mkdirGid);
  if (fields->uid == kNobody || fields->gid == kNobody || used > mkdir + layout.mkdirSize) return false;
  if (!readMode(u32At(mkdir + layout.mkdirMode), kDirectory, fields)) return false;
  return readPath(mkdir + layout.mkdirPath, layout.pathField, fields);
}

void writeExtents(const LogLayout& layout, const EntryFields& fields, uint8_t* at) {
  for (uint32_t i = 0; i < fields.extentCount; i++, at += layout.extentSize) {
    put64(at + layout.extentDaxdev, fields.extents[i].daxdev);
    put64(at + layout.extentOffset, fields.extents[i].offset);
    put64(at + layout.extentLength, fields.extents[i].length);
  }
}

void writeFile(const LogLayout& layout, const EntryFields& fields, uint8_t* file) {
  const bool simple = fields.chunk == 0;
  put64(file + layout.fileSize, fields.size);
  put32(file + layout.fileFlags, fields.flags);
  put32(file + layout.fileUid, fields.uid);
  put32(file + layout.fileGid, fields.gid);
  put32(file + layout.fileMode, fields.mode);
  std::memcpy(file + layout.filePath, fields.path, fields.pathLength);
  put32(file + layout.fileExtentType, simple ? layout.extentSimple : layout.extentInterleaved);
  put32(file + layout.fileExtentCount, simple ? fields.extentCount : 1);
  uint8_t* record = file + layout.fileExtents;
  if (simple) return writeExtents(layout, fields, record);
  put64(record + layout.stripCount, fields.extentCount);
  put64(record + layout.chunkSize, fields.chunk);
  writeExtents(layout, fields, record + layout.strips);
}

void writeMkdir(const LogLayout& layout, const EntryFields& fields, uint8_t* mkdir) {
  put32(mkdir + layout.mkdirUid, fields.uid);
  put32(mkdir + layout.mkdirGid, fields.gid);
  put32(mkdir + layout.mkdirMode, fields.mode);
  std::memcpy(mkdir + layout.mkdirPath, fields.path, fields.pathLength);
}

}  // namespace

void encodeEntry(const LogLayout& layout, const EntryFields& fields, uint64_t slot, uint8_t* entry) {
  const bool isFile = fields.kind == NodeKind::kFile;
  std::memset(entry, 0, layout.entrySize);
  put64(entry + layout.sequence, slot);
  put32(entry + layout.type, isFile ? layout.typeFile : layout.typeMkdir);
  if (isFile) {
    writeFile(layout, fields, entry + layout.payload);
  } else {
    writeMkdir(layout, fields, entry + layout.payload);
  }
  put64(entry + layout.crcSpan, crc32(entry, layout.crcSpan));
}

uint32_t nameStartOf(const uint8_t* path, uint32_t length) {
  const void* slash = memrchr(path, '/', length);
  return slash == nullptr ? 0 : static_cast<uint32_t>(static_cast<const uint8_t*>(slash) - path) + 1;
}

bool LogLayout::fits() const {
  const uint64_t end = crcSpan;
  const auto inside = [end](uint64_t base, uint64_t at, uint64_t size) { return base + at + size <= end; };
  const uint64_t record = uint64_t{payload} + fileExtents;
  bool ok = entrySize >= crcSpan + 8 && mostExtents <= kMostExtents && mostStrips <= kMostExtents && allocationUnit > 0;
  ok = ok && pathField <= kLongestPath + 1 && pathField > 0;
  ok = ok && inside(0, sequence, 8) && inside(0, type, 4) && inside(0, padding, 4);
  ok = ok && inside(payload, fileSize, 8);
  for (const uint32_t at : {fileFlags, fileUid, fileGid, fileMode, fileExtentType, filePadding1, fileExtentCount, filePadding2,
                            mkdirUid, mkdirGid, mkdirMode}) {
    ok = ok && inside(payload, at, 4);
  }
  ok = ok && inside(payload, filePath, pathField) && inside(payload, mkdirPath, pathField) && inside(payload, mkdirSize, 0);
  for (const uint32_t at : {extentDaxdev, extentOffset, extentLength}) ok = ok && uint64_t{at} + 8 <= extentSize;
  ok = ok && inside(record, 0, uint64_t{mostExtents} * extentSize);
  ok = ok && inside(record, strips, uint64_t{mostStrips} * extentSize);
  return ok && inside(record, stripCount, 8) && inside(record, chunkSize, 8);
}

EntryDigest digestOf(const LogLayout& layout, const uint8_t* entry) {
  const uint64_t used = usedLength(entry, layout.crcSpan);
  return {crc32Padded(entry, used, layout.crcSpan), static_cast<uint32_t>(used)};
}

bool decodeSound(const LogLayout& layout, const uint8_t* entry, const EntryDigest& digest, uint64_t slot, uint64_t unit,
                 EntryFields* fields) {
  if (u64At(entry + layout.sequence) != slot || u32At(entry + layout.padding) != 0) return false;
  if (u64At(entry + layout.crcSpan) != digest.crc) return false;
  const uint8_t* used = entry + digest.used;
  const uint8_t* payload = entry + layout.payload;
  const uint32_t type = u32At(entry + layout.type);
  if (type == layout.typeFile) return readFile(layout, payload, unit, used, fields);
  return type == layout.typeMkdir && readMkdir(layout, payload, used, fields);
}

}  // namespace famfs
