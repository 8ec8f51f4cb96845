// Where a sparse file has no data.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace famfs {

// Whether [offset, offset + length) lies within the file and holds no data. Moves the file position.
inline bool isHoleOf(int fd, uint64_t offset, uint64_t length) {
  const off_t data = lseek(fd, static_cast<off_t>(offset), SEEK_DATA);
  if (data >= 0) return static_cast<uint64_t>(data) >= offset + length;
  struct stat now;
  return errno == ENXIO && fstat(fd, &now) == 0 && static_cast<uint64_t>(now.st_size) >= offset + length;
}

}  // namespace famfs
