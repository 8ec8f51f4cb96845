// The bytes of a file that is not placed in memory yet: an unnamed temporary file.
#pragma once

#include <cerrno>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include <sys/types.h>

namespace famfs::fuse {

constexpr ssize_t kMoved = -ESTALE;  // its bytes are in memory now, and must be written there

class Staged {
 public:
  // Makes the temporary file in a folder; error() gives the reason if that failed.
  explicit Staged(const char* folder);
  // Takes a file that already has its bytes, open for reading and writing; error() likewise.
  Staged(int fd, uint64_t size, int64_t mtime);
  ~Staged();
  Staged(const Staged&) = delete;
  Staged& operator=(const Staged&) = delete;

  int error() const { return error_; }
  int fd() const { return fd_; }
  // Names the temporary file, so that it outlives this process. 0 or an errno.
  int keep(const char* path) const;
  uint64_t size() const;
  int64_t mtime() const;
  void setMtime(int64_t seconds);

  // Number of bytes, or a negative errno. Writing and resizing wait while it is frozen, and return kMoved once it is placed.
  ssize_t read(uint8_t* target, size_t length, uint64_t offset) const;
  ssize_t write(const uint8_t* source, size_t length, uint64_t offset);
  ssize_t resize(uint64_t size);

  void open(bool writing);
  // Whether that was the last writer.
  bool release(bool writing);
  uint32_t opens() const;
  uint32_t writers() const;

  // Counts changes. Nothing changes a frozen file. Freezing takes the version at which the file was copied, and fails if it has
  // changed since.
  uint64_t version() const;
  bool freeze(uint64_t version);
  // Counts a change to something that is not stored here; false while it is frozen.
  bool touch();
  void waitUntilThawed();
  void thaw(bool moved);

 private:
  void check();

  int fd_ = -1;
  int error_ = 0;
  mutable std::mutex mutex_;  // guards the following members
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
