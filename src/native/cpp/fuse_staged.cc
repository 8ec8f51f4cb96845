#include "fuse_staged.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <string>

#include "range_io.h"

namespace famfs::fuse {
namespace {

// Descriptors that staged files leave to the rest of the process: without any, nothing could be committed or reported.
constexpr rlim_t kReserved = 16;

// Whether a descriptor is one of those; it is closed then, and errno is EMFILE.
bool isReserved(int fd) {
  rlimit limit;
  if (fd < 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0 || static_cast<rlim_t>(fd) + kReserved < limit.rlim_cur) return false;
  close(fd);
  errno = EMFILE;
  return true;
}

int openUnnamed(const char* folder) {
  const int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)) return fd;
  std::string path = std::string(folder) + "/.famfs-staged-XXXXXX";
  const int named = mkostemp(path.data(), O_CLOEXEC);
  if (named >= 0) unlink(path.c_str());
  return named;
}

}  // namespace

Staged::Staged(const char* folder) : fd_(openUnnamed(folder)), mtime_(std::time(nullptr)) { check(); }

Staged::Staged(int fd, uint64_t size, int64_t mtime) : fd_(fd), size_(size), mtime_(mtime) { check(); }

void Staged::check() {
  if (isReserved(fd_)) fd_ = -1;
  if (fd_ < 0) error_ = errno;
}

int Staged::keep(const char* path) const {
  const std::string self = "/proc/self/fd/" + std::to_string(fd_);
  return linkat(AT_FDCWD, self.c_str(), AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

Staged::~Staged() {
  if (fd_ >= 0) close(fd_);
}

uint64_t Staged::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return size_;
}

int64_t Staged::mtime() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return mtime_;
}

void Staged::setMtime(int64_t seconds) {
  const std::lock_guard<std::mutex> lock(mutex_);
  mtime_ = seconds;
}

ssize_t Staged::read(uint8_t* target, size_t length, uint64_t offset) const {
  int error = 0;
  const size_t done = readRange(fd_, offset, target, length, &error);
  return error != 0 ? -error : static_cast<ssize_t>(done);
}

ssize_t Staged::write(const uint8_t* source, size_t length, uint64_t offset) {
  std::unique_lock<std::mutex> lock(mutex_);
  thawed_.wait(lock, [this] { return !frozen_; });
  if (moved_) return kMoved;
  int error = 0;
  const size_t done = writeRange(fd_, offset, source, length, &error);
  version_++;
  mtime_ = std::time(nullptr);
  if (done > 0) size_ = std::max(size_, offset + done);
  return done > 0 || error == 0 ? static_cast<ssize_t>(done) : -error;
}

ssize_t Staged::resize(uint64_t size) {
  std::unique_lock<std::mutex> lock(mutex_);
  thawed_.wait(lock, [this] { return !frozen_; });
  if (moved_) return kMoved;
  while (ftruncate(fd_, static_cast<off_t>(size)) != 0) {
    if (errno != EINTR) return -errno;
  }
  version_++;
  mtime_ = std::time(nullptr);
  size_ = size;
  return 0;
}

void Staged::open(bool writing) {
  const std::lock_guard<std::mutex> lock(mutex_);
  opens_++;
  if (writing) writers_++;
}

bool Staged::release(bool writing) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (opens_ > 0) opens_--;
  if (!writing || writers_ == 0) return false;
  return --writers_ == 0;
}

uint32_t Staged::opens() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return opens_;
}

uint32_t Staged::writers() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return writers_;
}

uint64_t Staged::version() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return version_;
}

bool Staged::freeze(uint64_t version) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (frozen_ || version_ != version) return false;
  frozen_ = true;
  return true;
}

bool Staged::touch() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (frozen_) return false;
  version_++;
  return true;
}

void Staged::waitUntilThawed() {
  std::unique_lock<std::mutex> lock(mutex_);
  thawed_.wait(lock, [this] { return !frozen_; });
}

void Staged::thaw(bool moved) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    frozen_ = false;
    moved_ = moved;
  }
  thawed_.notify_all();
}

}  // namespace famfs::fuse
