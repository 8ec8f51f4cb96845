// The file of a bulk job: a duplicate descriptor, so that nothing else gets its number if the caller closes theirs.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "job.h"

namespace famfs {

class File {
 public:
  explicit File(int fd);  // takes ownership
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int fd() const { return fd_; }

  // All of [offset, offset + length), or up to the end of the file: the bytes read, and 0 or an errno.
  size_t readAt(uint64_t offset, uint8_t* target, size_t length, int* error) const;
  // All of it, or fewer bytes and an errno.
  size_t writeAt(uint64_t offset, const uint8_t* source, size_t length, int* error) const;
  // Whether [offset, offset + length) lies within the file and holds no data.
  bool isHole(uint64_t offset, uint64_t length) const;
  // Asks the kernel to start reading a range.
  void expect(uint64_t offset, uint64_t length) const;

  // Streams: some bytes, as soon as there are any. -1 and the errno in *error; ECANCELED if the job stopped meanwhile. A read of
  // 0 bytes is the end.
  ssize_t readSome(const Job& job, uint8_t* target, size_t length, int* error) const;
  ssize_t writeSome(const Job& job, const uint8_t* source, size_t length, int* error) const;

 private:
  bool wait(const Job& job, short events) const;

  int fd_;
  mode_t mode_ = 0;
  bool sparse_ = false;
  off_t position_ = -1;  // the caller's file position, which the search for holes moves
};

}  // namespace famfs
