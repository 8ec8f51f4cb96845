#include "prefault.h"

#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

namespace famfs {
namespace {

constexpr size_t kWorthwhile = size_t{64} << 10;  // what the kernel maps around a single fault anyway

// madvise takes whole pages only
void advise(uint8_t* base, size_t offset, size_t length, int advice) {
  const size_t from = offset & ~(static_cast<size_t>(sysconf(_SC_PAGESIZE)) - 1);
  madvise(base + from, offset + length - from, advice);
}

}  // namespace

void Prefault::prepare(size_t offset, size_t length, bool writing) const {
  if (length < kWorthwhile) return;
  // On tmpfs a read fault maps the pages around it too, and maps them writable. Elsewhere the file system wants to hear of
  // each page that is written
  advise(base_, offset, length, writing && !tmpfs_ ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
}

void Prefault::release(size_t offset, size_t length) const { advise(base_, offset, length, MADV_DONTNEED); }

}  // namespace famfs
