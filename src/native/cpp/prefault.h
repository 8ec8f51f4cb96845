// Fills in page tables in blocks, since one fault per page costs more than copying the page, and empties them after the work, so
// that a process needs no more memory for a large file than for a small one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace famfs {

class Prefault {
 public:
  // For a mapping of a file. A device does not need it: its pages are 2 MiB or more, and do not count as the process's memory.
  Prefault(uint8_t* base, bool tmpfs) : base_(base), tmpfs_(tmpfs) {}

  // Call before [offset, offset + length) is read or written, by any thread. This is a hint: unreachable bytes fault when they are
  // accessed.
  void prepare(size_t offset, size_t length, bool writing) const;

  // Call when done with it. The bytes stay in the file's pages; the next access faults them in again.
  void release(size_t offset, size_t length, bool writing) const;

  // The same, but the pages stay mapped.
  void settle(size_t offset, size_t length, bool writing) const;

 private:
  size_t tailOf(size_t offset, size_t length) const;

  uint8_t* base_;
  bool tmpfs_;
};

}  // namespace famfs
