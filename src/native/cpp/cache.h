// Cache control for memory that other hosts share: what a store must do to be seen, and a load to see afresh.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace famfs {

// Process-wide counts, for tests and for `--stats` of those who measure
struct Counters {
  std::atomic<uint64_t> stores{0};
  std::atomic<uint64_t> bytesStored{0};
  std::atomic<uint64_t> linesWrittenBack{0};
  std::atomic<uint64_t> linesInvalidated{0};
  std::atomic<uint64_t> fences{0};
};
extern Counters counters;

// Writes back each cache line that [address, address + length) touches. No fence.
void writeBackLines(const uint8_t* address, size_t length);

// Writes back and drops each cache line that [address, address + length) touches, so that the next load asks the memory. No fence.
void invalidateLines(const uint8_t* address, size_t length);

// Orders stores, write-backs and invalidations before it with stores and loads after it.
void fullFence();

// Stores bytes. 8 or 16 bytes at an address aligned to them are one store: no other host sees half of it.
void storeBytes(uint8_t* target, const uint8_t* source, size_t length);

// Loads bytes; 8 or 16 as storeBytes stores them, in one load.
void loadBytes(uint8_t* target, const uint8_t* source, size_t length);

}  // namespace famfs
