// READDIR and READDIRPLUS. A position in a directory is the number of children already passed, plus two for the dots.
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "fuse_session.h"

namespace famfs::fuse {
namespace {

constexpr uint64_t kDots = 2;

size_t padded(size_t length) { return (length + 7) & ~size_t{7}; }

// Appends to a reply while there is room.
class Listing {
 public:
  Listing(std::vector<uint8_t>* out, size_t room, bool plus) : out_(out), room_(room), plus_(plus) { out_->clear(); }

  bool fits(std::string_view name) const { return out_->size() + size(name) <= room_; }

  void add(std::string_view name, uint64_t next, const EntryOut& entry) {
    const size_t at = out_->size();
    out_->resize(at + size(name));
    uint8_t* to = out_->data() + at;
    if (plus_) {
      std::memcpy(to, &entry, sizeof entry);
      to += sizeof entry;
    }
    const Dirent dirent = {entry.attr.ino, next, static_cast<uint32_t>(name.size()), entry.attr.mode >> 12};
    std::memcpy(to, &dirent, sizeof dirent);
    std::memcpy(to + sizeof dirent, name.data(), name.size());
  }

 private:
  size_t size(std::string_view name) const { return (plus_ ? sizeof(EntryOut) : 0) + padded(sizeof(Dirent) + name.size()); }

  std::vector<uint8_t>* out_;
  size_t room_;
  bool plus_;
};

}  // namespace

void Session::opendir(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  if ((agreed().offered & bit(kNoOpendirSupport)) != 0) return reply(worker.fd, header.unique, ENOSYS);
  const OpenOut out = {0, kKeepCache | kCacheDir, 0};
  reply(worker.fd, header.unique, 0, &out, sizeof out);
}

void Session::readdir(Worker& worker, Request& request, bool plus) {
  const InHeader& header = request.header();
  ReadIn in;
  if (!request.take(&in)) return reply(worker.fd, header.unique, EINVAL);
  Listing listing(&worker.out, std::min<size_t>(in.size, kMaxData), plus);
  {
    const std::shared_lock<std::shared_mutex> lock(table_.mutex());
    const uint32_t row = table_.rowOf(header.node);
    if (row == kNone) return reply(worker.fd, header.unique, ESTALE);
    if (table_.node(row).kind != Kind::kDirectory) return reply(worker.fd, header.unique, ENOTDIR);
    const uint32_t dots[kDots] = {row, table_.node(row).parent};
    const std::vector<uint32_t>& children = table_.children(row);
    for (uint64_t at = in.offset; at < kDots + children.size(); at++) {
      const bool isDot = at < kDots;
      const uint32_t child = isDot ? dots[at] : children[at - kDots];
      if (child == kNone) continue;
      const std::string_view name = isDot ? (at == 0 ? "." : "..") : table_.name(child);
      if (!listing.fits(name)) break;
      EntryOut entry = {};
      entry.attr = attrOf(child);
      // The dots do not count as lookups: their node stays 0
      if (!isDot) {
        entry.node = table_.node(child).id;
        entry.entryValid = entry.attrValid = options_.timeout;
        if (plus) table_.markKnown(child);
      }
      listing.add(name, at + 1, entry);
    }
  }
  reply(worker.fd, header.unique, 0, worker.out.data(), worker.out.size());
}

}  // namespace famfs::fuse
