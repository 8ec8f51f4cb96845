// The replayed log as columns: nodes by path, and the claims of entries on each daxdev. Sound entries are applied here, many at a
// time. At an entry that is not sound, or does not fit the earlier ones, the caller takes over.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "claims.h"
#include "log_decoder.h"
#include "log_entry.h"
#include "packed_entries.h"
#include "path_table.h"

namespace famfs {

// Why a node cannot be made at a path.
enum class NodeFault : uint8_t { kNone = 0, kDuplicate = 1, kParentMissing = 2, kParentNotDirectory = 3 };

// packed, as there are many; the path and the parent of each are apart
#pragma pack(push, 1)
struct Node {
  NodeKind kind;
  uint16_t mode;
  uint32_t slot;
  uint32_t uid;
  uint32_t gid;
  uint64_t size;  // bytes

  Node(NodeKind kind, uint16_t mode, uint32_t slot, uint32_t uid, uint32_t gid, uint64_t size)
      : kind(kind), mode(mode), slot(slot), uid(uid), gid(gid), size(size) {}
};
#pragma pack(pop)

struct Daxdev {
  uint64_t size;      // bytes of the daxdev
  uint64_t reserved;  // bytes at its start that extents must not use
  Claims claims;      // of entries with the right crc and sequence number
  Claims doubtful;    // of other entries
};

// A record of entries that advance() applied, or that were only decoded: kNumbers numbers per entry, and daxdev, offset and length per extent. JavaScript passes it
// on.
struct AppliedRecord {
  static constexpr size_t kNumbers = 9;  // slot, flags, mode, uid, gid, size, chunk, extents, bytes of the path

  static constexpr size_t kExtentNumbers = 3;  // daxdev, offset, length

  BigVector<double> numbers;
  BigVector<uint8_t> paths;
  BigVector<double> extents;

  void reserve(uint64_t entries);
  void add(uint64_t slot, const Decoded::Entry& entry, const uint8_t* path, const ExtentFields* fields);
};

// Memory for some of the same numbers, and how much of it is used.
struct AppliedTarget {
  double* numbers;
  uint64_t mostNumbers, numbersUsed;
  uint8_t* paths;
  uint64_t mostBytes, bytesUsed;
  double* extents;
  uint64_t mostExtents, extentsUsed;
};

// The same numbers as a block that JavaScript has made. They are read with care: nothing is known of them.
struct AppliedColumns {
  const double* numbers;
  uint64_t entries;
  const uint8_t* paths;
  uint64_t pathBytes;
  const double* extents;
  uint64_t extentNumbers;
};

class LogTable {
 public:
  // The layout must be valid, the unit must not be 0.
  LogTable(const LogLayout& layout, uint64_t unit);

  // Begins to decode slots [from, to) on `threads` threads, of which one is the one that applies them. They must lie within the mapping
  // and be the next to apply. Memory is invalidated and fenced before it is read.
  void decode(const LogPlace& place, uint64_t from, uint64_t to, unsigned threads);
  // Forgets what was not applied.
  void dropDecoded() { decoder_.clear(); }
  // Decodes entries that the caller has read.
  void decodeBytes(const uint8_t* bytes, uint64_t from, uint64_t to);
  // The same for entries that the caller is going to append, or has appended. False, with nothing taken over, if their columns do not
  // fit each other or the layout.
  bool take(const AppliedColumns& columns, uint64_t from);
  // Writes the bytes of `count` such entries, layout.entrySize each. False, with the bytes in an undefined state, likewise.
  bool encode(const AppliedColumns& columns, uint64_t from, uint8_t* bytes) const;

  // Memory that could not be reached.
  struct Fault {
    std::shared_ptr<Mapping> mapping;
    uint64_t at;  // its first byte
  };

  // The sound entries among the decoded ones, which are then forgotten instead of applied. False if memory could not be reached.
  bool takeDecoded(AppliedRecord* taken, Fault* fault);

  // Reserves room for this many entries in total, of which `more` are applied next.
  void reserve(uint64_t entries, uint64_t more);

  // Applies decoded entries until one needs the caller; its slot, or one past the last decoded, is then in *next. False if memory could
  // not be reached.
  bool advance(uint64_t* next, Fault* fault);
  // Continues at a slot, after the caller has dealt with the ones before it.
  void resume(uint64_t slot) { next_ = slot; }

  // Begins or ends to record what advance() applies; what was not taken is lost.
  void record(bool on) { record_ = on ? std::make_unique<AppliedRecord>() : nullptr; }
  // What was recorded since the last call; nullptr if nothing is recorded.
  std::unique_ptr<AppliedRecord> takeRecord();
  // Begins or ends to keep the same, packed.
  void keep(bool on) { keeping_ = on; }
  // Copies as many of the entries that were kept as there is room for, from a place on, which is moved.
  void kept(PackedEntries::Cursor* cursor, AppliedTarget* target) const;

  // Adds a node as advance() does.
  NodeFault addNode(const Node& node, const uint8_t* path, uint32_t length);
  NodeFault faultOf(const uint8_t* path, uint32_t length) const;
  // Whether a file can be made at each of the paths, one after the other: path i ends at ends[i], where path i + 1 begins. The ends
  // ascend.
  bool canAddFiles(const uint8_t* paths, const uint32_t* ends, uint64_t count) const;
  // The rows of the nodes whose parent has this row, ascending; PathTable::kNone is the root.
  std::vector<uint32_t> childrenOf(uint32_t parent) const;
  uint32_t find(const uint8_t* path, uint32_t length) const;

  std::vector<Daxdev>& daxdevs() { return daxdevs_; }
  // indexed by row of paths()
  const BigVector<Node>& nodes() const { return nodes_; }
  // the row of the directory of each, PathTable::kNone for the root; apart, for who looks for the nodes of one
  const BigVector<uint32_t>& parents() const { return parents_; }
  const PathTable& paths() const { return paths_; }
  uint32_t directories() const { return directories_; }
  uint64_t fileBytes() const { return fileBytes_; }

 private:
  // The run that holds a slot, or nullptr if memory could not be reached.
  const Decoded* runOf(uint64_t slot, Fault* fault);
  // Applies entries of a run up to one that needs the caller, and returns its index.
  size_t applyRun(const Decoded& run, size_t from);
  bool apply(const Decoded& run, const Decoded::Entry& entry, uint32_t parent, uint64_t slot);
  bool claimsFit(const ExtentFields* extents, uint32_t count) const;
  NodeFault findParent(const uint8_t* path, uint32_t nameStart, uint32_t* parent) const;
  void count(NodeKind kind, uint64_t size);
  template <typename Visit>
  bool eachOf(const AppliedColumns& columns, Visit visit) const;

  const LogLayout layout_;
  PathTable paths_;
  BigVector<Node> nodes_;
  BigVector<uint32_t> parents_;
  std::vector<Daxdev> daxdevs_;
  uint32_t directories_ = 0;
  uint64_t fileBytes_ = 0;
  mutable uint32_t lastParent_ = PathTable::kNone;  // directory of the previous entry, which is often that of the next too

  PackedEntries kept_;
  bool keeping_ = false;

  std::unique_ptr<AppliedRecord> record_;
  LogDecoder decoder_;
  uint64_t next_ = 0;  // the first slot of the decoder that is not applied
};

}  // namespace famfs
