#include "crc.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "wide_registers.h"

#if defined(__x86_64__)
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

// The value before the first byte.
constexpr uint32_t kStart = 0xffffffff;

// Takes and returns the running value without the final inversion.
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

// The crc of some bytes, without the final inversion. Those from `used` on are zeros.
using Whole = uint32_t (*)(const uint8_t* bytes, size_t used, size_t length);

uint32_t byTable(const uint8_t* bytes, size_t, size_t length) { return updateByTable(kStart, bytes, length); }

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

// Blocks are folded from the first to the last. Bytes that do not fill the first are preceded by zeros, which change nothing
// as long as the start value stands at the first byte itself: so there is no rest at the end.
constexpr size_t kBlock = 16;
constexpr size_t kLanes = 4;

alignas(64) constexpr uint8_t kStartBytes[128] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,    0,    0,    0,    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,    0,    0,    0,    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0xff, 0xff, 0xff, 0xff};

// The start value, with so many zeros before it.
const uint8_t* startAfter(size_t zeros) { return kStartBytes + 64 - zeros; }

size_t zerosBefore(size_t length) { return (kBlock - length % kBlock) % kBlock; }

// The most blocks of zeros at the end that are skipped.
constexpr size_t kMostSkipped = 64;

// What it takes to fold a value forward by some blocks, n: x^(128 n + 32) and x^(128 n - 32) modulo the polynomial, both reflected and
// shifted by one.
struct Distance {
  uint64_t low, high;
};

// By number of blocks, the largest first, so that the lanes of a register find theirs side by side. The last, for none, is not used.
constexpr size_t kDistances = kMostSkipped + kLanes;
using Distances = std::array<Distance, kDistances>;

constexpr Distances makeDistances() {
  Distances distances{};
  uint32_t power = 0x80000000;  // x^0
  for (size_t exponent = 0; exponent < 128 * kDistances; exponent++) {
    const uint64_t shifted = uint64_t{power} << 1;
    const size_t blocks = exponent / 128;
    if (exponent % 128 == 32) distances[kDistances - 1 - blocks].low = shifted;
    if (exponent % 128 == 96 && blocks + 1 < kDistances) distances[kDistances - 2 - blocks].high = shifted;
    power = (power >> 1) ^ ((power & 1) != 0 ? 0xedb88320u : 0u);
  }
  return distances;
}

alignas(64) constexpr Distances kFolds = makeDistances();

const Distance& distanceOf(size_t blocks) { return kFolds[kDistances - 1 - blocks]; }

// How many of the last blocks are zeros, and need not be looked at: the first ones are always.
size_t skippedBlocks(size_t used, size_t length, size_t zeros) {
  const size_t rest = (length + zeros) / kBlock - kLanes;
  return std::min({(length - used) / kBlock, rest, kMostSkipped});
}

// The lanes, all later blocks, and so many more of zeros as the running value.
FAMFS_PCLMUL inline uint32_t finish(const __m128i* lanes, const uint8_t* bytes, const uint8_t* end, size_t skipped) {
  const __m128i k3k4 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
  __m128i value = lanes[0];
  for (size_t i = 1; i < kLanes; i++) value = fold(value, k3k4, lanes[i]);
  for (; bytes < end; bytes += kBlock) value = fold(value, k3k4, loadBlock(bytes));
  if (skipped > 0) {
    const __m128i distance = loadBlock(reinterpret_cast<const uint8_t*>(&distanceOf(skipped)));
    value = fold(value, distance, _mm_setzero_si128());
  }
  return reduce(value, k3k4);
}

// Gopal and others, "Fast CRC computation for generic polynomials using PCLMULQDQ" (Intel, 2009): four 16-byte lanes
FAMFS_PCLMUL uint32_t byFolding(const uint8_t* bytes, size_t used, size_t length) {
  if (length < kLanes * kBlock) return byTable(bytes, used, length);
  const __m128i k1k2 = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
  const size_t zeros = zerosBefore(length);
  const size_t skipped = skippedBlocks(used, length, zeros);
  const uint8_t* end = bytes + length - skipped * kBlock;
  uint8_t first[2 * kBlock] = {};
  std::memcpy(first + zeros, bytes, 2 * kBlock - zeros);
  bytes += 2 * kBlock - zeros;
  __m128i lanes[kLanes];
  for (size_t i = 0; i < kLanes; i++) {
    if (i < 2) {
      lanes[i] = _mm_xor_si128(loadBlock(first + i * kBlock), loadBlock(startAfter(zeros) + i * kBlock));
    } else {
      lanes[i] = loadBlock(bytes);
      bytes += kBlock;
    }
  }
  for (; end - bytes >= static_cast<ptrdiff_t>(kLanes * kBlock); bytes += kLanes * kBlock) {
    for (size_t i = 0; i < kLanes; i++) lanes[i] = fold(lanes[i], k1k2, loadBlock(bytes + kBlock * i));
  }
  return finish(lanes, bytes, end, skipped);
}

#define FAMFS_WIDE __attribute__((target("avx512f,avx512bw,avx512vl,vpclmulqdq,pclmul,sse4.1")))

// The lanes, and so many blocks of zeros, at least one: each lane is folded over what is between it and the end at once.
FAMFS_WIDE inline uint32_t finishWide(__m512i lanes, size_t skipped) {
  const __m512i distances = _mm512_loadu_si512(&distanceOf(skipped + kLanes - 1));
  const __m512i low = _mm512_clmulepi64_epi128(lanes, distances, 0x00);
  alignas(64) __m128i folded[kLanes];
  _mm512_store_si512(folded, _mm512_xor_si512(low, _mm512_clmulepi64_epi128(lanes, distances, 0x11)));
  const __m128i value = _mm_xor_si128(_mm_xor_si128(folded[0], folded[1]), _mm_xor_si128(folded[2], folded[3]));
  return reduce(value, _mm_set_epi64x(0x00ccaa009e, 0x01751997d0));
}

// The same with the four lanes in one register.
FAMFS_WIDE uint32_t byWideFolding(const uint8_t* bytes, size_t used, size_t length) {
  constexpr size_t kAll = kLanes * kBlock;
  if (length < kAll) return byTable(bytes, used, length);
  // not by a broadcast: GCC 12 warns that its header leaves a register undefined
  const __m512i k1k2 = _mm512_set4_epi64(0x01c6e41596, 0x0154442bd4, 0x01c6e41596, 0x0154442bd4);
  const size_t zeros = zerosBefore(length);
  // what is looked at fills whole registers, if anything is skipped
  const size_t blocks = (length + zeros) / kBlock;
  const size_t wanted = blocks - skippedBlocks(used, length, zeros);
  const size_t looked = std::min(blocks, (wanted + kLanes - 1) / kLanes * kLanes);
  const size_t skipped = blocks - looked;
  const uint8_t* end = bytes + length - skipped * kBlock;
  bytes -= zeros;
  __m512i all = _mm512_maskz_loadu_epi8(~uint64_t{0} << zeros, bytes);
  all = _mm512_xor_si512(all, _mm512_loadu_si512(startAfter(zeros)));
  for (bytes += kAll; end - bytes >= static_cast<ptrdiff_t>(kAll); bytes += kAll) {
    const __m512i low = _mm512_clmulepi64_epi128(all, k1k2, 0x00);
    const __m512i high = _mm512_clmulepi64_epi128(all, k1k2, 0x11);
    constexpr int kXorOfThree = 0x96;
    all = _mm512_ternarylogic_epi64(low, high, _mm512_loadu_si512(bytes), kXorOfThree);
  }
  if (skipped > 0) return finishWide(all, skipped);
  alignas(64) __m128i lanes[kLanes];
  _mm512_store_si512(lanes, all);
  return finish(lanes, bytes, end, 0);
}

Whole choose() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1") ? byFolding : byTable;
}

#elif defined(__aarch64__)

uint32_t byInstruction(const uint8_t* bytes, size_t, size_t length) {
  uint32_t crc = kStart;
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

Whole choose() {
  constexpr unsigned long kHwcapCrc32 = 1ul << 7;
  return (getauxval(AT_HWCAP) & kHwcapCrc32) != 0 ? byInstruction : byTable;
}

#else

Whole choose() { return byTable; }

#endif

}  // namespace

uint32_t crc32(const uint8_t* bytes, size_t length) { return crc32Padded(bytes, length, length); }

uint32_t crc32Padded(const uint8_t* bytes, size_t used, size_t length) {
#if defined(__x86_64__)
  if (wideRegisters.load(std::memory_order_relaxed)) return ~byWideFolding(bytes, used, length);
#endif
  static const Whole whole = choose();
  return ~whole(bytes, used, length);
}

}  // namespace famfs
