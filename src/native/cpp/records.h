// Records of one length that lie one after the other, or over one another, in some bytes.
#pragma once

#include <cstdint>

namespace famfs {

// `count` records of `length` bytes, from `start + i * stride` each.
struct Records {
  uint64_t start;
  uint64_t stride;
  uint64_t length;
  uint64_t count;

  // Whether none leaves the `size` bytes; where they begin does not matter when there is none.
  bool fitIn(uint64_t size) const;
};

// Bytes up to the last that is not 0.
uint64_t usedLength(const uint8_t* bytes, uint64_t length);

}  // namespace famfs
