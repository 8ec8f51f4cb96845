// Requests that open, close and change things: the listener sees them, and answers most of them.
#include <fcntl.h>
#include <linux/fs.h>

#include <algorithm>
#include <cerrno>

#include "fuse_session.h"

namespace famfs::fuse {
namespace {

bool isWriting(uint32_t flags) { return (flags & O_ACCMODE) != O_RDONLY; }

}  // namespace

void Session::pass(Worker& worker, const Request& request, Control control, uint32_t flags, uint32_t size) {
  const InHeader& header = request.header();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    // A kernel never has two pending requests with one number
    const bool added = parked_.emplace(header.unique, Parked{header.opcode, header.node, flags, size, worker.fd}).second;
    if (!added) return;
  }
  listener_->control(std::move(control));
}

bool Session::takeParked(uint64_t unique, Parked* parked) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = parked_.find(unique);
  if (found == parked_.end()) return false;
  *parked = found->second;
  parked_.erase(found);
  return true;
}

// With the lock shared
uint32_t Session::openFlags(uint32_t row) const {
  if (options_.direct) return kDirectIo | kParallelDirectWrites;
  return (table_.node(row).flags & kUncached) != 0 ? 0u : uint32_t{kKeepCache};
}

void Session::open(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  const auto answer = [&](int error) { reply(worker.fd, header.unique, error); };
  OpenIn in;
  if (!request.take(&in)) return answer(EINVAL);
  const Agreed agreed = this->agreed();
  const bool needed = options_.followsOpens || options_.direct || agreed.maps != Maps::kNone;
  if (!needed && (agreed.offered & bit(kNoOpenSupport)) != 0) return answer(ENOSYS);
  OpenOut out = {};
  {
    const std::shared_lock<std::shared_mutex> lock(table_.mutex());
    const uint32_t row = table_.rowOf(header.node);
    if (row == kNone) return answer(ESTALE);
    const Node& node = table_.node(row);
    if (node.kind == Kind::kDirectory) return answer(EISDIR);
    if (isWriting(in.flags) && ((node.flags & kSealed) != 0 || !options_.writes)) return answer(EROFS);
    if (const auto staged = table_.staged(row)) staged->open(isWriting(in.flags));
    // The kernel reaches the bytes through a map, which the listener must send first
    else if (agreed.maps == Maps::kBacking || (node.flags & kUncached) != 0)
      return pass(worker, request, {header.unique, kOpen, header.node, header.uid, header.gid, {}, {}, {in.flags, 0, 0}}, in.flags);
    out.openFlags = openFlags(row);
  }
  reply(worker.fd, header.unique, 0, &out, sizeof out);
}

void Session::release(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  ReleaseIn in;
  if (!request.take(&in)) return reply(worker.fd, header.unique, EINVAL);
  bool tell = agreed().maps == Maps::kBacking;
  {
    std::unique_lock<std::shared_mutex> lock(table_.mutex());
    const uint32_t row = table_.rowOf(header.node);
    if (const auto staged = row == kNone ? nullptr : table_.staged(row)) {
      tell = staged->release(isWriting(in.flags));
      table_.forget(row);
    }
  }
  if (tell) listener_->control({0, kRelease, header.node, header.uid, header.gid, {}, {}, {}});
  reply(worker.fd, header.unique, 0);
}

void Session::flush(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  bool staged = false;
  if (options_.creates) {
    const std::shared_lock<std::shared_mutex> lock(table_.mutex());
    const uint32_t row = table_.rowOf(header.node);
    const auto found = row == kNone ? nullptr : table_.staged(row);
    staged = found != nullptr && found->size() > 0;
  } else {
    return reply(worker.fd, header.unique, ENOSYS);  // not sent again
  }
  if (!staged) return reply(worker.fd, header.unique, 0);
  pass(worker, request, {header.unique, kFlush, header.node, header.uid, header.gid, {}, {}, {}});
}

void Session::fallocate(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  const auto answer = [&](int error) { reply(worker.fd, header.unique, error); };
  FallocateIn in;
  if (!request.take(&in)) return answer(EINVAL);
  if (in.length == 0 || in.offset > INT64_MAX || in.length > INT64_MAX - in.offset) return answer(EINVAL);
  const uint64_t end = in.offset + in.length;
  std::shared_ptr<Staged> staged;
  {
    const std::shared_lock<std::shared_mutex> lock(table_.mutex());
    const uint32_t row = table_.rowOf(header.node);
    if (row == kNone) return answer(ESTALE);
    const Node& node = table_.node(row);
    if (node.kind == Kind::kDirectory) return answer(EISDIR);
    staged = table_.staged(row);
    if (!staged) {
      if ((in.mode & ~FALLOC_FL_KEEP_SIZE) != 0) return answer(EOPNOTSUPP);
      return answer(end <= node.size ? 0 : EPERM);  // everything is allocated already, and no file can grow
    }
  }
  if (in.mode != 0) return answer(EOPNOTSUPP);
  if (staged->size() > 0 && end > staged->size()) {
    const ssize_t resized = staged->resize(end);
    return answer(resized == kMoved ? EPERM : static_cast<int>(-resized));
  }
  if (staged->size() > 0) return answer(0);
  pass(worker, request, {header.unique, kFallocate, header.node, header.uid, header.gid, {}, {}, {end, 0, 0}});
}

// CREATE, MKNOD, MKDIR, UNLINK, RMDIR, RENAME, RENAME2: the listener decides.
void Session::change(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  const auto answer = [&](int error) { reply(worker.fd, header.unique, error); };
  if (!options_.creates) return answer(EROFS);
  Control control = {header.unique, header.opcode, header.node, header.uid, header.gid, {}, {}, {}};
  uint32_t flags = 0;
  bool whole = true;
  std::string_view name;
  std::string_view other;
  if (header.opcode == kCreate) {
    CreateIn in;
    whole = request.take(&in) && request.takeName(&name);
    if (whole) control.numbers[0] = in.mode;
    if (whole) flags = in.flags;
  } else if (header.opcode == kMknod) {
    MknodIn in;
    whole = request.take(&in) && request.takeName(&name);
    if (whole) control.numbers[0] = in.mode;
  } else if (header.opcode == kMkdir) {
    MkdirIn in;
    whole = request.take(&in) && request.takeName(&name);
    if (whole) control.numbers[0] = in.mode;
  } else if (header.opcode == kRename || header.opcode == kRename2) {
    Rename2In in = {};
    RenameIn old = {};
    const bool second = header.opcode == kRename2;
    whole = second ? request.take(&in) : request.take(&old);
    whole = whole && request.takeName(&name) && request.takeName(&other);
    control.numbers[0] = second ? in.newParent : old.newParent;
    control.numbers[1] = in.flags;
    control.opcode = kRename;
  } else {
    whole = request.takeName(&name);
  }
  if (!whole || name.empty()) return answer(EINVAL);
  if (name.size() > kMostNameBytes || other.size() > kMostNameBytes) return answer(ENAMETOOLONG);
  control.name = name;
  control.other = other;
  {
    const std::shared_lock<std::shared_mutex> lock(table_.mutex());
    const uint32_t row = table_.rowOf(header.node);
    if (row == kNone) return answer(ESTALE);
    if (table_.node(row).kind != Kind::kDirectory) return answer(ENOTDIR);
  }
  pass(worker, request, std::move(control), flags);
}

void Session::xattrChange(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  const auto answer = [&](int error) { reply(worker.fd, header.unique, error); };
  SetxattrIn in = {};
  const bool setting = header.opcode == kSetxattr;
  std::string_view name;
  const uint8_t* value = nullptr;
  if (setting && !request.take(&in)) return answer(EINVAL);
  if (!request.takeName(&name)) return answer(EINVAL);
  if (setting && !request.takeBytes(in.size, &value)) return answer(EINVAL);
  const auto& known = options_.xattrs;
  if (std::find(known.begin(), known.end(), name) == known.end()) return answer(EOPNOTSUPP);
  if (!options_.creates) return answer(EROFS);
  std::string text(reinterpret_cast<const char*>(value), in.size);
  pass(worker, request,
       {header.unique, header.opcode, header.node, header.uid, header.gid, std::string(name), std::move(text), {in.flags, 0, 0}});
}

// GET_FMAP asks for the map of a node; GET_DAXDEV's node is the index of a device.
void Session::askMaps(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  if (agreed().maps != Maps::kFmap) return reply(worker.fd, header.unique, ENOSYS);
  GetFmapIn probe = {};
  if (header.opcode == kGetFmap && request.left() > 0 && !request.take(&probe)) return reply(worker.fd, header.unique, EINVAL);
  pass(worker, request, {header.unique, header.opcode, header.node, header.uid, header.gid, {}, {}, {probe.size, 0, 0}});
}

bool Session::answerError(uint64_t unique, int error) {
  Parked parked;
  if (!takeParked(unique, &parked)) return false;
  reply(parked.fd, unique, error);
  return true;
}

bool Session::answerEntry(uint64_t unique, uint64_t node) {
  Parked parked;
  if (!takeParked(unique, &parked)) return false;
  EntryOut entry;
  if (!entryOf(node, &entry)) reply(parked.fd, unique, ESTALE);
  else reply(parked.fd, unique, 0, &entry, sizeof entry);
  return true;
}

bool Session::answerCreate(uint64_t unique, uint64_t node) {
  Parked parked;
  if (!takeParked(unique, &parked)) return false;
  struct {
    EntryOut entry;
    OpenOut open;
  } out = {};
  if (!entryOf(node, &out.entry)) {
    reply(parked.fd, unique, ESTALE);
    return true;
  }
  {
    const std::shared_lock<std::shared_mutex> lock(table_.mutex());
    const uint32_t row = table_.rowOf(node);
    const auto staged = row == kNone ? nullptr : table_.staged(row);
    if (staged) staged->open(isWriting(parked.flags));
    out.open.openFlags = row == kNone ? 0 : openFlags(row);
  }
  reply(parked.fd, unique, 0, &out, sizeof out);
  return true;
}

bool Session::answerOpen(uint64_t unique, uint32_t flags, uint64_t backingId) {
  Parked parked;
  if (!takeParked(unique, &parked)) return false;
  OpenOut64 out = {};
  {
    const std::shared_lock<std::shared_mutex> lock(table_.mutex());
    const uint32_t row = table_.rowOf(parked.node);
    const uint32_t kept = row == kNone ? 0 : openFlags(row);
    // A file that the kernel reaches directly has no cache to keep
    out.open.openFlags = flags | ((flags & kOpenPassthrough) != 0 ? 0 : kept);
  }
  out.backingId = backingId;
  const bool longer = agreed().maps == Maps::kBacking;
  reply(parked.fd, unique, 0, &out, longer ? sizeof out : sizeof out.open);
  return true;
}

bool Session::answerAttr(uint64_t unique, uint64_t node) {
  Parked parked;
  if (!takeParked(unique, &parked)) return false;
  AttrOut out = {};
  out.attrValid = options_.timeout;
  bool found;
  {
    const std::shared_lock<std::shared_mutex> lock(table_.mutex());
    const uint32_t row = table_.rowOf(node);
    found = row != kNone;
    if (found) out.attr = attrOf(row);
  }
  if (found) reply(parked.fd, unique, 0, &out, sizeof out);
  else reply(parked.fd, unique, ESTALE);
  return true;
}

// For extended attributes: only their size if that is requested, ERANGE if they do not fit.
bool Session::answerBytes(uint64_t unique, const uint8_t* bytes, size_t length) {
  Parked parked;
  if (!takeParked(unique, &parked)) return false;
  const bool attribute = parked.opcode == kGetxattr || parked.opcode == kListxattr;
  const GetxattrOut size = {static_cast<uint32_t>(length), 0};
  if (attribute && parked.size == 0) reply(parked.fd, unique, 0, &size, sizeof size);
  else if (attribute && length > parked.size) reply(parked.fd, unique, ERANGE);
  else reply(parked.fd, unique, 0, bytes, length);
  return true;
}

}  // namespace famfs::fuse
