#include "records.h"

#include <cstring>

namespace famfs {
namespace {

constexpr size_t kBlock = 64;

uint64_t wordAt(const uint8_t* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

}  // namespace

bool Records::fitIn(uint64_t size) const {
  if (count == 0) return true;
  if (length > size || start > size - length) return false;
  return count == 1 || stride <= (size - length - start) / (count - 1);
}

uint64_t usedLength(const uint8_t* bytes, uint64_t length) {
  // most of a log entry is zeros
  for (; length >= kBlock; length -= kBlock) {
    uint64_t any = 0;
    for (size_t at = 0; at < kBlock; at += sizeof any) any |= wordAt(bytes + length - kBlock + at);
    if (any != 0) break;
  }
  for (; length >= sizeof(uint64_t); length -= sizeof(uint64_t)) {
    if (wordAt(bytes + length - sizeof(uint64_t)) != 0) break;
  }
  while (length > 0 && bytes[length - 1] == 0) length--;
  return length;
}

}  // namespace famfs
