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

constexpr size_t kWorthwhile = size_t{64} << 10;  // the kernel maps this much around a single fault anyway
constexpr size_t kLargestFolio = size_t{2} << 20;

// madvise takes whole pages only
void advise(uint8_t* base, size_t offset, size_t length, int advice) {
  const size_t from = offset & ~(static_cast<size_t>(sysconf(_SC_PAGESIZE)) - 1);
  madvise(base + from, offset + length - from, advice);
}

}  // namespace

void Prefault::prepare(size_t offset, size_t length, bool writing) const {
  const size_t tail = writing ? tailOf(offset, length) : 0;
  if (tail > 0) advise(base_, offset + length - tail, tail, tmpfs_ ? MADV_NOHUGEPAGE : MADV_RANDOM);
  if (length < kWorthwhile) return;
  // On tmpfs a read fault maps the surrounding pages too, and maps them writable. Other file systems need a notification for each
  // page that is written
  advise(base_, offset, length, writing && !tmpfs_ ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
}

void Prefault::release(size_t offset, size_t length, bool writing) const {
  advise(base_, offset, length, MADV_DONTNEED);
  settle(offset, length, writing);
}

void Prefault::settle(size_t offset, size_t length, bool writing) const {
  const size_t tail = writing ? tailOf(offset, length) : 0;
  if (tail > 0) advise(base_, offset + length - tail, tail, tmpfs_ ? MADV_HUGEPAGE : MADV_NORMAL);
}

// A fault reads ahead, in folios that may reach past the last byte, and the file system allocates blocks for a whole folio that is
// written to: almost 2 MiB for a file of a few bytes, as does a huge page of tmpfs. With this advice it handles single pages.
// Before the tail, folios hold only what is being written, and are several times faster
size_t Prefault::tailOf(size_t offset, size_t length) const {
  const size_t end = offset + length;
  return end - std::max(offset, end & ~(kLargestFolio - 1));
}

}  // namespace famfs
