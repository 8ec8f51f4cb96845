// Filling in page tables by the block, as one fault a page costs more than copying the page, and emptying them again after
// the work, so that a process needs no more memory for a large file than for a small one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace famfs {

class Prefault {
 public:
  // For a mapping of a file. A device needs none of it: its pages are 2 MiB or more, and count for no process.
  Prefault(uint8_t* base, bool tmpfs) : base_(base), tmpfs_(tmpfs) {}

  // Before [offset, offset + length) is read or written, by any thread. A hint: what cannot be reached faults when it is
  // touched.
  void prepare(size_t offset, size_t length, bool writing) const;

  // Once it is done with. The bytes stay where they are, in the file's pages; who touches them next faults them in again.
  void release(size_t offset, size_t length, bool writing) const;

  // The same, but the pages stay mapped.
  void settle(size_t offset, size_t length, bool writing) const;

 private:
  size_t tailOf(size_t offset, size_t length) const;

  uint8_t* base_;
  bool tmpfs_;
};

}  // namespace famfs
