// Notifications to the kernel, sent from a thread of their own: the kernel may have to wait for a request that holds the directory,
// and the thread that answers that request must not wait for the kernel.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "cache.h"
#include "fuse_session.h"

namespace famfs::fuse {

void Session::forgetEntry(uint64_t parent, std::string name) { post({kInvalEntry, parent, 0, std::move(name)}); }

void Session::forgetInode(uint64_t node, int64_t offset) { post({kInvalInode, node, offset, {}}); }

void Session::post(Notice notice) {
  {
    const std::lock_guard<std::mutex> lock(noticeMutex_);
    if (noMoreNotices_) return;
    notices_.push_back(std::move(notice));
  }
  noticed_.notify_one();
}

int Session::notify(int32_t code, const uint8_t* bytes, size_t length) {
  iovec part = {const_cast<uint8_t*>(bytes), length};
  return send(fd(), 0, -code, &part, length == 0 ? 0 : 1);
}

void Session::sendNotices() {
  std::vector<uint8_t> message;
  std::unique_lock<std::mutex> lock(noticeMutex_);
  for (;;) {
    noticed_.wait(lock, [this] { return noMoreNotices_ || !notices_.empty(); });
    if (notices_.empty()) return;
    const Notice notice = std::move(notices_.front());
    notices_.pop_front();
    lock.unlock();
    if (notice.code == kInvalInode) {
      const InvalInodeOut out = {notice.node, notice.offset, 0};
      notify(notice.code, reinterpret_cast<const uint8_t*>(&out), sizeof out);
    } else {
      const InvalEntryOut out = {notice.node, static_cast<uint32_t>(notice.name.size()), 0};
      message.resize(sizeof out + notice.name.size() + 1);
      std::memcpy(message.data(), &out, sizeof out);
      std::memcpy(message.data() + sizeof out, notice.name.c_str(), notice.name.size() + 1);
      notify(notice.code, message.data(), message.size());
    }
    lock.lock();
    if (noMoreNotices_) notices_.clear();
  }
}

void Session::fail() {
  if (failed_.exchange(true)) return;
  const std::shared_lock<std::shared_mutex> lock(table_.mutex());
  for (uint32_t row = 0; row < table_.count(); row++) {
    const Node& node = table_.node(row);
    if ((node.flags & kKnown) == 0 || node.kind == Kind::kGone) continue;
    if (row != 0) forgetEntry(table_.node(node.parent).id, std::string(table_.name(row)));
    forgetInode(node.id, 0);
  }
}

void Session::addWatch(Watch watch) {
  const std::unique_lock<std::shared_mutex> lock(watchMutex_);
  watches_.push_back(std::move(watch));
}

namespace {

bool isIntact(const Watch& watch) {
  const uint8_t* at = watch.mapping->base + watch.offset;
  const size_t length = watch.bytes.size();
  bool same = false;
  uint64_t faulted = 0;
  const bool shared = watch.mapping->isShared();
  const uint8_t* expected = watch.bytes.data();
  const bool touched = watch.mapping->touch(watch.offset, length, &faulted, [&, at, length, shared, expected] {
    if (shared) {
      invalidateLines(at, length);
      fullFence();
    }
    same = std::memcmp(at, expected, length) == 0;
  });
  return touched && same;
}

}  // namespace

bool Session::isWatchedIntact() const {
  const std::shared_lock<std::shared_mutex> lock(watchMutex_);
  return std::all_of(watches_.begin(), watches_.end(), isIntact);
}

bool Session::requireIntact() {
  if (isWatchedIntact()) return true;
  if (!brokenTold_.exchange(true)) listener_->trouble({"CHANGED", 0, 0, 0, 0, 0});
  return false;
}

void Session::tellFault(const char* what, uint64_t node, uint64_t fileOffset, uint32_t device, uint64_t deviceOffset, int error) {
  listener_->trouble({what, node, fileOffset, device, deviceOffset, error});
}

}  // namespace famfs::fuse
