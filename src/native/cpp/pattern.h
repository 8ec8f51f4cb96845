// The seeded pattern: xoroshiro128+ seeded by splitmix64. The file holds the low 32 bits of each output, little-endian, from its
// start.
#pragma once

#include <cstddef>
#include <cstdint>

#include "jump.h"

namespace famfs {

class Pattern {
 public:
  explicit Pattern(uint64_t seed);

  // Writes bytes [offset, offset + length) of the file to an address in `buffer`, and returns that address. The buffer must be
  // aligned to 8 and have kPatternSlack bytes more than length. Offset and length below 2^53.
  const uint8_t* generate(uint64_t offset, size_t length, uint8_t* buffer) const;

 private:
  PatternState start_;
};

constexpr size_t kPatternSlack = 8;

}  // namespace famfs
