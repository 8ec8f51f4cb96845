#include "crc.h"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

namespace famfs {
namespace {

using Tables = std::array<std::array<uint32_t, 256>, 16>;

// tables[k][b]: the crc of byte b followed by k zero bytes
constexpr Tables makeTables() {
  Tables tables{};
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0u);
    tables[0][byte] = crc;
  }
  for (size_t k = 1; k < 16; k++) {
    for (size_t byte = 0; byte < 256; byte++) {
      const uint32_t before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8) ^ tables[0][before & 0xff];
    }
  }
  return tables;
}

constexpr Tables kTables = makeTables();  // filled by the compiler, not at load

// Both take and return the running value without the final inversion.
uint32_t updateByTable(uint32_t crc, const uint8_t* bytes, size_t length) {
  for (; length >= 16; bytes += 16, length -= 16) {
    uint8_t block[16];
    std::memcpy(block, bytes, 16);
    for (size_t i = 0; i < 4; i++) block[i] ^= static_cast<uint8_t>(crc >> (8 * i));
    crc = 0;
    for (size_t i = 0; i < 16; i++) crc ^= kTables[15 - i][block[i]];
  }
  for (; length > 0; bytes++, length--) crc = (crc >> 8) ^ kTables[0][(crc ^ *bytes) & 0xff];
  return crc;
}

using Update = uint32_t (*)(uint32_t crc, const uint8_t* bytes, size_t length);

#if defined(__x86_64__)

#define FAMFS_PCLMUL __attribute__((target("pclmul,sse4.1")))

FAMFS_PCLMUL inline __m128i loadBlock(const uint8_t* bytes) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
}

// Folds a 128-bit remainder forward by the distance that the pair of constants stands for, and adds the block there
FAMFS_PCLMUL inline __m128i fold(__m128i value, __m128i constants, __m128i block) {
  const __m128i low = _mm_clmulepi64_si128(value, constants, 0x00);
  const __m128i high = _mm_clmulepi64_si128(value, constants, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), block);
}

// 128 bits to 32: fold to 64, then Barrett reduction
FAMFS_PCLMUL inline uint32_t reduce(__m128i value, __m128i k3k4) {
  const __m128i k5 = _mm_set_epi64x(0, 0x0163cd6124);
  const __m128i polynomial = _mm_set_epi64x(0x01f7011641, 0x01db710641);
  const __m128i low32 = _mm_setr_epi32(~0, 0, ~0, 0);
  value = _mm_xor_si128(_mm_srli_si128(value, 8), _mm_clmulepi64_si128(value, k3k4, 0x10));
  const __m128i upper = _mm_srli_si128(value, 4);
  value = _mm_xor_si128(_mm_clmulepi64_si128(_mm_and_si128(value, low32), k5, 0x00), upper);
  __m128i quotient = _mm_clmulepi64_si128(_mm_and_si128(value, low32), polynomial, 0x10);
  quotient = _mm_clmulepi64_si128(_mm_and_si128(quotient, low32), polynomial, 0x00);
  return static_cast<uint32_t>(_mm_extract_epi32(_mm_xor_si128(value, quotient), 1));
}

// Gopal and others, "Fast CRC computation for generic polynomials using PCLMULQDQ" (Intel, 2009): four 16-byte lanes
FAMFS_PCLMUL uint32_t updateByFolding(uint32_t crc, const uint8_t* bytes, size_t length) {
  if (length < 64) return updateByTable(crc, bytes, length);
  const __m128i k1k2 = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
  const __m128i k3k4 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
  __m128i lanes[4];
  for (int i = 0; i < 4; i++) lanes[i] = loadBlock(bytes + 16 * i);
  lanes[0] = _mm_xor_si128(lanes[0], _mm_cvtsi32_si128(static_cast<int>(crc)));
  for (bytes += 64, length -= 64; length >= 64; bytes += 64, length -= 64) {
    for (int i = 0; i < 4; i++) lanes[i] = fold(lanes[i], k1k2, loadBlock(bytes + 16 * i));
  }
  __m128i value = lanes[0];
  for (int i = 1; i < 4; i++) value = fold(value, k3k4, lanes[i]);
  for (; length >= 16; bytes += 16, length -= 16) value = fold(value, k3k4, loadBlock(bytes));
  return updateByTable(reduce(value, k3k4), bytes, length);
}

Update choose() {
  constexpr unsigned kPclmul = 1u << 1;
  constexpr unsigned kSse41 = 1u << 19;
  unsigned a = 0, b = 0, c = 0, d = 0;
  const bool able = __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & kPclmul) != 0 && (c & kSse41) != 0;
  return able ? updateByFolding : updateByTable;
}

#elif defined(__aarch64__)

uint32_t updateByInstruction(uint32_t crc, const uint8_t* bytes, size_t length) {
  for (; length >= 8; bytes += 8, length -= 8) {
    uint64_t word;
    std::memcpy(&word, bytes, 8);
    asm(".arch_extension crc\n\tcrc32x %w0, %w0, %x1" : "+r"(crc) : "r"(word));
  }
  for (; length > 0; bytes++, length--) {
    asm(".arch_extension crc\n\tcrc32b %w0, %w0, %w1" : "+r"(crc) : "r"(uint32_t{*bytes}));
  }
  return crc;
}

Update choose() {
  constexpr unsigned long kHwcapCrc32 = 1ul << 7;
  return (getauxval(AT_HWCAP) & kHwcapCrc32) != 0 ? updateByInstruction : updateByTable;
}

#else

Update choose() { return updateByTable; }

#endif

}  // namespace

uint32_t crc32(const uint8_t* bytes, size_t length) {
  static const Update update = choose();
  return ~update(0xffffffffu, bytes, length);
}

}  // namespace famfs
