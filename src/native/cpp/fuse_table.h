// The tree that a FUSE server answers from: nodes with names, attributes and, of files, extents over mapped memory. It
// grows; nodes are removed only while they are staged. Readers share a lock, a batch of changes has it alone, so that every
// request sees all of a batch or nothing of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fuse_staged.h"
#include "mapping.h"

namespace famfs::fuse {

constexpr uint32_t kNone = UINT32_MAX;
constexpr size_t kMostExtents = 255;
constexpr size_t kMostNameBytes = 255;

enum class Kind : uint8_t {
  kDirectory,
  kMapped,  // its bytes are in mapped memory; size and place are fixed
  kStaged,  // its bytes are in a temporary file until it is placed
  kGone,    // removed; its id is never used again
};

enum NodeFlag : uint8_t {
  kSealed = 1 << 0,    // its bytes are never written
  kUncached = 1 << 1,  // what an earlier open has cached is not kept
  kKnown = 1 << 2,     // the kernel has been told of it
  kUnlinked = 1 << 3,  // it has no name any more, but is open
  kPending = 1 << 4,   // of a directory: it may still be changed and removed
  kFollowed = 1 << 5,  // the listener hears when its attributes change
};

// Bytes of a device; a file's extents are its content, one after the other, or, where it has a chunk, the strips that
// chunks are dealt to in turn.
struct Extent {
  uint64_t offset;
  uint64_t length;
  uint32_t device;
};

struct Node {
  uint64_t id;
  uint64_t size;   // of a mapped file
  uint64_t chunk;  // 0: extents follow each other
  uint32_t parent;  // row
  uint32_t name;    // in the names
  uint32_t mode;    // permission bits
  uint32_t uid;
  uint32_t gid;
  uint32_t first;  // mapped: first extent; directory: its place among the directories
  uint8_t nameLength;
  uint8_t extentCount;
  Kind kind;
  uint8_t flags;
};
static_assert(sizeof(Node) == 56);

struct NewNode {
  uint64_t id;
  std::string_view path;  // from the root, without a slash at either end
  Kind kind;              // kDirectory or kMapped
  uint8_t flags;
  uint32_t mode;
  uint32_t uid;
  uint32_t gid;
  uint64_t size;
  uint64_t chunk;
  const Extent* extents;
  size_t extentCount;
};

enum class Added { kDone, kNoParent, kExists, kImpossible };

// A run of a file that is in one piece in memory.
struct Run {
  uint32_t device;
  uint64_t offset;
  uint64_t length;
};

class Table {
 public:
  Table(uint32_t mode, uint32_t uid, uint32_t gid);  // of the root

  std::shared_mutex& mutex() const { return mutex_; }

  // With the lock alone
  void reserve(size_t nodes, size_t nameBytes, size_t extents);
  Added add(const NewNode& made, uint32_t* row);
  // A staged file, or a pending directory if `staged` is null; kNone when the name is taken or impossible.
  uint32_t addUncommitted(uint64_t id, uint32_t parent, std::string_view name, uint32_t mode, uint32_t uid, uint32_t gid,
                          std::shared_ptr<Staged> staged);
  // Gives a staged file its place. False when the extents cannot be.
  bool place(uint32_t row, uint64_t size, uint64_t chunk, const Extent* extents, size_t count, uint8_t flags);
  void rename(uint32_t row, uint32_t parent, std::string_view name);
  // Takes the name of a staged file or a pending, empty directory away; a file goes once nobody has it open.
  void remove(uint32_t row);
  void forget(uint32_t row);  // one that has no name and that nobody has open
  void setDevice(uint32_t device, std::shared_ptr<Mapping> mapping);
  Node& change(uint32_t row) { return nodes_[row]; }

  // With the lock shared or alone
  uint32_t rowOf(uint64_t id) const;  // kNone when there is none, or it is gone
  uint32_t child(uint32_t parent, std::string_view name) const;
  const Node& node(uint32_t row) const { return nodes_[row]; }
  std::string_view name(uint32_t row) const { return {names_.data() + nodes_[row].name, nodes_[row].nameLength}; }
  std::string path(uint32_t row) const;
  // Rows of a directory's children in the order in which they came; kNone where one was removed.
  const std::vector<uint32_t>& children(uint32_t row) const { return directories_[nodes_[row].first].children; }
  uint32_t subdirectories(uint32_t row) const { return directories_[nodes_[row].first].subdirectories; }
  std::shared_ptr<Staged> staged(uint32_t row) const;
  uint64_t sizeOf(uint32_t row) const;
  void markKnown(uint32_t row) const;
  // Where [offset, offset + length) of a mapped file lies, which must be within its size.
  void resolve(uint32_t row, uint64_t offset, uint64_t length, std::vector<Run>* runs) const;
  // nullptr for a device that is not here
  const std::shared_ptr<Mapping>& device(uint32_t device) const;
  size_t count() const { return nodes_.size(); }
  // Whether its mode, owner and name may still change.
  bool isOpenToChange(uint32_t row) const { return nodes_[row].kind == Kind::kStaged || (nodes_[row].flags & kPending) != 0; }
  bool isEmpty(uint32_t row) const;
  // bytes of memory that the table itself takes
  size_t bytes() const;

 private:
  struct Directory {
    std::vector<uint32_t> children;
    uint32_t subdirectories = 0;
  };

  uint64_t hashName(uint32_t parent, std::string_view name) const;
  uint64_t hashId(uint64_t id) const;
  uint32_t parentOf(std::string_view path, std::string_view* name);
  uint32_t append(uint64_t id, uint32_t parent, std::string_view name, Kind kind);
  void link(uint32_t row);
  void unlink(uint32_t row);
  void growHashes();

  mutable std::shared_mutex mutex_;
  uint64_t keys_[2];
  std::vector<Node> nodes_;
  std::vector<char> names_;
  std::vector<Extent> extents_;
  std::vector<Directory> directories_;
  std::vector<uint32_t> byName_;  // row + 1 by hash, 0 where there is none, kNone where one was removed
  std::vector<uint32_t> byId_;    // likewise
  size_t usedNames_ = 0;          // places of byName_ that are not 0
  std::unordered_map<uint32_t, std::shared_ptr<Staged>> staged_;
  std::vector<std::shared_ptr<Mapping>> devices_;
  // The directory of the node that was added last, which tends to be that of the next too
  std::string lastFolder_;
  uint32_t lastParent_ = kNone;
};

}  // namespace famfs::fuse
