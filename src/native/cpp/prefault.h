// Filling in page tables by the block: one fault a page costs more than copying the page.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace famfs {

class Prefault {
 public:
  // For a mapping of a file. A device needs none of it: its pages are 2 MiB or more.
  Prefault(uint8_t* base, size_t length, bool tmpfs);

  // Before [offset, offset + length) is read or written, by any thread; does nothing where it was done before. A hint:
  // what cannot be reached faults when it is touched.
  void prepare(size_t offset, size_t length, bool writing);

 private:
  bool isDone(size_t first, size_t end) const;
  void markDone(size_t first, size_t end);

  uint8_t* base_;
  size_t length_;
  bool tmpfs_;
  // one for each region of the mapping, 1 when all its pages were filled in
  std::unique_ptr<std::atomic<uint8_t>[]> done_;
};

}  // namespace famfs
