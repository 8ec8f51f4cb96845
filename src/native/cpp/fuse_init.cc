// INIT: negotiates what both sides support. Requests only what the kernel offers.
#include <algorithm>
#include <cerrno>

#include "fuse_session.h"

namespace famfs::fuse {
namespace {

constexpr uint32_t kMinorOfBackings = 47;
constexpr uint32_t kMinorOfAnotherBit43 = 46;
constexpr uint16_t kMostBackground = 64;
constexpr uint32_t kMostReadahead = 1 << 20;

constexpr uint64_t kAlways = bit(kAsyncRead) | bit(kBigWrites) | bit(kDoReaddirplus) | bit(kAsyncDio) | bit(kParallelDirops) |
                             bit(kMaxPages) | bit(kExplicitInvalData) | bit(kHandleKillprivV2);

bool offers(uint64_t offered, uint64_t flags) { return (offered & flags) == flags; }

// The flags for maps of a form; 0 if the kernel does not support it.
uint64_t mapFlags(Maps form, uint64_t offered, uint32_t minor) {
  if (form == Maps::kFmap) {
    // Since 7.46, kernels without famfs use this bit for something else, and offer it only together with io_uring
    const bool ambiguous = minor >= kMinorOfAnotherBit43 && offers(offered, bit(kOverIoUring));
    return offers(offered, bit(kDaxFmap)) && !ambiguous ? bit(kDaxFmap) : 0;
  }
  constexpr uint64_t kBackings = bit(kPassthroughV2) | bit(kPassthrough);
  return minor >= kMinorOfBackings && offers(offered, kBackings) ? kBackings : 0;
}

// The first of the wanted forms that the kernel supports.
Maps formOf(const std::vector<Maps>& wanted, uint64_t offered, uint32_t minor) {
  for (const Maps form : wanted) {
    if (mapFlags(form, offered, minor) != 0) return form;
  }
  return Maps::kNone;
}

}  // namespace

bool Session::isOnFiles() const {
  const std::shared_lock<std::shared_mutex> lock(table_.mutex());
  return table_.isOnFiles();
}

void Session::init(Worker& worker, Request& request) {
  const uint64_t unique = request.header().unique;
  InitIn in;
  InitExtIn more = {};
  if (!request.take(&in)) return reply(worker.fd, unique, EINVAL);
  InitOut out = {};
  out.major = kMajor;
  out.minor = kMinor;
  if (in.major > kMajor) return reply(worker.fd, unique, 0, &out, sizeof out);  // it tries again with our version
  if (in.major < kMajor || in.minor < kOldestMinor) return reply(worker.fd, unique, EPROTO);
  uint64_t offered = in.flags;
  if (offers(offered, bit(kInitExt)) && request.take(&more)) offered |= uint64_t{more.flags2} << 32;

  const Maps maps = formOf(options_.maps, offered, in.minor);
  uint64_t accepted = offered & kAlways;
  if (options_.direct) accepted |= offered & bit(kDirectIoAllowMmap);
  if (maps != Maps::kNone) accepted |= mapFlags(maps, offered, in.minor);
  if (accepted >> 32 != 0) accepted |= bit(kInitExt);

  out.minor = std::min(in.minor, maps == Maps::kBacking ? kMinorOfBackings : kMinor);
  out.maxReadahead = std::min(in.maxReadahead, kMostReadahead);
  out.flags = static_cast<uint32_t>(accepted);
  out.flags2 = static_cast<uint32_t>(accepted >> 32);
  out.maxBackground = kMostBackground;
  out.congestionThreshold = kMostBackground * 3 / 4;
  // As many as the pipe has room for, if files are read through it
  const size_t mostPages = kMaxData / kPage;
  const size_t room = isOnFiles() ? worker.pipe.pages() : 0;
  const size_t pages = room > 0 ? std::min(room, mostPages) : mostPages;
  out.maxWrite = static_cast<uint32_t>(offers(accepted, bit(kMaxPages)) ? pages * kPage : 32 * kPage);
  out.timeGran = 1;
  out.maxPages = static_cast<uint16_t>(offers(accepted, bit(kMaxPages)) ? pages : 0);
  out.maxStackDepth = maps == Maps::kBacking ? 1 : 0;

  const Agreed agreed = {in.minor, offered, accepted, maps, out.maxWrite};
  bool first;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    agreed_ = agreed;
    first = !greeted_;
    greeted_ = true;
  }
  reply(worker.fd, unique, 0, &out, sizeof out);
  if (first) listener_->ready(agreed);
}

}  // namespace famfs::fuse
