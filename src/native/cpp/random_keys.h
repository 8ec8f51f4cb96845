// Unpredictable keys for hash tables.
#pragma once

#include <sys/auxv.h>
#include <sys/random.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace famfs {

// Fills `count` keys, at most 32. If getrandom is not allowed, they are derived from the 16 random bytes that the kernel gives each
// process: also 128 bits, but the same for each table. std::random_device would need a newer glibc.
inline void randomKeys(uint64_t* keys, size_t count) {
  const size_t size = count * sizeof *keys;
  if (getrandom(keys, size, 0) == static_cast<ssize_t>(size)) return;
  uint64_t seed[2];
  std::memcpy(seed, reinterpret_cast<const void*>(getauxval(AT_RANDOM)), sizeof seed);
  for (size_t i = 0; i < count; i++) {
    const unsigned __int128 product = static_cast<unsigned __int128>(seed[0] + i) * (seed[1] | 1);
    keys[i] = static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  }
}

}  // namespace famfs
