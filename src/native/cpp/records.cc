#include "records.h"

#include <cstring>

namespace famfs {

bool Records::fitIn(uint64_t size) const {
  if (count == 0) return true;
  if (length > size || start > size - length) return false;
  return count == 1 || stride <= (size - length - start) / (count - 1);
}

uint64_t usedLength(const uint8_t* bytes, uint64_t length) {
  for (uint64_t word; length >= sizeof word; length -= sizeof word) {
    std::memcpy(&word, bytes + length - sizeof word, sizeof word);
    if (word != 0) break;
  }
  while (length > 0 && bytes[length - 1] == 0) length--;
  return length;
}

}  // namespace famfs
