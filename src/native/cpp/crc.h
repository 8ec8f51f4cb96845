// CRC-32 as zlib computes it: polynomial 0x04c11db7 reflected, all ones before and after.
#pragma once

#include <cstddef>
#include <cstdint>

namespace famfs {

uint32_t crc32(const uint8_t* bytes, size_t length);

// The same where the caller knows that all bytes from `used` on are zeros: to skip them takes no time.
uint32_t crc32Padded(const uint8_t* bytes, size_t used, size_t length);

}  // namespace famfs
