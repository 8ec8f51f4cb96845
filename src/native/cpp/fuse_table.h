// The tree from which a FUSE server answers: nodes with names, attributes and, for files, extents in mapped memory. It only grows;
// nodes are removed only while they are staged. Readers share a lock, and a batch of changes holds it exclusively, so that each
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

#include "big_memory.h"
#include "fuse_staged.h"
#include "keyed_hash.h"
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
  kUncached = 1 << 1,  // the cache of earlier opens is dropped
  kKnown = 1 << 2,     // the kernel knows it
  kUnlinked = 1 << 3,  // it has no name any more, but is open
  kPending = 1 << 4,   // a directory that may still be changed and removed
  kFollowed = 1 << 5,  // its attribute changes are reported to the listener
};

// Bytes of a device. A file's extents are its contents in sequence or, if it has a chunk, the strips over which its chunks are
// distributed in turn.
struct Extent {
  uint64_t offset;
  uint64_t length;
  uint32_t device;
};

struct Node {
  uint64_t id;
  uint64_t size;   // for a mapped file
  uint64_t chunk;  // 0: the extents are consecutive
  uint32_t parent;  // row
  uint32_t name;    // offset in the names
  uint32_t mode;    // permission bits
  uint32_t uid;
  uint32_t gid;
  uint32_t first;  // mapped: first extent; directory: its number among the directories
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

// A range of a file that is contiguous in memory.
struct Run {
  uint32_t device;
  uint64_t offset;
  uint64_t length;
};

class Table {
 public:
  Table(uint32_t mode, uint32_t uid, uint32_t gid);  // attributes of the root

  std::shared_mutex& mutex() const { return mutex_; }

  // With the lock held exclusively
  void reserve(size_t nodes, size_t nameBytes, size_t extents);
  // A staged file of the same name loses it.
  Added add(const NewNode& made, uint32_t* row);
  // A staged file, or a pending directory if `staged` is null; kNone if the name is taken or impossible.
  uint32_t addUncommitted(uint64_t id, uint32_t parent, std::string_view name, uint32_t mode, uint32_t uid, uint32_t gid,
                          std::shared_ptr<Staged> staged);
  // Places a staged file. False if the extents are impossible.
  bool place(uint32_t row, uint64_t size, uint64_t chunk, const Extent* extents, size_t count, uint8_t flags);
  void rename(uint32_t row, uint32_t parent, std::string_view name);
  // Removes the name of a staged file or a pending, empty directory; a file disappears once nobody has it open.
  void remove(uint32_t row);
  void forget(uint32_t row);  // a file without a name that nobody has open
  void setDevice(uint32_t device, std::shared_ptr<Mapping> mapping);
  Node& change(uint32_t row) { return nodes_[row]; }

  // With the lock shared or exclusive
  uint32_t rowOf(uint64_t id) const;  // kNone if there is none, or it is gone
  uint32_t child(uint32_t parent, std::string_view name) const;
  const Node& node(uint32_t row) const { return nodes_[row]; }
  std::string_view name(uint32_t row) const { return {names_.data() + nodes_[row].name, nodes_[row].nameLength}; }
  std::string path(uint32_t row) const;
  // Rows of a directory's children in the order in which they were added; kNone for removed ones.
  const std::vector<uint32_t>& children(uint32_t row) const { return directories_[nodes_[row].first].children; }
  uint32_t subdirectories(uint32_t row) const { return directories_[nodes_[row].first].subdirectories; }
  std::shared_ptr<Staged> staged(uint32_t row) const;
  uint64_t sizeOf(uint32_t row) const;
  void markKnown(uint32_t row) const;
  // Where [offset, offset + length) of a mapped file lies; the range must be within its size.
  void resolve(uint32_t row, uint64_t offset, uint64_t length, std::vector<Run>* runs) const;
  // Whether all devices on this host are files in its page cache.
  bool isOnFiles() const;
  // nullptr for a device that is not on this host
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

  uint64_t hashName(uint32_t parent, std::string_view name) const { return hash_.of(name.data(), name.size(), parent); }
  uint32_t child(uint32_t parent, std::string_view name, uint64_t hash) const;
  uint32_t parentOf(std::string_view path, std::string_view* name);
  uint32_t append(uint64_t id, uint32_t parent, std::string_view name, Kind kind);
  void link(uint32_t row, uint64_t hash);
  void unlink(uint32_t row);
  void growHashes();

  mutable std::shared_mutex mutex_;
  KeyedHash hash_;
  BigVector<Node> nodes_;
  BigVector<char> names_;
  BigVector<Extent> extents_;
  std::vector<Directory> directories_;
  BigVector<uint32_t> byName_;  // row + 1 by hash; 0 for a free place, kNone for a removed one
  BigVector<uint32_t> byId_;    // likewise
  size_t usedNames_ = 0;          // places of byName_ that are not free
  std::unordered_map<uint32_t, std::shared_ptr<Staged>> staged_;
  std::vector<std::shared_ptr<Mapping>> devices_;
  // The directory of the latest node, which is often that of the next too
  std::string lastFolder_;
  uint32_t lastParent_ = kNone;
};

}  // namespace famfs::fuse
