// The file side of bulk work: a descriptor of its own, so that the caller closing theirs does not let us at another file.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "job.h"

namespace famfs {

class File {
 public:
  explicit File(int fd);  // takes it over
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int fd() const { return fd_; }

  // All of [offset, offset + length) or as far as the file goes: the bytes read, and 0 or an errno.
  size_t readAt(uint64_t offset, uint8_t* target, size_t length, int* error) const;
  // All of it, or fewer bytes and an errno.
  size_t writeAt(uint64_t offset, const uint8_t* source, size_t length, int* error) const;
  // Whether [offset, offset + length) lies within the file and holds no data.
  bool isHole(uint64_t offset, uint64_t length) const;
  // Has the kernel start to read a range of it.
  void expect(uint64_t offset, uint64_t length) const;

  // Streams: some bytes, once there are any. -1 and the errno in *error, ECANCELED when the job stopped meanwhile; a read
  // of 0 is the end.
  ssize_t readSome(const Job& job, uint8_t* target, size_t length, int* error) const;
  ssize_t writeSome(const Job& job, const uint8_t* source, size_t length, int* error) const;

 private:
  bool wait(const Job& job, short events) const;

  int fd_;
  mode_t mode_ = 0;
  bool sparse_ = false;
  off_t position_ = -1;  // the caller's, which looking for holes moves
};

}  // namespace famfs
