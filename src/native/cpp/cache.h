// Cache control for memory that other hosts share: makes stores visible to them, and their stores visible here.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace famfs {

// Counters of the process, for tests and benchmarks
struct Counters {
  std::atomic<uint64_t> stores{0};
  std::atomic<uint64_t> bytesStored{0};
  std::atomic<uint64_t> linesWrittenBack{0};
  std::atomic<uint64_t> linesInvalidated{0};
  std::atomic<uint64_t> fences{0};
};
extern Counters counters;

// Bytes of a cache line.
size_t cacheLineSize();

// Writes back each cache line that [address, address + length) touches. No fence.
void writeBackLines(const uint8_t* address, size_t length);

// Writes back and drops each cache line that [address, address + length) touches, so that the next load reads memory. No fence.
void invalidateLines(const uint8_t* address, size_t length);

// Orders stores, write-backs and invalidations before it with stores and loads after it.
void fullFence();

// Stores bytes. 8 or 16 aligned bytes are one store: no other host sees half of it.
void storeBytes(uint8_t* target, const uint8_t* source, size_t length);

// Loads bytes; 8 or 16 aligned bytes in one load.
void loadBytes(uint8_t* target, const uint8_t* source, size_t length);

}  // namespace famfs
