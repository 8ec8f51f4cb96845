// CRC-32 as zlib computes it: polynomial 0x04c11db7 reflected, all ones before and after.
#pragma once

#include <cstddef>
#include <cstdint>

namespace famfs {

uint32_t crc32(const uint8_t* bytes, size_t length);

}  // namespace famfs
