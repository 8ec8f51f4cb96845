#include "fuse_session.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <system_error>

namespace famfs::fuse {
namespace {

bool wantsAnswer(uint32_t opcode) { return opcode != kForget && opcode != kBatchForget && opcode != kInterrupt; }

}  // namespace

Session::Session(std::vector<int> fds, Options options, std::unique_ptr<Listener> listener, uint32_t rootMode, uint32_t uid,
                 uint32_t gid)
    : fds_(std::move(fds)), options_(std::move(options)), listener_(std::move(listener)), table_(rootMode, uid, gid) {
  table_.change(0).flags |= kKnown;  // the kernel knows the root without asking
}

Session::~Session() {
  for (const int fd : fds_) close(fd);
}

int Session::start(size_t threads) {
  const auto self = shared_from_this();
  running_ = threads;
  for (size_t i = 0; i < threads; i++) {
    try {
      std::thread([self, i] { self->serve(self->fds_[i % self->fds_.size()]); }).detach();
    } catch (const std::system_error& error) {
      // If some threads cannot be started, the others do their work
      const size_t missing = threads - i;
      if (i == 0) return error.code().value();
      running_ -= missing;
      break;
    }
  }
  try {
    std::thread([self] { self->sendNotices(); }).detach();
  } catch (const std::system_error&) {
    noMoreNotices_ = true;  // the kernel then keeps its cache until it times out
  }
  return 0;
}

void Session::serve(int fd) {
  std::unique_ptr<uint8_t[]> buffer(new (std::nothrow) uint8_t[kBufferSize]);
  Worker worker(fd);
  int error = buffer ? 0 : ENOMEM;
  while (error == 0) {
    const ssize_t length = ::read(fd, buffer.get(), kBufferSize);
    if (length > 0) handle(worker, buffer.get(), static_cast<size_t>(length));
    else if (length == 0) break;  // the peer of the socket is gone
    else if (errno == ENODEV) break;  // unmounted, and nothing is open any more
    else if (errno != EINTR && errno != EAGAIN && errno != ENOENT) error = errno;
  }
  end(error);
}

void Session::end(int error) {
  if (error != 0) endError_ = error;
  if (--running_ > 0) return;
  {
    const std::lock_guard<std::mutex> lock(noticeMutex_);
    noMoreNotices_ = true;
  }
  noticed_.notify_all();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    parked_.clear();
  }
  listener_->ended(endError_);
}

void Session::handle(Worker& worker, const uint8_t* bytes, size_t length) {
  Request request;
  if (!request.parse(bytes, length)) {
    listener_->trouble({"BAD_REQUEST", 0, 0, 0, 0, 0});
    // Anything with a header gets an answer
    if (length >= sizeof(InHeader) && wantsAnswer(request.header().opcode)) reply(worker.fd, request.header().unique, EINVAL);
    return;
  }
  const uint32_t opcode = request.header().opcode;
  if (opcode < kCounted) counts_[opcode].fetch_add(1, std::memory_order_relaxed);
  dispatch(worker, request);
}

void Session::dispatch(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  const auto answer = [&](int error) { reply(worker.fd, header.unique, error); };
  // The request that an INTERRUPT refers to ends soon anyway
  if (!wantsAnswer(header.opcode)) return;
  switch (header.opcode) {
    case kInit: return init(worker, request);
    case kDestroy: return answer(0);
    case kRelease: return release(worker, request);
    default: break;
  }
  if (failed_) return answer(EIO);
  switch (header.opcode) {
    case kLookup: return lookup(worker, request);
    case kGetattr: return getattr(worker, request);
    case kSetattr: return setattr(worker, request);
    case kStatfs: return statfs(worker, request);
    case kGetxattr: return getxattr(worker, request);
    case kListxattr: return listxattr(worker, request);
    case kSetxattr:
    case kRemovexattr: return xattrChange(worker, request);
    case kOpendir: return opendir(worker, request);
    case kReaddir: return readdir(worker, request, false);
    case kReaddirplus: return readdir(worker, request, true);
    case kReleasedir: return answer(0);
    case kFsyncdir: return fsyncdir(worker, request);
    case kOpen: return open(worker, request);
    case kRead: return read(worker, request);
    case kWrite: return write(worker, request);
    case kFlush: return flush(worker, request);
    case kFsync: return fsync(worker, request);
    case kFallocate: return fallocate(worker, request);
    case kLseek: return lseek(worker, request);
    case kCreate:
    case kMknod:
    case kMkdir:
    case kUnlink:
    case kRmdir:
    case kRename:
    case kRename2: return change(worker, request);
    case kLink:
    case kSymlink: return answer(options_.creates ? EPERM : EROFS);
    case kReadlink: return answer(EINVAL);  // there are no symbolic links
    case kGetFmap:
    case kGetDaxdev: return askMaps(worker, request);
    default: return answer(ENOSYS);  // including ACCESS: the kernel checks permissions itself
  }
}

void Session::reply(int fd, uint64_t unique, int error, const void* bytes, size_t length) {
  iovec part = {const_cast<void*>(bytes), length};
  send(fd, unique, error, &part, length == 0 ? 0 : 1);
}

int Session::send(int fd, uint64_t unique, int error, iovec* parts, size_t count) {
  constexpr size_t kFewParts = 8;
  OutHeader header = {sizeof header, -error, unique};
  iovec few[kFewParts];
  std::vector<iovec> many;
  iovec* all = few;
  if (count + 1 > kFewParts) {
    many.resize(count + 1);
    all = many.data();
  }
  all[0] = {&header, sizeof header};
  for (size_t i = 0; i < count; i++) {
    all[i + 1] = parts[i];
    header.length += static_cast<uint32_t>(parts[i].iov_len);
  }
  ssize_t sent;
  do {
    sent = writev(fd, all, static_cast<int>(count + 1));
  } while (sent < 0 && (errno == EINTR || errno == EAGAIN));
  if (sent >= 0) return 0;
  const int failure = errno;
  // ENOENT: the requester was interrupted and does not wait any more. ENODEV, EPIPE, ECONNRESET: the end, which the next read sees
  if (failure == EINVAL) listener_->trouble({"REFUSED", unique, 0, 0, 0, failure});
  return failure;
}

void Session::setStatfs(const Statfs& statfs) {
  const std::lock_guard<std::mutex> lock(mutex_);
  statfs_ = statfs;
}

Agreed Session::agreed() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return agreed_;
}

}  // namespace famfs::fuse
