// Hashes for tables of names and numbers that others choose: keyed at random, so that nobody can construct many that collide.
#pragma once

#include <sys/auxv.h>
#include <sys/random.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "unaligned.h"

namespace famfs {

class KeyedHash {
 public:
  KeyedHash() {
    if (getrandom(keys_, sizeof keys_, 0) == static_cast<ssize_t>(sizeof keys_)) return;
    // If it is not allowed, the keys come from the 16 random bytes that the kernel gives each process: also 128 bits, but the same for
    // each table. std::random_device would need a newer glibc.
    uint64_t seed[2];
    std::memcpy(seed, reinterpret_cast<const void*>(getauxval(AT_RANDOM)), sizeof seed);
    for (uint64_t& key : keys_) key = mix(seed[0]++, seed[1] | 1);
  }

  // Of bytes that belong to a number, as a name does to its directory.
  uint64_t of(const void* bytes, size_t length, uint64_t number = 0) const {
    const uint8_t* all = static_cast<const uint8_t*>(bytes);
    uint64_t hash = mix(keys_[0] ^ number, keys_[1] ^ length);
    for (size_t at = 0; at < length; at += 16) {
      const size_t left = length - at;
      const uint64_t high = left > 8 ? word(all + at + 8, left - 8) : 0;
      hash = mix(hash ^ word(all + at, left), keys_[2] ^ high);
    }
    return hash;
  }

  // Of a number.
  uint64_t of(uint64_t number) const { return mix(keys_[0] ^ number, keys_[1] | 1); }

 private:
  // The xor of both halves of a 128-bit product: every bit of both factors affects it.
  static uint64_t mix(uint64_t a, uint64_t b) {
    const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  }

  // Up to eight bytes as a number.
  static uint64_t word(const uint8_t* bytes, size_t length) {
    if (length >= 8) return u64At(bytes);
    // the halves may share bytes
    if (length >= 4) return u32At(bytes) | static_cast<uint64_t>(u32At(bytes + length - 4)) << (8 * (length - 4));
    uint64_t value = 0;
    for (size_t i = 0; i < length; i++) value |= static_cast<uint64_t>(bytes[i]) << (8 * i);
    return value;
  }

  uint64_t keys_[3];
};

}  // namespace famfs
