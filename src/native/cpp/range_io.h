// Whole ranges of a file: system calls that take or give less, or are interrupted, are repeated.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace famfs {

// All of [offset, offset + length), or up to the end of the file: the bytes read, and 0 or an errno.
inline size_t readRange(int fd, uint64_t offset, uint8_t* target, size_t length, int* error) {
  size_t done = 0;
  *error = 0;
  while (done < length) {
    const ssize_t got = pread(fd, target + done, length - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) *error = errno;
    if (got <= 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

// All of it, or fewer bytes and an errno.
inline size_t writeRange(int fd, uint64_t offset, const uint8_t* source, size_t length, int* error) {
  size_t done = 0;
  *error = 0;
  while (done < length) {
    const ssize_t put = pwrite(fd, source + done, length - done, static_cast<off_t>(offset + done));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      *error = put < 0 ? errno : EIO;
      break;
    }
    done += static_cast<size_t>(put);
  }
  return done;
}

}  // namespace famfs
