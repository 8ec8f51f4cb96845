#include "copy.h"

#include <algorithm>
#include <cstring>

#include "cache.h"
#include "trace.h"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace famfs {
namespace {

constexpr size_t kLine = 64;

// Like a line that is being written back, such a store completes only with a fence
void noteLines(const uint8_t* target, size_t length) {
  note(StepKind::kStore, target, length);
  note(StepKind::kWriteBack, target, length);
}

// Lines that are only partly ours hold other bytes too: they are stored through the cache and written back
void copyThroughCache(uint8_t* target, const uint8_t* source, size_t length) {
  if (length == 0) return;
  std::memcpy(target, source, length);
  note(StepKind::kStore, target, length);
  writeBackLines(target, length);
}

void zeroThroughCache(uint8_t* target, size_t length) {
  if (length == 0) return;
  std::memset(target, 0, length);
  note(StepKind::kStore, target, length);
  writeBackLines(target, length);
}

#if defined(__x86_64__)

void copyLines(uint8_t* target, const uint8_t* source, size_t length) {
  auto* to = reinterpret_cast<__m128i*>(target);
  const auto* from = reinterpret_cast<const __m128i*>(source);
  for (const auto* end = from + length / 16; from < end; to += 4, from += 4) {
    const __m128i a = _mm_loadu_si128(from);
    const __m128i b = _mm_loadu_si128(from + 1);
    const __m128i c = _mm_loadu_si128(from + 2);
    const __m128i d = _mm_loadu_si128(from + 3);
    _mm_stream_si128(to, a);
    _mm_stream_si128(to + 1, b);
    _mm_stream_si128(to + 2, c);
    _mm_stream_si128(to + 3, d);
  }
  noteLines(target, length);
}

void zeroLines(uint8_t* target, size_t length) {
  const __m128i zero = _mm_setzero_si128();
  auto* to = reinterpret_cast<__m128i*>(target);
  for (const auto* end = to + length / 16; to < end; to += 4) {
    for (int i = 0; i < 4; i++) _mm_stream_si128(to + i, zero);
  }
  noteLines(target, length);
}

#else

void copyLines(uint8_t* target, const uint8_t* source, size_t length) { copyThroughCache(target, source, length); }
void zeroLines(uint8_t* target, size_t length) { zeroThroughCache(target, length); }

#endif

size_t bytesToLine(const uint8_t* address, size_t length) {
  return std::min(length, (kLine - reinterpret_cast<uintptr_t>(address) % kLine) % kLine);
}

void countStore(size_t length) {
  counters.stores.fetch_add(1, std::memory_order_relaxed);
  counters.bytesStored.fetch_add(length, std::memory_order_relaxed);
}

}  // namespace

void copyToMemory(uint8_t* target, const uint8_t* source, size_t length) {
  const size_t head = bytesToLine(target, length);
  const size_t body = (length - head) / kLine * kLine;
  const size_t tail = length - head - body;
  copyThroughCache(target, source, head);
  copyLines(target + head, source + head, body);
  copyThroughCache(target + head + body, source + head + body, tail);
  countStore(length);
}

void zeroMemory(uint8_t* target, size_t length) {
  const size_t head = bytesToLine(target, length);
  const size_t body = (length - head) / kLine * kLine;
  zeroThroughCache(target, head);
  zeroLines(target + head, body);
  zeroThroughCache(target + head + body, length - head - body);
  countStore(length);
}

void noteStored(const uint8_t* target, size_t length) {
  noteLines(target, length);
  countStore(length);
}

size_t firstDifference(const uint8_t* left, const uint8_t* right, size_t length) {
  constexpr size_t kStep = 4096;
  for (size_t at = 0; at < length; at += kStep) {
    const size_t step = std::min(kStep, length - at);
    if (std::memcmp(left + at, right + at, step) == 0) continue;
    const uint8_t* found = std::mismatch(left + at, left + at + step, right + at).first;
    // Another host may have made them equal between the two comparisons
    if (found != left + at + step) return static_cast<size_t>(found - left);
  }
  return length;
}

}  // namespace famfs
