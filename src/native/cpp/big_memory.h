// Memory for large tables, in huge pages if the kernel provides them. A table is filled only once, and one fault for each 4 KiB
// would cost more than filling it.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

namespace famfs {

constexpr size_t kHugePage = size_t{2} << 20;
constexpr size_t kLarge = kHugePage / 2;  // from this many bytes on, a huge page costs less than its parts

template <typename T>
struct BigAllocator {
  using value_type = T;

  BigAllocator() = default;
  template <typename U>
  BigAllocator(const BigAllocator<U>&) {}

  T* allocate(size_t count) {
    const size_t bytes = count * sizeof(T);
    if (bytes < kLarge) return static_cast<T*>(::operator new(bytes));
    // mapped longer than needed, then cut to a huge-page boundary
    const size_t wanted = roundUp(bytes);
    uint8_t* start = static_cast<uint8_t*>(
        mmap(nullptr, wanted + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    if (start == MAP_FAILED) throw std::bad_alloc();
    const size_t before = roundUp(reinterpret_cast<uintptr_t>(start)) - reinterpret_cast<uintptr_t>(start);
    if (before > 0) munmap(start, before);
    if (before < kHugePage) munmap(start + before + wanted, kHugePage - before);
    madvise(start + before, wanted, MADV_HUGEPAGE);
    return reinterpret_cast<T*>(start + before);
  }

  void deallocate(T* start, size_t count) {
    const size_t bytes = count * sizeof(T);
    if (bytes < kLarge) {
      ::operator delete(start);
    } else {
      munmap(start, roundUp(bytes));
    }
  }

  bool operator==(const BigAllocator&) const { return true; }
  bool operator!=(const BigAllocator&) const { return false; }

 private:
  static size_t roundUp(size_t bytes) { return (bytes + kHugePage - 1) / kHugePage * kHugePage; }
};

template <typename T>
using BigVector = std::vector<T, BigAllocator<T>>;

// Makes room for `count` elements in all: exactly so many the first time, then at least twice the room there was. Whoever asks for a few
// more again and again would otherwise copy all of them each time. Room that is not used takes no memory.
template <typename T>
void makeRoom(BigVector<T>& all, size_t count) {
  if (count > all.capacity()) all.reserve(std::max(count, 2 * all.capacity()));
}

}  // namespace famfs
