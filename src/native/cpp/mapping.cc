#include "mapping.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "copy.h"
#include "hole.h"
#include "range_io.h"

namespace famfs {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;
constexpr long kXfs = 0x58465342;
constexpr long kBtrfs = 0x9123683e;

int openRetrying(const Target& target) {
  // NONBLOCK: do not wait for a writer if the path has become a fifo meanwhile
  const int flags = (target.writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  int fd;
  do {
    fd = open(target.path.c_str(), flags);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

bool isStill(const Target& target, const struct stat& now) {
  if (target.device) {
    return S_ISCHR(now.st_mode) && major(now.st_rdev) == target.numbers[0] && minor(now.st_rdev) == target.numbers[1];
  }
  return S_ISREG(now.st_mode) && now.st_dev == target.numbers[0] && now.st_ino == target.numbers[1];
}

// A file is mapped at a huge-page boundary: reserve enough address space to contain an aligned part, and use that part
uint8_t* mapAligned(int fd, size_t length, int protection) {
  const size_t reserved = length + kHugePage;
  void* area = mmap(nullptr, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (area == MAP_FAILED) return nullptr;
  const uintptr_t start = reinterpret_cast<uintptr_t>(area);
  const uintptr_t aligned = (start + kHugePage - 1) & ~(uintptr_t{kHugePage} - 1);
  void* base = mmap(reinterpret_cast<void*>(aligned), length, protection, MAP_SHARED | MAP_FIXED, fd, 0);
  if (base == MAP_FAILED) {
    const int error = errno;
    munmap(area, reserved);
    errno = error;
    return nullptr;
  }
  if (aligned > start) munmap(area, aligned - start);
  const uintptr_t end = aligned + length;
  if (end < start + reserved) munmap(reinterpret_cast<void*>(end), start + reserved - end);
  return static_cast<uint8_t*>(base);
}

uint8_t* mapDevice(int fd, size_t length, int protection) {
  void* base = mmap(nullptr, length, protection, MAP_SHARED, fd, 0);  // the kernel applies the alignment of the device
  return base == MAP_FAILED ? nullptr : static_cast<uint8_t*>(base);
}

// Whether a file is in the page cache and in no memory that other hosts share. False if that is not certain.
bool isCached(int fd, long type) {
  struct statx now;
  if (type == TMPFS_MAGIC) return true;
  if (type != EXT4_SUPER_MAGIC && type != kXfs && type != kBtrfs) return false;
  if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &now) != 0) return false;
  return (now.stx_attributes_mask & STATX_ATTR_DAX) != 0 && (now.stx_attributes & STATX_ATTR_DAX) == 0;
}

// All of these are hints; the mapping works without them
void advise(Mapping& mapping, bool device) {
  madvise(mapping.base, mapping.mapped, MADV_DONTFORK);
  if (device) return;
  struct statfs system;
  const bool known = fstatfs(mapping.fd, &system) == 0;
  const bool tmpfs = known && system.f_type == TMPFS_MAGIC;
  mapping.cached = known && isCached(mapping.fd, system.f_type);
  // Otherwise, the kernel would read ahead 2 MiB for each small read
  if (tmpfs && mapping.mapped >= kHugePage) madvise(mapping.base, mapping.mapped, MADV_HUGEPAGE);
  mapping.prefault = std::make_unique<Prefault>(mapping.base, tmpfs);
}

}  // namespace

std::atomic<bool> filesByCalls{true};

bool Mapping::isHole(uint64_t offset, uint64_t length) const { return cached && isHoleOf(fd, offset, length); }

bool Mapping::isShared() const { return !cached || !filesByCalls; }

bool Mapping::takesCalls(uint64_t offset, uint64_t length) const {
  struct stat now;
  return !isShared() && fstat(fd, &now) == 0 && static_cast<uint64_t>(now.st_size) >= offset + length;
}

bool Mapping::read(uint64_t offset, uint8_t* target, size_t length) const {
  int error = 0;
  return !isShared() && readRange(fd, offset, target, length, &error) == length;
}

bool Mapping::write(uint64_t offset, const uint8_t* source, size_t length) const {
  int error = 0;
  if (writeRange(fd, offset, source, length, &error) < length) return false;
  noteStored(base + offset, length);
  return true;
}

bool Mapping::punch(uint64_t offset, size_t length) const {
  constexpr int kMode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
  if (fallocate(fd, kMode, static_cast<off_t>(offset), static_cast<off_t>(length)) != 0) return false;
  noteStored(base + offset, length);
  return true;
}

Mapping::~Mapping() {
  if (base != nullptr) munmap(base, mapped);
  if (fd >= 0) close(fd);
}

// Copies may touch their last bytes first, so an earlier page may be bad too; and poison is reported per page
uint64_t Mapping::locateFault(uint64_t offset, uint64_t length, uint64_t hit) const {
  const uint64_t end = std::min(hit, offset + length - 1) / kFaultPage * kFaultPage;
  for (uint64_t at = offset; at < end; at = (at / kFaultPage + 1) * kFaultPage) {
    const volatile uint8_t* byte = base + at;
    uintptr_t again = 0;
    if (!guarded(base, mapped, &again, [=] { (void)*byte; })) return at;
  }
  return std::max(end, offset);
}

std::shared_ptr<Mapping> openMapping(const Target& target, OpenFailure* failure) {
  auto mapping = std::make_shared<Mapping>();
  mapping->path = target.path;
  mapping->writable = target.writable;
  mapping->fd = openRetrying(target);
  if (mapping->fd < 0) {
    *failure = {nullptr, "open", errno};
    return nullptr;
  }
  struct stat now;
  if (fstat(mapping->fd, &now) != 0) {
    *failure = {nullptr, "fstat", errno};
    return nullptr;
  }
  if (!isStill(target, now)) {
    *failure = {nullptr, "open", ESTALE};
    return nullptr;
  }
  mapping->size = target.device ? target.size : static_cast<size_t>(now.st_size);
  if (mapping->size == 0) {
    *failure = {"EMPTY", "open", 0};
    return nullptr;
  }
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  mapping->mapped = (mapping->size + page - 1) & ~(page - 1);
  const int protection = target.writable ? PROT_READ | PROT_WRITE : PROT_READ;
  mapping->base = (target.device ? mapDevice : mapAligned)(mapping->fd, mapping->mapped, protection);
  if (mapping->base == nullptr) {
    *failure = {nullptr, "mmap", errno};
    return nullptr;
  }
  advise(*mapping, target.device);
  installGuard();
  return mapping;
}

}  // namespace famfs
