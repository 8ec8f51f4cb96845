// Paths as bytes, numbered in the order in which they were added.
#pragma once

#include <cstdint>

#include "big_memory.h"
#include "keyed_hash.h"

namespace famfs {

class PathTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  PathTable() : places_(kFirstPlaces) {}

  uint32_t count() const { return static_cast<uint32_t>(starts_.size()); }

  // Any thread may call it, even while another adds paths.
  uint64_t hashOf(const uint8_t* path, uint32_t length) const { return hash_.of(path, length); }
  // Prefetches what find() and add() will look at for this hash.
  void expect(uint64_t hash) const;

  // The row of a path, or kNone.
  uint32_t find(uint64_t hash, const uint8_t* path, uint32_t length) const;
  // Adds a path and returns its row; kNone if it is there already.
  uint32_t add(uint64_t hash, const uint8_t* path, uint32_t length);
  // Reserves room for this many paths in total.
  void reserve(uint64_t paths, uint64_t bytes);

  // The path of a row, which must be below the count; valid until the next add().
  const uint8_t* bytes(uint32_t row) const { return arena_.data() + startOf(row); }
  uint32_t length(uint32_t row) const { return static_cast<uint32_t>(endOf(row) - startOf(row)); }
  bool is(uint32_t row, const uint8_t* path, uint32_t length) const;

 private:
  // Rows whose starts are counted from the same byte; paths are far below 1 KiB, so that 16 bits hold each distance.
  static constexpr uint32_t kGroup = 64;
  static constexpr uint64_t kFirstPlaces = 256;

  uint64_t startOf(uint32_t row) const { return groups_[row / kGroup] + starts_[row]; }
  uint64_t endOf(uint32_t row) const { return row + 1 < count() ? startOf(row + 1) : arena_.size(); }
  // A place holds row + 1 in as many bits as the number of places has, and the upper bits of the hash in the others; 0 is free.
  uint32_t rowMask() const { return static_cast<uint32_t>(places_.size() - 1); }
  uint32_t placed(uint64_t hash, uint32_t row) const { return (static_cast<uint32_t>(hash >> 32) & ~rowMask()) | (row + 1); }
  uint64_t placeOf(uint64_t hash, const uint8_t* path, uint32_t length) const;
  void grow(uint64_t places);

  KeyedHash hash_;
  // Fresh memory costs more than all that is done with it, so no more is kept than needed.
  BigVector<uint32_t> places_;  // a power of two, at most half of them taken
  BigVector<uint8_t> arena_;
  BigVector<uint64_t> groups_;  // where in the arena the first row of each group begins
  BigVector<uint16_t> starts_;  // where each row begins, from the start of its group
};

}  // namespace famfs
