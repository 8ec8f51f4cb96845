// Names and attributes.
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "fuse_session.h"

namespace famfs::fuse {
namespace {

constexpr uint32_t kPermissionBits = 07777;
constexpr uint32_t kBlock = 4096;

}  // namespace

// With the lock shared
Attr Session::attrOf(uint32_t row) const {
  const Node& node = table_.node(row);
  Attr attr = {};
  attr.ino = node.id;
  attr.uid = node.uid;
  attr.gid = node.gid;
  attr.blksize = kBlock;
  attr.atime = attr.mtime = attr.ctime = options_.time;
  if (node.kind == Kind::kDirectory) {
    attr.mode = S_IFDIR | node.mode;
    attr.nlink = 2 + table_.subdirectories(row);
    return attr;
  }
  attr.mode = S_IFREG | node.mode;
  attr.nlink = (node.flags & kUnlinked) == 0 ? 1 : 0;
  attr.size = table_.sizeOf(row);
  attr.blocks = attr.size / 512 + (attr.size % 512 == 0 ? 0 : 1);
  if (const auto staged = table_.staged(row)) attr.mtime = attr.ctime = static_cast<uint64_t>(staged->mtime());
  else if (!options_.maps.empty() && agreed().maps == Maps::kBacking) attr.flags = kAttrDax;
  return attr;
}

bool Session::entryOf(uint64_t id, EntryOut* entry) const {
  const std::shared_lock<std::shared_mutex> lock(table_.mutex());
  const uint32_t row = table_.rowOf(id);
  if (row == kNone) return false;
  *entry = {};
  entry->node = id;
  entry->entryValid = entry->attrValid = options_.timeout;
  entry->attr = attrOf(row);
  table_.markKnown(row);
  return true;
}

void Session::lookup(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  std::string_view name;
  if (!request.takeName(&name)) return reply(worker.fd, header.unique, EINVAL);
  EntryOut entry = {};
  entry.entryValid = entry.attrValid = options_.timeout;
  {
    const std::shared_lock<std::shared_mutex> lock(table_.mutex());
    const uint32_t parent = table_.rowOf(header.node);
    if (parent == kNone) return reply(worker.fd, header.unique, ESTALE);
    if (table_.node(parent).kind != Kind::kDirectory) return reply(worker.fd, header.unique, ENOTDIR);
    if (name.size() > kMostNameBytes) return reply(worker.fd, header.unique, ENAMETOOLONG);
    const uint32_t row = table_.child(parent, name);
    // No node: the kernel caches that the name does not exist, for as long as it caches those that do
    if (row != kNone) {
      entry.node = table_.node(row).id;
      entry.attr = attrOf(row);
      table_.markKnown(row);
    }
  }
  reply(worker.fd, header.unique, 0, &entry, sizeof entry);
}

void Session::getattr(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  AttrOut out = {};
  out.attrValid = options_.timeout;
  {
    const std::shared_lock<std::shared_mutex> lock(table_.mutex());
    const uint32_t row = table_.rowOf(header.node);
    if (row == kNone) return reply(worker.fd, header.unique, ESTALE);
    out.attr = attrOf(row);
  }
  reply(worker.fd, header.unique, 0, &out, sizeof out);
}

// A placed file cannot change: setting what it has already is accepted, and times are accepted and ignored.
void Session::setattr(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  const auto answer = [&](int error) { reply(worker.fd, header.unique, error); };
  SetattrIn in;
  if (!request.take(&in)) return answer(EINVAL);
  const bool sized = (in.valid & kSetSize) != 0;
  for (;;) {
    std::shared_ptr<Staged> staged;
    bool followed = false;
    bool frozen = false;
    {
      std::unique_lock<std::shared_mutex> lock(table_.mutex());
      const uint32_t row = table_.rowOf(header.node);
      if (row == kNone) return answer(ESTALE);
      Node& node = table_.change(row);
      if (sized && node.kind == Kind::kDirectory) return answer(EISDIR);
      const uint32_t mode = (in.valid & kSetMode) != 0 ? in.mode & kPermissionBits : node.mode;
      const uint32_t uid = (in.valid & kSetUid) != 0 ? in.uid : node.uid;
      const uint32_t gid = (in.valid & kSetGid) != 0 ? in.gid : node.gid;
      const bool same = mode == node.mode && uid == node.uid && gid == node.gid;
      staged = table_.staged(row);
      if (!table_.isOpenToChange(row)) {
        if (!same || (sized && in.size != node.size)) return answer(EPERM);
      } else if (!same) {
        // The committer has read its mode and owner, and the file must not change before it is placed
        frozen = staged && !staged->touch();
        if (!frozen) {
          node.mode = mode;
          node.uid = uid;
          node.gid = gid;
          followed = (node.flags & kFollowed) != 0;
        }
      }
    }
    if (frozen) {
      staged->waitUntilThawed();
      continue;
    }
    if (staged && sized) {
      // The first size of an empty file is its last: it is placed at once
      if (staged->size() == 0 && in.size > 0)
        return pass(worker, request, {header.unique, kSetattr, header.node, header.uid, header.gid, {}, {}, {in.size, 0, 0}});
      const ssize_t resized = staged->resize(in.size);
      if (resized == kMoved) continue;  // it was placed meanwhile
      if (resized != 0) return answer(static_cast<int>(-resized));
    }
    if (staged && (in.valid & kSetMtime) != 0 && (in.valid & kSetMtimeNow) == 0) staged->setMtime(static_cast<int64_t>(in.mtime));
    if (followed) return pass(worker, request, {header.unique, kSetattr, header.node, header.uid, header.gid, {}, {}, {0, 1, 0}});
    return getattr(worker, request);
  }
}

void Session::statfs(Worker& worker, Request& request) {
  StatfsOut out = {};
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    out.blocks = statfs_.blocks;
    out.free = out.available = statfs_.free;
    out.files = statfs_.files;
    out.filesFree = statfs_.filesFree;
    out.blockSize = out.fragmentSize = statfs_.blockSize;
    out.nameLength = statfs_.nameLength;
  }
  reply(worker.fd, request.header().unique, 0, &out, sizeof out);
}

// EOPNOTSUPP for attributes that no node can have: ls and others then ask for one file only.
void Session::getxattr(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  GetxattrIn in;
  std::string_view name;
  if (!request.take(&in) || !request.takeName(&name)) return reply(worker.fd, header.unique, EINVAL);
  const auto& known = options_.xattrs;
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    const bool users = name.substr(0, 5) == "user.";
    return reply(worker.fd, header.unique, users ? ENODATA : EOPNOTSUPP);
  }
  pass(worker, request, {header.unique, kGetxattr, header.node, header.uid, header.gid, std::string(name), {}, {}}, 0, in.size);
}

void Session::listxattr(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  GetxattrIn in;
  if (!request.take(&in)) return reply(worker.fd, header.unique, EINVAL);
  if (options_.xattrs.empty()) return reply(worker.fd, header.unique, EOPNOTSUPP);
  pass(worker, request, {header.unique, kListxattr, header.node, header.uid, header.gid, {}, {}, {}}, 0, in.size);
}

}  // namespace famfs::fuse
