// Entries that were applied to a table of nodes, in few bytes: what the table does not have of them. Fresh memory for all of their
// fields would cost more than the replay.
#pragma once

#include <cstdint>

#include "big_memory.h"
#include "log_entry.h"

namespace famfs {

class PackedEntries {
 public:
  struct Entry {
    uint32_t row;  // of the node
    uint32_t flags;
    uint64_t chunk;
    uint32_t extentCount;
    ExtentFields extents[kMostExtents];
  };

  // A place among the entries; the first is all zeros.
  struct Cursor {
    uint64_t at;
    uint32_t row;  // of the entry before it
  };

  // The rows ascend.
  void add(uint32_t row, uint32_t flags, uint64_t chunk, const ExtentFields* extents, uint32_t count);
  // Reserves room for this many entries in total.
  void reserve(uint64_t entries) { makeRoom(bytes_, entries * kUsual); }

  // Reads the entry at a place and moves the place; false at the end, and for a place that is none.
  bool next(Cursor* cursor, Entry* entry) const;

 private:
  static constexpr uint64_t kUsual = 20;  // bytes of an entry with one extent, about

  BigVector<uint8_t> bytes_;
  uint32_t row_ = 0;  // of the last entry
};

}  // namespace famfs
