// Numbers at any address, their bytes in the order of this processor.
#pragma once

#include <cstdint>
#include <cstring>

namespace famfs {

inline uint32_t u32At(const uint8_t* bytes) {
  uint32_t value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

inline uint64_t u64At(const uint8_t* bytes) {
  uint64_t value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

}  // namespace famfs
