#include "prefault.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

namespace famfs {
namespace {

constexpr size_t kRegion = size_t{1} << 20;
constexpr size_t kWorthwhile = size_t{64} << 10;  // what the kernel maps around a single fault anyway

size_t regions(size_t bytes) { return (bytes + kRegion - 1) / kRegion; }

}  // namespace

Prefault::Prefault(uint8_t* base, size_t length, bool tmpfs)
    : base_(base), length_(length), tmpfs_(tmpfs), done_(new std::atomic<uint8_t>[regions(length)]()) {}

void Prefault::prepare(size_t offset, size_t length, bool writing) {
  const size_t first = offset / kRegion;
  const size_t end = regions(offset + length);
  if (length < kWorthwhile || isDone(first, end)) return;
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t from = offset & ~(page - 1);
  // On tmpfs a read fault maps the pages around it too, and maps them writable. Elsewhere the file system wants to hear of
  // each page that is written
  const int how = writing && !tmpfs_ ? MADV_POPULATE_WRITE : MADV_POPULATE_READ;
  if (madvise(base_ + from, offset + length - from, how) != 0) return;
  // Only regions covered to their ends; the last one may end with the mapping
  const size_t firstWhole = regions(offset);
  const size_t endWhole = offset + length == length_ ? end : (offset + length) / kRegion;
  if (tmpfs_ || writing) markDone(firstWhole, endWhole);
}

bool Prefault::isDone(size_t first, size_t end) const {
  const auto isSet = [](const std::atomic<uint8_t>& one) { return one.load(std::memory_order_relaxed) != 0; };
  return std::all_of(done_.get() + first, done_.get() + end, isSet);
}

void Prefault::markDone(size_t first, size_t end) {
  for (size_t i = first; i < end; i++) done_[i].store(1, std::memory_order_relaxed);
}

}  // namespace famfs
