#include "records.h"

#include <cstring>

#include "unaligned.h"
#include "wide_registers.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace famfs {
namespace {

using Lanes = uint64_t __attribute__((vector_size(16)));  // a register of any processor of 64 bits

constexpr size_t kBlock = 4 * sizeof(Lanes);

Lanes lanesAt(const uint8_t* bytes) {
  Lanes lanes;
  std::memcpy(&lanes, bytes, sizeof lanes);
  return lanes;
}

uint64_t usedByBlocks(const uint8_t* bytes, uint64_t length) {
  // most of a log entry is zeros
  for (; length >= kBlock; length -= kBlock) {
    const uint8_t* block = bytes + length - kBlock;
    const Lanes any = lanesAt(block) | lanesAt(block + sizeof(Lanes)) | lanesAt(block + 2 * sizeof(Lanes)) | lanesAt(block + 3 * sizeof(Lanes));
    if ((any[0] | any[1]) != 0) break;
  }
  for (; length >= sizeof(uint64_t); length -= sizeof(uint64_t)) {
    if (u64At(bytes + length - sizeof(uint64_t)) != 0) break;
  }
  while (length > 0 && bytes[length - 1] == 0) length--;
  return length;
}

#if defined(__x86_64__)

// The same with a register for a block, and a bit for each byte of it that is not 0.
__attribute__((target("avx512f,avx512bw"))) uint64_t usedByMasks(const uint8_t* bytes, uint64_t length) {
  for (; length >= kBlock; length -= kBlock) {
    const __m512i block = _mm512_loadu_si512(bytes + length - kBlock);
    const uint64_t used = _mm512_test_epi8_mask(block, block);
    if (used != 0) return length - static_cast<uint64_t>(__builtin_clzll(used));
  }
  const __m512i rest = _mm512_maskz_loadu_epi8((uint64_t{1} << length) - 1, bytes);
  const uint64_t used = _mm512_test_epi8_mask(rest, rest);
  return used == 0 ? 0 : kBlock - static_cast<uint64_t>(__builtin_clzll(used));
}

#endif

}  // namespace

bool Records::fitIn(uint64_t size) const {
  if (count == 0) return true;
  if (length > size || start > size - length) return false;
  return count == 1 || stride <= (size - length - start) / (count - 1);
}

uint64_t usedLength(const uint8_t* bytes, uint64_t length) {
#if defined(__x86_64__)
  if (wideRegisters.load(std::memory_order_relaxed)) return usedByMasks(bytes, length);
#endif
  return usedByBlocks(bytes, length);
}

}  // namespace famfs
