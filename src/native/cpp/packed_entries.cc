#include "packed_entries.h"

namespace famfs {

// Seven bits a byte, the lowest first; the top bit says that more follow.
void PackedEntries::put(uint64_t number) {
  for (; number >= 0x80; number >>= 7) bytes_.push_back(static_cast<uint8_t>(number | 0x80));
  bytes_.push_back(static_cast<uint8_t>(number));
}

bool PackedEntries::get(uint64_t* at, uint64_t* number) const {
  *number = 0;
  for (unsigned shift = 0; shift < 64 && *at < bytes_.size(); shift += 7) {
    const uint8_t byte = bytes_[(*at)++];
    *number |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

void PackedEntries::add(uint32_t row, uint32_t flags, uint64_t chunk, const ExtentFields* extents, uint32_t count) {
  put(row - row_);
  put(flags);
  put(chunk);
  put(count);
  for (uint32_t i = 0; i < count; i++) {
    put(extents[i].daxdev);
    put(extents[i].offset);
    put(extents[i].length);
  }
  row_ = row;
}

bool PackedEntries::next(Cursor* cursor, Entry* entry) const {
  uint64_t at = cursor->at;
  uint64_t distance = 0, flags = 0, count = 0;
  if (!get(&at, &distance) || !get(&at, &flags) || !get(&at, &entry->chunk) || !get(&at, &count)) return false;
  if (count > kMostExtents) return false;
  for (uint64_t i = 0; i < count; i++) {
    ExtentFields& extent = entry->extents[i];
    if (!get(&at, &extent.daxdev) || !get(&at, &extent.offset) || !get(&at, &extent.length)) return false;
  }
  entry->row = cursor->row + static_cast<uint32_t>(distance);
  entry->flags = static_cast<uint32_t>(flags);
  entry->extentCount = static_cast<uint32_t>(count);
  *cursor = {at, entry->row};
  return true;
}

}  // namespace famfs
