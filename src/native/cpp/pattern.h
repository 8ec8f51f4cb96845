// The seeded pattern: xoroshiro128+ seeded by splitmix64; of each output the low 32 bits, little-endian, one after the
// other from the start of the file.
#pragma once

#include <cstddef>
#include <cstdint>

#include "jump.h"

namespace famfs {

class Pattern {
 public:
  explicit Pattern(uint64_t seed);

  // Bytes [offset, offset + length) of the file, to an address in `buffer`, which is returned. The buffer is aligned to 8
  // and has kPatternSlack bytes more than length. Offset and length below 2^53.
  const uint8_t* generate(uint64_t offset, size_t length, uint8_t* buffer) const;

 private:
  PatternState start_;
};

constexpr size_t kPatternSlack = 8;

}  // namespace famfs
