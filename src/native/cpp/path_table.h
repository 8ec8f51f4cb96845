// Paths as bytes, numbered in the order in which they were added.
#pragma once

#include <cstdint>
#include "big_memory.h"

namespace famfs {

class PathTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  PathTable();

  uint32_t count() const { return static_cast<uint32_t>(rows_.size()); }

  // Keyed at random for each table, so that nobody can construct a log whose paths all collide.
  uint64_t hashOf(const uint8_t* path, uint32_t length) const;
  // Prefetches what find() and add() will look at for this hash.
  void expect(uint64_t hash) const;

  // The row of a path, or kNone.
  uint32_t find(uint64_t hash, const uint8_t* path, uint32_t length) const;
  // Adds a path and returns its row; kNone if it is there already.
  uint32_t add(uint64_t hash, const uint8_t* path, uint32_t length);
  // Reserves room for this many paths in total.
  void reserve(uint64_t paths, uint64_t bytes);

  // The path of a row, which must be below the count; valid until the next add().
  const uint8_t* bytes(uint32_t row) const { return arena_.data() + rows_[row].start; }
  uint32_t length(uint32_t row) const { return static_cast<uint32_t>(rows_[row].length); }
  bool is(uint32_t row, const uint8_t* path, uint32_t length) const;

 private:
  struct Place {
    uint32_t tag;   // upper half of the hash
    uint32_t next;  // row + 1; 0 for a free place
  };

  struct Row {
    uint64_t hash;
    uint64_t start : 56;  // in the arena
    uint64_t length : 8;
  };

  uint64_t placeOf(uint64_t hash, const uint8_t* path, uint32_t length) const;
  void grow(uint64_t places);

  uint64_t keys_[12];
  BigVector<Place> places_;  // a power of two, at most half of them taken
  BigVector<uint8_t> arena_;
  BigVector<Row> rows_;
};

}  // namespace famfs
