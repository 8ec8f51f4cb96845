#include "packed_entries.h"

namespace famfs {

namespace {

constexpr size_t kLongest = 10;  // bytes of a number
constexpr size_t kNumbers = 4;   // of an entry without extents
constexpr size_t kExtentNumbers = 3;

// Seven bits a byte, the lowest first; the top bit says that more follow.
uint8_t* put(uint64_t number, uint8_t* at) {
  for (; number >= 0x80; number >>= 7) *at++ = static_cast<uint8_t>(number | 0x80);
  *at++ = static_cast<uint8_t>(number);
  return at;
}

// Returns where the next begins; nullptr where the bytes end before the number does.
const uint8_t* get(const uint8_t* at, const uint8_t* end, uint64_t* number) {
  *number = 0;
  for (unsigned shift = 0; shift < 64 && at < end; shift += 7) {
    const uint8_t byte = *at++;
    *number |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return at;
  }
  return nullptr;
}

}  // namespace

void PackedEntries::add(uint32_t row, uint32_t flags, uint64_t chunk, const ExtentFields* extents, uint32_t count) {
  // gathered first: the vector looks for room once
  uint8_t bytes[(kNumbers + kExtentNumbers * kMostExtents) * kLongest];
  uint8_t* at = bytes;
  for (const uint64_t number : {uint64_t{row - row_}, uint64_t{flags}, chunk, uint64_t{count}}) at = put(number, at);
  for (uint32_t i = 0; i < count; i++) {
    for (const uint64_t number : {extents[i].daxdev, extents[i].offset, extents[i].length}) at = put(number, at);
  }
  bytes_.insert(bytes_.end(), bytes, at);
  row_ = row;
}

bool PackedEntries::next(Cursor* cursor, Entry* entry) const {
  if (cursor->at > bytes_.size()) return false;
  const uint8_t* at = bytes_.data() + cursor->at;
  const uint8_t* const end = bytes_.data() + bytes_.size();
  uint64_t distance = 0, flags = 0, count = 0;
  for (uint64_t* number : {&distance, &flags, &entry->chunk, &count}) {
    if ((at = get(at, end, number)) == nullptr) return false;
  }
  if (count > kMostExtents) return false;
  for (uint64_t i = 0; i < count; i++) {
    ExtentFields& extent = entry->extents[i];
    for (uint64_t* number : {&extent.daxdev, &extent.offset, &extent.length}) {
      if ((at = get(at, end, number)) == nullptr) return false;
    }
  }
  entry->row = cursor->row + static_cast<uint32_t>(distance);
  entry->flags = static_cast<uint32_t>(flags);
  entry->extentCount = static_cast<uint32_t>(count);
  *cursor = {static_cast<uint64_t>(at - bytes_.data()), entry->row};
  return true;
}

}  // namespace famfs
