#include "fuse_pipe.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "fuse_session.h"

namespace famfs::fuse {
namespace {

size_t pagesOf(const FilePart& part) { return (part.offset % kPage + part.length + kPage - 1) / kPage; }

}  // namespace

Pipe::Pipe(int fd) : fd_(fd) {
  struct stat found;
  if (fstat(fd, &found) == 0 && S_ISCHR(found.st_mode)) begin();
}

void Pipe::begin() {
  if (pipe2(ends_, O_CLOEXEC | O_NONBLOCK) != 0) return;
  // The larger one needs CAP_SYS_RESOURCE. In a smaller one than the second, which a user has who has many pipes, little would fit.
  int size = fcntl(ends_[1], F_SETPIPE_SZ, static_cast<int>(2 * kMaxData));
  if (size < 0) size = fcntl(ends_[1], F_SETPIPE_SZ, static_cast<int>(kMaxData));
  if (size < static_cast<int>(kMaxData)) return end();
  pages_ = static_cast<size_t>(size) / kPage - 1;  // the header takes one
}

void Pipe::end() {
  for (int& fd : ends_) {
    if (fd >= 0) close(fd);
    fd = -1;
  }
  pages_ = 0;
}

bool Pipe::hasRoom(const FilePart* parts, size_t count) const {
  size_t pages = 0;
  for (size_t i = 0; i < count; i++) pages += pagesOf(parts[i]);
  return pages <= pages_;
}

int Pipe::send(const OutHeader& header, const FilePart* parts, size_t count) {
  if (!fill(header, parts, count)) {
    end();
    return kNotSent;
  }
  for (;;) {
    // without SPLICE_F_MOVE, with which the kernel might take the page from the file
    if (splice(ends_[0], nullptr, fd_, nullptr, header.length, 0) >= 0) return 0;
    if (errno == EINTR) continue;
    const int error = errno;
    end();
    // it does not like the reply, and still waits for one
    if (error == EINVAL) return kNotSent;
    begin();
    return error;
  }
}

// Puts a reply into the pipe.
bool Pipe::fill(const OutHeader& header, const FilePart* parts, size_t count) {
  if (write(ends_[1], &header, sizeof header) != static_cast<ssize_t>(sizeof header)) return false;
  for (size_t i = 0; i < count; i++) {
    loff_t at = static_cast<loff_t>(parts[i].offset);
    for (uint64_t left = parts[i].length; left > 0;) {
      const ssize_t got = splice(parts[i].fd, &at, ends_[1], nullptr, left, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      left -= static_cast<uint64_t>(got);
    }
  }
  return true;
}

}  // namespace famfs::fuse
