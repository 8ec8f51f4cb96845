#include "cache.h"

#include <cstring>

#include "trace.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#elif !defined(__aarch64__)
#error "cache control is written for x86-64 and arm64"
#endif

namespace famfs {

Counters counters;

namespace {

using Sweep = void (*)(uintptr_t line, uintptr_t end, size_t step);

struct CacheOps {
  size_t line;
  Sweep writeBack;
  Sweep invalidate;
};

#if defined(__x86_64__)

__attribute__((target("clwb"))) void sweepClwb(uintptr_t line, uintptr_t end, size_t step) {
  for (; line < end; line += step) _mm_clwb(reinterpret_cast<void*>(line));
}

__attribute__((target("clflushopt"))) void sweepClflushopt(uintptr_t line, uintptr_t end, size_t step) {
  for (; line < end; line += step) _mm_clflushopt(reinterpret_cast<void*>(line));
}

void sweepClflush(uintptr_t line, uintptr_t end, size_t step) {
  for (; line < end; line += step) _mm_clflush(reinterpret_cast<void*>(line));
}

CacheOps detect() {
  constexpr unsigned kClflushopt = 1u << 23;
  constexpr unsigned kClwb = 1u << 24;
  unsigned a = 0, b = 0, c = 0, d = 0;
  CacheOps ops = {64, sweepClflush, sweepClflush};
  if (__get_cpuid(1, &a, &b, &c, &d) != 0 && ((b >> 8) & 0xff) != 0) ops.line = ((b >> 8) & 0xff) * 8;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return ops;
  if ((b & kClflushopt) != 0) ops.writeBack = ops.invalidate = sweepClflushopt;
  if ((b & kClwb) != 0) ops.writeBack = sweepClwb;
  return ops;
}

#else

void sweepCvac(uintptr_t line, uintptr_t end, size_t step) {
  for (; line < end; line += step) asm volatile("dc cvac, %0" ::"r"(line) : "memory");
}

void sweepCivac(uintptr_t line, uintptr_t end, size_t step) {
  for (; line < end; line += step) asm volatile("dc civac, %0" ::"r"(line) : "memory");
}

CacheOps detect() {
  uint64_t type = 0;
  asm volatile("mrs %0, ctr_el0" : "=r"(type));
  return {size_t{4} << ((type >> 16) & 0xf), sweepCvac, sweepCivac};
}

#endif

const CacheOps& ops() {
  static const CacheOps detected = detect();
  return detected;
}

uint64_t sweep(Sweep each, const uint8_t* address, size_t length) {
  if (length == 0) return 0;
  const size_t step = ops().line;
  const uintptr_t first = reinterpret_cast<uintptr_t>(address) & ~(uintptr_t{step} - 1);
  const uintptr_t end = reinterpret_cast<uintptr_t>(address) + length;
  each(first, end, step);
  return (end - first + step - 1) / step;
}

bool isAligned(const uint8_t* address, size_t to) { return (reinterpret_cast<uintptr_t>(address) & (to - 1)) == 0; }

// One load or store as wide as the value, which compilers and memcpy must not split
void moveSixteen(uint8_t* target, const uint8_t* source) {
#if defined(__x86_64__)
  __m128i value;
  asm volatile("movdqu %1, %0" : "=x"(value) : "m"(*reinterpret_cast<const __m128i*>(source)));
  asm volatile("movdqu %1, %0" : "=m"(*reinterpret_cast<__m128i*>(target)) : "x"(value));
#else
  asm volatile("ldr q0, [%1]\n\tstr q0, [%0]" ::"r"(target), "r"(source) : "v0", "memory");
#endif
}

void moveEight(uint8_t* target, const uint8_t* source) {
#if defined(__x86_64__)
  uint64_t value;
  asm volatile("movq %1, %0" : "=r"(value) : "m"(*reinterpret_cast<const uint64_t*>(source)));
  asm volatile("movq %1, %0" : "=m"(*reinterpret_cast<uint64_t*>(target)) : "r"(value));
#else
  uint64_t value;
  asm volatile("ldr %0, [%2]\n\tstr %0, [%1]" : "=&r"(value) : "r"(target), "r"(source) : "memory");
#endif
}

// `shared` is the side that other hosts see
void move(uint8_t* target, const uint8_t* source, size_t length, const uint8_t* shared) {
  if (length == 16 && isAligned(shared, 16)) {
    moveSixteen(target, source);
  } else if (length == 8 && isAligned(shared, 8)) {
    moveEight(target, source);
  } else if (length > 0) {
    std::memcpy(target, source, length);  // an empty array of JavaScript may have no address
  }
}

}  // namespace

size_t cacheLineSize() { return ops().line; }

void writeBackLines(const uint8_t* address, size_t length) {
  const uint64_t lines = sweep(ops().writeBack, address, length);
  counters.linesWrittenBack.fetch_add(lines, std::memory_order_relaxed);
  note(StepKind::kWriteBack, address, length);
}

void invalidateLines(const uint8_t* address, size_t length) {
  const uint64_t lines = sweep(ops().invalidate, address, length);
  counters.linesInvalidated.fetch_add(lines, std::memory_order_relaxed);
}

void fullFence() {
#if defined(__x86_64__)
  _mm_mfence();  // sfence would not hold back the loads of a reader
#else
  asm volatile("dsb sy" ::: "memory");
#endif
  counters.fences.fetch_add(1, std::memory_order_relaxed);
  note(StepKind::kFence, nullptr, 0);
}

void storeBytes(uint8_t* target, const uint8_t* source, size_t length) {
  move(target, source, length, target);
  counters.stores.fetch_add(1, std::memory_order_relaxed);
  counters.bytesStored.fetch_add(length, std::memory_order_relaxed);
}

void loadBytes(uint8_t* target, const uint8_t* source, size_t length) { move(target, source, length, source); }

}  // namespace famfs
