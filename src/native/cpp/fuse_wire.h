// The messages of the FUSE protocol that the server uses (docs/fuse.md), as they are on the wire. Numbers have the byte order of
// the host.
#pragma once

#include <cstdint>

namespace famfs::fuse {

constexpr uint32_t kMajor = 7;
constexpr uint32_t kMinor = 45;        // the newest version known here
constexpr uint32_t kOldestMinor = 23;  // the first whose INIT reply has the size below
constexpr uint64_t kRootId = 1;

enum Opcode : uint32_t {
  kLookup = 1,
  kForget = 2,
  kGetattr = 3,
  kSetattr = 4,
  kReadlink = 5,
  kSymlink = 6,
  kMknod = 8,
  kMkdir = 9,
  kUnlink = 10,
  kRmdir = 11,
  kRename = 12,
  kLink = 13,
  kOpen = 14,
  kRead = 15,
  kWrite = 16,
  kStatfs = 17,
  kRelease = 18,
  kFsync = 20,
  kSetxattr = 21,
  kGetxattr = 22,
  kListxattr = 23,
  kRemovexattr = 24,
  kFlush = 25,
  kInit = 26,
  kOpendir = 27,
  kReaddir = 28,
  kReleasedir = 29,
  kFsyncdir = 30,
  kAccess = 34,
  kCreate = 35,
  kInterrupt = 36,
  kDestroy = 38,
  kBatchForget = 42,
  kFallocate = 43,
  kReaddirplus = 44,
  kRename2 = 45,
  kLseek = 46,
  kSyncfs = 50,
  kGetFmap = 54,    // kernels with famfs
  kGetDaxdev = 55,  // kernels with famfs
};

enum Notification : int32_t {
  kInvalInode = 2,
  kInvalEntry = 3,
  kBackingRemove = 10,
  kBackingMap = 11,
};

// Bits of INIT's flags; 32 and up are in flags2.
enum InitFlag : uint32_t {
  kAsyncRead = 0,
  kBigWrites = 5,
  kDoReaddirplus = 13,
  kAsyncDio = 15,
  kNoOpenSupport = 17,
  kParallelDirops = 18,
  kMaxPages = 22,
  kNoOpendirSupport = 24,
  kExplicitInvalData = 25,
  kHandleKillprivV2 = 28,
  kInitExt = 30,
  kDirectIoAllowMmap = 36,
  kPassthrough = 37,
  kOverIoUring = 41,
  kDaxFmap = 43,
  kPassthroughV2 = 45,
};

constexpr uint64_t bit(InitFlag flag) { return uint64_t{1} << flag; }

enum OpenFlag : uint32_t {
  kDirectIo = 1 << 0,
  kKeepCache = 1 << 1,
  kCacheDir = 1 << 3,
  kParallelDirectWrites = 1 << 6,
  kOpenPassthrough = 1 << 7,
};

enum SetattrBit : uint32_t {
  kSetMode = 1 << 0,
  kSetUid = 1 << 1,
  kSetGid = 1 << 2,
  kSetSize = 1 << 3,
  kSetMtime = 1 << 5,
  kSetMtimeNow = 1 << 8,
};

constexpr uint32_t kAttrDax = 1 << 1;  // of Attr::flags

struct InHeader {
  uint32_t length;
  uint32_t opcode;
  uint64_t unique;
  uint64_t node;
  uint32_t uid;
  uint32_t gid;
  uint32_t pid;
  uint16_t extensions;  // 8-byte units at the end that do not belong to the payload
  uint16_t padding;
};
static_assert(sizeof(InHeader) == 40);

struct OutHeader {
  uint32_t length;
  int32_t error;  // 0 or a negative errno; a Notification where unique is 0
  uint64_t unique;
};
static_assert(sizeof(OutHeader) == 16);

struct InitIn {
  uint32_t major;
  uint32_t minor;
  uint32_t maxReadahead;
  uint32_t flags;
};
static_assert(sizeof(InitIn) == 16);

struct InitExtIn {  // follows if flags has kInitExt
  uint32_t flags2;
  uint32_t unused[11];
};
static_assert(sizeof(InitExtIn) == 48);

struct InitOut {
  uint32_t major;
  uint32_t minor;
  uint32_t maxReadahead;
  uint32_t flags;
  uint16_t maxBackground;
  uint16_t congestionThreshold;
  uint32_t maxWrite;
  uint32_t timeGran;
  uint16_t maxPages;
  uint16_t mapAlignment;
  uint32_t flags2;
  uint32_t maxStackDepth;
  uint16_t requestTimeout;
  uint16_t unused[11];
};
static_assert(sizeof(InitOut) == 64);

struct Attr {
  uint64_t ino;
  uint64_t size;
  uint64_t blocks;  // of 512 bytes
  uint64_t atime;
  uint64_t mtime;
  uint64_t ctime;
  uint32_t atimeNsec;
  uint32_t mtimeNsec;
  uint32_t ctimeNsec;
  uint32_t mode;
  uint32_t nlink;
  uint32_t uid;
  uint32_t gid;
  uint32_t rdev;
  uint32_t blksize;
  uint32_t flags;
};
static_assert(sizeof(Attr) == 88);

struct EntryOut {
  uint64_t node;
  uint64_t generation;
  uint64_t entryValid;  // seconds
  uint64_t attrValid;   // seconds
  uint32_t entryValidNsec;
  uint32_t attrValidNsec;
  Attr attr;
};
static_assert(sizeof(EntryOut) == 128);

struct AttrOut {
  uint64_t attrValid;  // seconds
  uint32_t attrValidNsec;
  uint32_t padding;
  Attr attr;
};
static_assert(sizeof(AttrOut) == 104);

struct SetattrIn {
  uint32_t valid;
  uint32_t padding;
  uint64_t handle;
  uint64_t size;
  uint64_t lockOwner;
  uint64_t atime;
  uint64_t mtime;
  uint64_t ctime;
  uint32_t atimeNsec;
  uint32_t mtimeNsec;
  uint32_t ctimeNsec;
  uint32_t mode;
  uint32_t unused4;
  uint32_t uid;
  uint32_t gid;
  uint32_t unused5;
};
static_assert(sizeof(SetattrIn) == 88);

struct OpenIn {
  uint32_t flags;
  uint32_t openFlags;
};
static_assert(sizeof(OpenIn) == 8);

struct OpenOut {
  uint64_t handle;
  uint32_t openFlags;
  int32_t backingId;
};
static_assert(sizeof(OpenOut) == 16);

struct OpenOut64 {  // if kPassthroughV2 was agreed on
  OpenOut open;
  uint64_t backingId;
};
static_assert(sizeof(OpenOut64) == 24);

struct CreateIn {
  uint32_t flags;
  uint32_t mode;
  uint32_t umask;
  uint32_t openFlags;
};
static_assert(sizeof(CreateIn) == 16);

struct MknodIn {
  uint32_t mode;
  uint32_t rdev;
  uint32_t umask;
  uint32_t padding;
};
static_assert(sizeof(MknodIn) == 16);

struct MkdirIn {
  uint32_t mode;
  uint32_t umask;
};
static_assert(sizeof(MkdirIn) == 8);

struct RenameIn {
  uint64_t newParent;
};
static_assert(sizeof(RenameIn) == 8);

struct Rename2In {
  uint64_t newParent;
  uint32_t flags;
  uint32_t padding;
};
static_assert(sizeof(Rename2In) == 16);

struct ReadIn {  // for READ, READDIR and READDIRPLUS
  uint64_t handle;
  uint64_t offset;
  uint32_t size;
  uint32_t readFlags;
  uint64_t lockOwner;
  uint32_t flags;
  uint32_t padding;
};
static_assert(sizeof(ReadIn) == 40);

struct WriteIn {
  uint64_t handle;
  uint64_t offset;
  uint32_t size;
  uint32_t writeFlags;
  uint64_t lockOwner;
  uint32_t flags;
  uint32_t padding;
};
static_assert(sizeof(WriteIn) == 40);

struct WriteOut {
  uint32_t size;
  uint32_t padding;
};
static_assert(sizeof(WriteOut) == 8);

struct ReleaseIn {
  uint64_t handle;
  uint32_t flags;
  uint32_t releaseFlags;
  uint64_t lockOwner;
};
static_assert(sizeof(ReleaseIn) == 24);

struct FsyncIn {
  uint64_t handle;
  uint32_t flags;
  uint32_t padding;
};
static_assert(sizeof(FsyncIn) == 16);

struct FallocateIn {
  uint64_t handle;
  uint64_t offset;
  uint64_t length;
  uint32_t mode;
  uint32_t padding;
};
static_assert(sizeof(FallocateIn) == 32);

struct LseekIn {
  uint64_t handle;
  uint64_t offset;
  uint32_t whence;
  uint32_t padding;
};
static_assert(sizeof(LseekIn) == 24);

struct LseekOut {
  uint64_t offset;
};
static_assert(sizeof(LseekOut) == 8);

struct GetxattrIn {  // for LISTXATTR too
  uint32_t size;
  uint32_t padding;
};
static_assert(sizeof(GetxattrIn) == 8);

struct GetxattrOut {
  uint32_t size;
  uint32_t padding;
};
static_assert(sizeof(GetxattrOut) == 8);

struct SetxattrIn {
  uint32_t size;
  uint32_t flags;
};
static_assert(sizeof(SetxattrIn) == 8);

struct StatfsOut {
  uint64_t blocks;
  uint64_t free;
  uint64_t available;
  uint64_t files;
  uint64_t filesFree;
  uint32_t blockSize;
  uint32_t nameLength;
  uint32_t fragmentSize;
  uint32_t padding;
  uint32_t spare[6];
};
static_assert(sizeof(StatfsOut) == 80);

struct Dirent {  // the name follows, padded to 8 bytes
  uint64_t ino;
  uint64_t next;  // position of the next entry
  uint32_t nameLength;
  uint32_t type;  // mode >> 12
};
static_assert(sizeof(Dirent) == 24);

struct GetFmapIn {  // size-probe revision
  uint32_t size;
  uint32_t padding;
};
static_assert(sizeof(GetFmapIn) == 8);

struct InvalInodeOut {
  uint64_t node;
  int64_t offset;  // -1: attributes only
  int64_t length;  // 0: to the end
};
static_assert(sizeof(InvalInodeOut) == 24);

struct InvalEntryOut {  // the name follows, with its NUL
  uint64_t parent;
  uint32_t nameLength;
  uint32_t flags;
};
static_assert(sizeof(InvalEntryOut) == 16);

struct DaxdevOpen {  // ioctl: gives the kernel a daxdev, in revisions that do not ask for it
  int32_t fd;
  uint32_t flags;
  uint64_t index;
};
static_assert(sizeof(DaxdevOpen) == 16);

struct BackingMap {  // ioctl: registers a descriptor under a 64-bit id
  int32_t fd;
  uint32_t padding;
  uint64_t backingId;
  uint64_t spare[2];
};
static_assert(sizeof(BackingMap) == 32);

}  // namespace famfs::fuse
