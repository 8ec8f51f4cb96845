#include "records.h"

#include <cstring>

namespace famfs {
namespace {

using Lanes = uint64_t __attribute__((vector_size(16)));  // a register of any processor of 64 bits

constexpr size_t kBlock = 4 * sizeof(Lanes);

Lanes lanesAt(const uint8_t* bytes) {
  Lanes lanes;
  std::memcpy(&lanes, bytes, sizeof lanes);
  return lanes;
}

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
    const uint8_t* block = bytes + length - kBlock;
    const Lanes any = lanesAt(block) | lanesAt(block + sizeof(Lanes)) | lanesAt(block + 2 * sizeof(Lanes)) | lanesAt(block + 3 * sizeof(Lanes));
    if ((any[0] | any[1]) != 0) break;
  }
  for (; length >= sizeof(uint64_t); length -= sizeof(uint64_t)) {
    if (wordAt(bytes + length - sizeof(uint64_t)) != 0) break;
  }
  while (length > 0 && bytes[length - 1] == 0) length--;
  return length;
}

}  // namespace famfs
