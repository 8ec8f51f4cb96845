// Speaks the FUSE protocol over a descriptor. Threads of its own answer requests from a table if they can, and pass those that
// change the table on to a listener. Knows nothing of famfs.
#pragma once

#include <sys/uio.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "cheaper.h"
#include "fuse_pipe.h"
#include "fuse_request.h"
#include "fuse_table.h"

namespace famfs::fuse {

constexpr size_t kMaxData = size_t{1} << 20;  // bytes of a READ or WRITE
constexpr size_t kBufferSize = kMaxData + (size_t{64} << 10);

enum class Maps { kNone, kFmap, kBacking };

struct Options {
  bool creates = false;      // the listener makes, removes and renames; otherwise names never change
  bool writes = false;       // bytes may be written
  bool direct = false;       // no page cache
  bool followsOpens = false;  // OPEN and RELEASE are needed even if the kernel could omit them
  uint64_t timeout = 0;      // seconds that the kernel may keep names and attributes
  uint64_t time = 0;         // for everything that has no time of its own
  std::vector<Maps> maps;    // forms that the kernel may have, the best first
  std::vector<std::string> xattrs;  // extended attributes that the listener serves
  std::string staging;       // folder for temporary files
};

struct Statfs {
  uint64_t blocks = 0;
  uint64_t free = 0;
  uint64_t files = 0;
  uint64_t filesFree = 0;
  uint32_t blockSize = 4096;
  uint32_t nameLength = 255;
};

// A request for the listener, which replies with one of the answer...() functions unless `unique` is 0.
struct Control {
  uint64_t unique;
  uint32_t opcode;
  uint64_t node;  // the node that changes, or the directory in which something changes
  uint32_t uid;
  uint32_t gid;
  std::string name;
  std::string other;  // a second name, or the value of an extended attribute
  uint64_t numbers[3];
};

// An error that no request can report.
struct Trouble {
  const char* what;  // symbolic: READ_FAULT, WRITE_FAULT, BAD_REQUEST, REFUSED
  uint64_t node;
  uint64_t offset;  // of the file
  uint32_t device;
  uint64_t deviceOffset;
  int error;
};

struct Agreed {
  uint32_t minor;
  uint64_t offered;  // flags of INIT
  uint64_t accepted;
  Maps maps;
  uint32_t mostBytes;  // of a READ or WRITE
};

// Called on any thread.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void control(Control&& control) = 0;
  virtual void trouble(const Trouble& trouble) = 0;
  virtual void ready(const Agreed& agreed) = 0;
  // The last call, once no thread of the session runs; 0 if the kernel or peer ended it, otherwise an errno.
  virtual void ended(int error) = 0;
};

// Bytes of a device that must never change: if they do, nothing is served any more.
struct Watch {
  std::shared_ptr<Mapping> mapping;
  uint64_t offset = 0;
  std::vector<uint8_t> bytes;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::vector<int> fds, Options options, std::unique_ptr<Listener> listener, uint32_t rootMode, uint32_t uid, uint32_t gid);
  ~Session();

  // Starts a thread for each descriptor, and takes ownership of them. 0 or an errno.
  int start(size_t threads);

  Table& table() { return table_; }
  const Options& options() const { return options_; }

  // Answers a control; false if nobody waits for it any more.
  bool answerError(uint64_t unique, int error);
  bool answerEntry(uint64_t unique, uint64_t node);
  bool answerCreate(uint64_t unique, uint64_t node);
  bool answerOpen(uint64_t unique, uint32_t flags, uint64_t backingId);
  bool answerAttr(uint64_t unique, uint64_t node);
  bool answerBytes(uint64_t unique, const uint8_t* bytes, size_t length);

  // Makes the kernel forget, once its pending requests allow that.
  void forgetEntry(uint64_t parent, std::string name);
  void forgetInode(uint64_t node, int64_t offset);
  // Sends a notification at once: 0 or an errno.
  int notify(int32_t code, const uint8_t* bytes, size_t length);

  void setStatfs(const Statfs& statfs);
  void addWatch(Watch watch);
  // After this, everything is EIO, and the kernel forgets all it knows.
  void fail();
  bool hasFailed() const { return failed_; }

  uint64_t requests(uint32_t opcode) const { return opcode < kCounted ? counts_[opcode].load() : 0; }
  Agreed agreed() const;
  int fd() const { return fds_[0]; }

  // Handles one request on this thread; `fd` receives the reply.
  struct Worker;
  void handle(Worker& worker, const uint8_t* bytes, size_t length);
  static constexpr uint32_t kCounted = 64;

 private:
  struct Parked {
    uint32_t opcode;
    uint64_t node;
    uint32_t flags;
    uint32_t size;
    int fd;
  };
  struct Notice {
    int32_t code;
    uint64_t node;
    int64_t offset;
    std::string name;
  };

  void serve(int fd);
  void end(int error);
  void sendNotices();
  void post(Notice notice);

  void dispatch(Worker& worker, Request& request);
  void init(Worker& worker, Request& request);
  void lookup(Worker& worker, Request& request);
  void getattr(Worker& worker, Request& request);
  void setattr(Worker& worker, Request& request);
  void statfs(Worker& worker, Request& request);
  void getxattr(Worker& worker, Request& request);
  void listxattr(Worker& worker, Request& request);
  void readdir(Worker& worker, Request& request, bool plus);
  void opendir(Worker& worker, Request& request);
  void open(Worker& worker, Request& request);
  void release(Worker& worker, Request& request);
  void read(Worker& worker, Request& request);
  void readMapped(Worker& worker, const Request& request, uint64_t offset, uint64_t length);
  void write(Worker& worker, Request& request);
  int writeMapped(Worker& worker, uint64_t node, const uint8_t* bytes, uint64_t offset, uint64_t length);
  void flush(Worker& worker, Request& request);
  void fsync(Worker& worker, Request& request);
  void fsyncdir(Worker& worker, Request& request);
  void fallocate(Worker& worker, Request& request);
  void lseek(Worker& worker, Request& request);
  void change(Worker& worker, Request& request);
  void xattrChange(Worker& worker, Request& request);
  void askMaps(Worker& worker, Request& request);

  // Leaves a request to the listener; answers EINTR if there is none.
  void pass(Worker& worker, const Request& request, Control control, uint32_t flags = 0, uint32_t size = 0);
  bool takeParked(uint64_t unique, Parked* parked);
  Attr attrOf(uint32_t row) const;
  bool entryOf(uint64_t node, EntryOut* entry) const;
  uint32_t openFlags(uint32_t row) const;
  bool isOnFiles() const;
  bool isWatchedIntact() const;
  bool requireIntact();
  // Whether the bytes of a request can be accessed; reports the trouble if not.
  void tellFault(const char* what, uint64_t node, uint64_t fileOffset, uint32_t device, uint64_t deviceOffset, int error);

  void reply(int fd, uint64_t unique, int error, const void* bytes = nullptr, size_t length = 0);
  // Whether the bytes of worker.runs can come through the pipe, from worker.fileParts.
  bool fitsPipe(Worker& worker, uint64_t length, const std::vector<std::shared_ptr<Mapping>>& mappings) const;
  // Replies with these through the pipe: 0, an errno, or Pipe::kNotSent.
  int sendFiles(Worker& worker, uint64_t unique, uint64_t length);
  // 0 or the errno of the write
  int send(int fd, uint64_t unique, int error, iovec* parts, size_t count);

  const std::vector<int> fds_;
  const Options options_;
  const std::unique_ptr<Listener> listener_;
  Table table_;
  std::atomic<bool> failed_{false};
  std::atomic<bool> brokenTold_{false};
  std::atomic<uint64_t> counts_[kCounted] = {};
  std::atomic<size_t> running_{0};
  std::atomic<int> endError_{0};

  mutable std::mutex mutex_;  // guards the following members
  std::unordered_map<uint64_t, Parked> parked_;
  Statfs statfs_;
  Agreed agreed_ = {};
  bool greeted_ = false;

  mutable std::shared_mutex watchMutex_;
  std::vector<Watch> watches_;

  std::mutex noticeMutex_;  // guards the following members
  std::deque<Notice> notices_;
  std::condition_variable noticed_;
  bool noMoreNotices_ = false;
};

// What a thread needs to work.
struct Session::Worker {
  explicit Worker(int replies) : fd(replies), pipe(replies) {}

  const int fd;
  std::vector<uint8_t> out;
  std::vector<Run> runs;
  std::vector<iovec> parts;
  std::vector<FilePart> fileParts;
  Pipe pipe;
  Cheaper way;  // of a reply with bytes of files: 0 through the pipe, 1 from memory
};

}  // namespace famfs::fuse
