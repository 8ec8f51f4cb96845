// Gives a FUSE session requests of any bytes, on a tree with files that are plain, interleaved, staged, and partly on a
// device that is not here. Each request that wants an answer must get exactly one, well formed, and no other bytes.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "fuse_session.h"
#include "input.h"

namespace famfs::fuse {
namespace {

constexpr size_t kDeviceSize = 1 << 20;

// Answers all that it is asked with one error or another, once the request has been handled.
class Answering : public Listener {
 public:
  void control(Control&& control) override {
    if (control.unique != 0 || control.opcode != kRelease) asked.push_back(control.unique);
  }
  void trouble(const Trouble& trouble) override { (void)std::strlen(trouble.what); }
  void ready(const Agreed&) override {}
  void ended(int) override {}

  std::vector<uint64_t> asked;
};

std::shared_ptr<Mapping> makeMapping() {
  char path[] = "/tmp/famfs-fuzz-XXXXXX";
  const int fd = mkstemp(path);
  must(fd >= 0 && ftruncate(fd, kDeviceSize) == 0);
  struct stat stats;
  must(fstat(fd, &stats) == 0);
  Target target = {path, false, true, 0, {stats.st_dev, stats.st_ino}};
  OpenFailure failure;
  auto mapping = openMapping(target, &failure);
  must(mapping != nullptr);
  close(fd);
  unlink(path);
  return mapping;
}

// The tree that all requests are about
struct Tree {
  explicit Tree(bool creates) {
    Options options;
    options.creates = creates;
    options.writes = true;
    options.followsOpens = creates;
    options.xattrs = {"user.famfs.map"};
    options.staging = "/tmp";
    auto own = std::make_unique<Answering>();
    listener = own.get();
    replies = memfd_create("replies", MFD_CLOEXEC);
    must(replies >= 0);
    session = std::make_shared<Session>(std::vector<int>{dup(replies)}, options, std::move(own), 0755, 0, 0);
    Table& table = session->table();
    table.setDevice(0, makeMapping());
    add(2, "d", 0, 0, {});
    add(3, "d/plain", 100000, 0, {{0, 65536, 0}, {131072, 65536, 0}});
    add(4, "d/striped", 50000, 4096, {{262144, 32768, 0}, {393216, 32768, 0}});
    add(5, "d/elsewhere", 50000, 0, {{0, 65536, 7}});
    add(6, "d/outside", 50000, 0, {{kDeviceSize - 4096, 65536, 0}});
    must(table.addUncommitted(7, table.rowOf(2), "staged", 0600, 0, 0, std::make_shared<Staged>("/tmp")) != kNone);
  }

  ~Tree() { close(replies); }

  void add(uint64_t id, std::string_view path, uint64_t size, uint64_t chunk, std::vector<Extent> extents) {
    NewNode made = {};
    made.id = id;
    made.path = path;
    made.kind = extents.empty() ? Kind::kDirectory : Kind::kMapped;
    made.mode = 0755;
    made.size = size;
    made.chunk = chunk;
    made.extents = extents.data();
    made.extentCount = extents.size();
    uint32_t row;
    must(session->table().add(made, &row) == Added::kDone);
  }

  Answering* listener;
  int replies;
  std::shared_ptr<Session> session;
};

bool wantsAnswer(const InHeader& header) {
  return header.opcode != kForget && header.opcode != kBatchForget && header.opcode != kInterrupt;
}

void checkReply(int fd, const InHeader& header) {
  const off_t size = lseek(fd, 0, SEEK_END);
  if (!wantsAnswer(header)) {
    must(size == 0);
    return;
  }
  OutHeader out;
  must(pread(fd, &out, sizeof out, 0) == sizeof out);
  must(out.length == static_cast<uint64_t>(size));
  must(out.unique == header.unique && out.error <= 0 && out.error > -1000);
  must(out.error == 0 || out.length == sizeof out);
}

// A request with a header that makes sense most of the time, and a payload of whatever comes
std::vector<uint8_t> makeRequest(Input* input, uint64_t unique) {
  static constexpr uint32_t kOpcodes[] = {1,  2,  3,  4,  5,  6,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 21, 22, 23, 24, 25,
                                          26, 27, 28, 29, 30, 31, 34, 35, 36, 38, 39, 42, 43, 44, 45, 46, 47, 50, 51, 52, 54, 55, 4096};
  InHeader header = {};
  header.opcode = kOpcodes[input->below(std::size(kOpcodes))];
  header.unique = unique;
  header.node = input->below(8) == 0 ? input->edge() : input->below(9);
  header.extensions = input->below(16) == 0 ? static_cast<uint16_t>(input->number(65535)) : 0;
  std::vector<uint8_t> payload = input->take(input->below(2) == 0 ? input->below(64) : input->number(4096)).rest();
  header.length = static_cast<uint32_t>(sizeof header + payload.size());
  if (input->below(32) == 0) header.length = static_cast<uint32_t>(input->number(UINT32_MAX));
  std::vector<uint8_t> bytes(sizeof header + payload.size());
  std::memcpy(bytes.data(), &header, sizeof header);
  if (!payload.empty()) std::memcpy(bytes.data() + sizeof header, payload.data(), payload.size());
  if (input->below(64) == 0) bytes.resize(input->below(bytes.size() + 1));
  return bytes;
}

}  // namespace
}  // namespace famfs::fuse

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t length) {
  using namespace famfs;
  using namespace famfs::fuse;
  Input input(bytes, length);
  Tree tree(input.below(2) == 0);
  Session::Worker worker(tree.replies);
  for (uint64_t unique = 1; !input.isEmpty(); unique++) {
    must(ftruncate(tree.replies, 0) == 0 && lseek(tree.replies, 0, SEEK_SET) == 0);
    // a copy of its exact size, so that a byte read past it is seen
    const std::vector<uint8_t> request = makeRequest(&input, unique);
    tree.session->handle(worker, request.data(), request.size());
    for (const uint64_t asked : tree.listener->asked) {
      if (asked != 0) must(tree.session->answerError(asked, 5));
    }
    tree.listener->asked.clear();
    InHeader header;
    if (request.size() < sizeof header) continue;
    std::memcpy(&header, request.data(), sizeof header);
    checkReply(tree.replies, header);
  }
  return 0;
}
