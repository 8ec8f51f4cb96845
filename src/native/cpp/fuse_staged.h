// The bytes of a file that has no place in memory yet: a temporary file without a name.
#pragma once

#include <cerrno>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include <sys/types.h>

namespace famfs::fuse {

constexpr ssize_t kMoved = -ESTALE;  // its bytes are in memory now, and are written there

class Staged {
 public:
  // Makes the temporary file in a folder; error() says why that failed.
  explicit Staged(const char* folder);
  // Takes a file that has its bytes already, open for reading and writing.
  Staged(int fd, uint64_t size, int64_t mtime);
  ~Staged();
  Staged(const Staged&) = delete;
  Staged& operator=(const Staged&) = delete;

  int error() const { return error_; }
  int fd() const { return fd_; }
  // Gives the temporary file a name, by which it outlives this process. 0 or an errno.
  int keep(const char* path) const;
  uint64_t size() const;
  int64_t mtime() const;
  void setMtime(int64_t seconds);

  // Bytes done, or a negative errno. Writing and resizing wait while it is frozen, and are kMoved once it has its place.
  ssize_t read(uint8_t* target, size_t length, uint64_t offset) const;
  ssize_t write(const uint8_t* source, size_t length, uint64_t offset);
  ssize_t resize(uint64_t size);

  void open(bool writing);
  // Whether that was the last that could write.
  bool release(bool writing);
  uint32_t opens() const;
  uint32_t writers() const;

  // Counts changes. While a file is frozen nothing changes it: whoever copied it at a version freezes it with that version,
  // which fails if it changed meanwhile.
  uint64_t version() const;
  bool freeze(uint64_t version);
  // Counts a change of what is not kept here; false while it is frozen.
  bool touch();
  void waitUntilThawed();
  void thaw(bool moved);

 private:
  int fd_ = -1;
  int error_ = 0;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable thawed_;
  uint64_t size_ = 0;
  int64_t mtime_;
  uint64_t version_ = 0;
  uint32_t opens_ = 0;
  uint32_t writers_ = 0;
  bool frozen_ = false;
  bool moved_ = false;
};

}  // namespace famfs::fuse
