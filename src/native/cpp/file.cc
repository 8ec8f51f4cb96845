#include "file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "hole.h"
#include "range_io.h"

namespace famfs {
namespace {

constexpr int kPatience = 50;  // ms between two checks whether the job was cancelled
constexpr int kPipeSize = 1 << 20;

}  // namespace

File::File(int fd) : fd_(fd) {
  struct stat now;
  if (fstat(fd_, &now) != 0) return;
  mode_ = now.st_mode;
  sparse_ = S_ISREG(mode_) && now.st_blocks < now.st_size / 512;
  if (sparse_) position_ = lseek(fd_, 0, SEEK_CUR);
  if (S_ISFIFO(mode_)) fcntl(fd_, F_SETPIPE_SZ, kPipeSize);  // fewer switches; not every user may have this size
}

File::~File() {
  if (position_ >= 0) lseek(fd_, position_, SEEK_SET);
  close(fd_);
}

size_t File::readAt(uint64_t offset, uint8_t* target, size_t length, int* error) const {
  return readRange(fd_, offset, target, length, error);
}

size_t File::writeAt(uint64_t offset, const uint8_t* source, size_t length, int* error) const {
  return writeRange(fd_, offset, source, length, error);
}

bool File::isHole(uint64_t offset, uint64_t length) const {
  return sparse_ && isHoleOf(fd_, offset, length);
}

void File::expect(uint64_t offset, uint64_t length) const {
  if (S_ISREG(mode_)) {
    posix_fadvise(fd_, static_cast<off_t>(offset), static_cast<off_t>(length), POSIX_FADV_WILLNEED);
  }
}

bool File::wait(const Job& job, short events) const {
  struct pollfd poll = {fd_, events, 0};
  while (!job.isStopped()) {
    if (::poll(&poll, 1, kPatience) != 0) return true;  // ready, hung up, or not pollable: the next call shows which
  }
  return false;
}

ssize_t File::readSome(const Job& job, uint8_t* target, size_t length, int* error) const {
  while (wait(job, POLLIN)) {
    const ssize_t got = read(fd_, target, length);
    if (got >= 0) return got;
    if (errno == EINTR || errno == EAGAIN) continue;
    *error = errno;
    return -1;
  }
  *error = ECANCELED;
  return -1;
}

ssize_t File::writeSome(const Job& job, const uint8_t* source, size_t length, int* error) const {
  while (wait(job, POLLOUT)) {
    ssize_t put;
    if (S_ISSOCK(mode_)) {
      put = send(fd_, source, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    } else if (S_ISREG(mode_)) {
      put = write(fd_, source, length);
    } else {
      const struct iovec all = {const_cast<uint8_t*>(source), length};
      put = pwritev2(fd_, &all, 1, -1, RWF_NOWAIT);
      // Without NOWAIT, a write waits until everything is taken; a pipe that is ready takes this much at once
      if (put < 0 && (errno == EOPNOTSUPP || errno == EINVAL || errno == ENOSYS)) {
        put = write(fd_, source, std::min<size_t>(length, 4096));
      }
    }
    if (put >= 0) return put;
    if (errno == EINTR || errno == EAGAIN) continue;
    *error = errno;
    return -1;
  }
  *error = ECANCELED;
  return -1;
}

}  // namespace famfs
