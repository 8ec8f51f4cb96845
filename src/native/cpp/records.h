// Records of one length that are consecutive, or overlap, in a buffer.
#pragma once

#include <cstdint>

namespace famfs {

// `count` records of `length` bytes, from `start + i * stride` each.
struct Records {
  uint64_t start;
  uint64_t stride;
  uint64_t length;
  uint64_t count;

  // Whether all of them lie within `size` bytes; if there are none, their start does not matter.
  bool fitIn(uint64_t size) const;
};

// Bytes up to the last nonzero one.
uint64_t usedLength(const uint8_t* bytes, uint64_t length);

}  // namespace famfs
