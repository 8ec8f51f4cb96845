// The least that a FUSE server can cost: two threads, each with a clone of /dev/fuse, that answer every LOOKUP from its name alone, and
// every READ with one writev from a mapping of the image. The yardstick of bench/mount.ts for the server's part of a stat and of a read.
//
// rawServer MOUNTPOINT [IMAGE OFFSET SIZE]    every file is SIZE bytes of the image, which the kernel does not cache. Prints a line
// once it is mounted, and its processor time in microseconds once it is unmounted
#include <fcntl.h>
#include <linux/fuse.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr size_t kBuffer = (size_t{1} << 20) + (size_t{64} << 10);
constexpr uint64_t kTimeout = 86400;

char* content = nullptr;
uint64_t contentSize = 0;

union Reply {
  fuse_open_out open;
  fuse_init_out init;
  fuse_entry_out entry;
  fuse_attr_out attr;
  fuse_statfs_out statfs;
};

// Names of files end in digits, which make the number of the node; those of directories begin with "folder".
uint64_t numberOf(const char* name) {
  const bool isFolder = std::strncmp(name, "folder", 6) == 0;
  return (isFolder ? 2 : 1000) + std::strtoull(name + std::strcspn(name, "0123456789"), nullptr, 10);
}

fuse_attr attributesOf(uint64_t node) {
  fuse_attr attr = {};
  attr.ino = node;
  attr.mode = node < 1000 ? S_IFDIR | 0755 : S_IFREG | 0644;
  attr.nlink = 1;
  attr.size = contentSize;
  return attr;
}

// bytes of the reply; an errno, negative, if there is none
int answer(const fuse_in_header& header, const char* payload, Reply* reply) {
  switch (header.opcode) {
    case FUSE_INIT:
      reply->init.major = FUSE_KERNEL_VERSION;
      reply->init.minor = 31;
      reply->init.flags = reinterpret_cast<const fuse_init_in*>(payload)->flags &
                          (FUSE_ASYNC_READ | FUSE_PARALLEL_DIROPS | FUSE_BIG_WRITES | FUSE_MAX_PAGES);
      reply->init.max_pages = 256;
      reply->init.max_write = 1 << 17;
      reply->init.max_background = 64;
      return sizeof reply->init;
    case FUSE_LOOKUP:
      reply->entry.nodeid = numberOf(payload);
      reply->entry.entry_valid = reply->entry.attr_valid = kTimeout;
      reply->entry.attr = attributesOf(reply->entry.nodeid);
      return sizeof reply->entry;
    case FUSE_GETATTR:
      reply->attr.attr_valid = kTimeout;
      reply->attr.attr = attributesOf(header.nodeid);
      return sizeof reply->attr;
    case FUSE_OPEN:
      if (content == nullptr) return -ENOSYS;
      reply->open.open_flags = FOPEN_DIRECT_IO;
      return sizeof reply->open;
    case FUSE_STATFS: return sizeof reply->statfs;
    default: return -ENOSYS;
  }
}

void serve(int fd) {
  std::vector<char> buffer(kBuffer);
  for (;;) {
    const ssize_t length = read(fd, buffer.data(), buffer.size());
    if (length < 0 && errno == ENODEV) return;
    if (length < 0) continue;
    const auto& header = *reinterpret_cast<const fuse_in_header*>(buffer.data());
    if (header.opcode == FUSE_FORGET || header.opcode == FUSE_BATCH_FORGET || header.opcode == FUSE_INTERRUPT) continue;
    if (header.opcode == FUSE_READ) {
      const auto& in = *reinterpret_cast<const fuse_read_in*>(buffer.data() + sizeof header);
      const uint64_t from = std::min(in.offset, contentSize);
      const uint64_t count = std::min<uint64_t>(in.size, contentSize - from);
      fuse_out_header out = {static_cast<uint32_t>(sizeof out + count), 0, header.unique};
      const iovec parts[2] = {{&out, sizeof out}, {content + from, count}};
      if (writev(fd, parts, count > 0 ? 2 : 1) < 0 && errno != ENOENT && errno != ENODEV) std::abort();
      continue;
    }
    Reply reply = {};
    const int size = answer(header, buffer.data() + sizeof header, &reply);
    fuse_out_header out = {sizeof out, size < 0 ? size : 0, header.unique};
    if (size > 0) out.len += static_cast<uint32_t>(size);
    const iovec parts[2] = {{&out, sizeof out}, {&reply, size > 0 ? static_cast<size_t>(size) : 0}};
    if (writev(fd, parts, 2) < 0 && errno != ENOENT && errno != ENODEV) std::abort();
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int fd = open("/dev/fuse", O_RDWR);
  const std::string options = "fd=" + std::to_string(fd) + ",rootmode=40000,user_id=0,group_id=0,default_permissions";
  if (argc == 5) {
    contentSize = std::strtoull(argv[4], nullptr, 10);
    const auto offset = static_cast<off_t>(std::strtoull(argv[3], nullptr, 10));
    void* mapped = mmap(nullptr, contentSize, PROT_READ, MAP_SHARED, open(argv[2], O_RDONLY), offset);
    if (mapped == MAP_FAILED) {
      std::perror("mmap");
      return 1;
    }
    content = static_cast<char*>(mapped);
  }
  if ((argc != 2 && argc != 5) || mount("raw", argv[1], "fuse.raw", MS_NODEV | MS_NOSUID, options.c_str()) != 0) {
    std::perror("mount");
    return 1;
  }
  std::puts("mounted");
  std::fflush(stdout);
  const int clone = open("/dev/fuse", O_RDWR);
  uint32_t session = static_cast<uint32_t>(fd);
  if (ioctl(clone, FUSE_DEV_IOC_CLONE, &session) != 0) return 1;
  std::thread other(serve, clone);
  serve(fd);
  other.join();
  rusage used;
  getrusage(RUSAGE_SELF, &used);
  const auto microseconds = [](const timeval& time) { return time.tv_sec * 1000000L + time.tv_usec; };
  std::printf("%ld\n", microseconds(used.ru_utime) + microseconds(used.ru_stime));
}
