// Decodes the entries of many slots, on several threads, before they are applied.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "log_entry.h"
#include "mapping.h"
#include "path_table.h"

namespace famfs {

// The log in mapped memory.
struct LogPlace {
  std::shared_ptr<Mapping> mapping;
  uint64_t firstSlot;  // byte of the mapping at which slot 0 begins
};

// Entries of consecutive slots; of those that are not sound, nothing is known.
struct Decoded {
  struct Entry {
    bool sound;
    NodeKind kind;
    uint8_t extentCount;
    uint8_t pathLength;
    uint8_t nameStart;    // where in the path its last name begins
    bool besidePrevious;  // in the same directory as the entry before it, which is sound too
    uint16_t mode;
    uint32_t uid;
    uint32_t gid;
    uint32_t pathStart;    // in `paths`
    uint32_t extentStart;  // in `extents`
    uint32_t flags;
    uint64_t size;
    uint64_t chunk;
    uint64_t hash;  // of the path
  };
  // Memory that is not filled before it is used.
  template <typename T>
  struct Room {
    std::unique_ptr<T[]> all;
    uint32_t size = 0;
    uint32_t used = 0;

    // Keeps what is used.
    void grow(uint32_t wanted) {
      if (wanted <= size) return;
      std::unique_ptr<T[]> larger(new T[wanted]);
      std::copy_n(all.get(), used, larger.get());
      all.swap(larger);
      size = wanted;
    }
  };

  std::vector<Entry> entries;
  Room<uint8_t> paths;
  Room<ExtentFields> extents;

  const uint8_t* pathOf(const Entry& entry) const { return paths.all.get() + entry.pathStart; }
  const ExtentFields* extentsOf(const Entry& entry) const { return extents.all.get() + entry.extentStart; }

  // Makes room for this many entries in all.
  void reserve(uint32_t count);
  // Where the extents of the next entry belong.
  ExtentFields* nextExtents() { return extents.all.get() + extents.used; }
  // Adds a sound entry, whose extents are in nextExtents(); the table has the hash of its path. There must be room.
  void add(const EntryFields& fields, const PathTable& table);
  // Adds one that is not sound.
  void addUnsound() { entries.push_back({}); }
  // Forgets the entries, but keeps the memory for the next ones.
  void clear();
};

class LogDecoder {
 public:
  // `paths` hashes the paths; entries may be added to it meanwhile. It must outlive the decoder.
  LogDecoder(const LogLayout& layout, uint64_t unit, const PathTable& paths) : layout_(layout), unit_(unit), paths_(paths) {}
  ~LogDecoder() { clear(); }

  // Begins to decode slots [from, to), which must lie within the mapping. Up to `helpers` threads work ahead of what runOf() is asked
  // for. Memory is invalidated and fenced before it is read.
  void begin(const LogPlace& place, uint64_t from, uint64_t to, unsigned helpers);
  // Decodes entries that the caller has read.
  void decodeBytes(const uint8_t* bytes, uint64_t from, uint64_t to);
  // Ends what is under way, and forgets all entries: the next to add is that of slot `from`.
  void clear(uint64_t from = 0);
  // Adds the next entry, which is sound.
  void add(const EntryFields& fields);

  // The slots are [first, end).
  uint64_t first() const { return first_; }
  uint64_t end() const { return end_; }
  // The run that holds a slot: waits for it, or decodes on this thread as well. Runs before it are forgotten. nullptr if a byte of it
  // could not be reached; the first such byte is then in *faulted.
  const Decoded* runOf(uint64_t slot, uint64_t* faulted);
  // Where in its run the entry of a slot is.
  size_t indexInRun(uint64_t slot) const { return (slot - first_) % kSlotsPerRun; }
  // Where the slots are, if they are read from memory.
  const LogPlace& place() const { return place_; }

 private:
  // Slots that a thread takes at a time.
  static constexpr uint64_t kSlotsPerRun = 1024;
  // How many runs there is memory for, for each thread: enough that few wait, and few enough for the caches.
  static constexpr uint64_t kRunsPerThread = 4;

  struct Run {
    Decoded decoded;
    uint64_t number;  // which of all runs it is
    bool ready;
    uint64_t faulted;  // first byte that could not be reached, or kReached
  };
  static constexpr uint64_t kReached = UINT64_MAX;

  // Memory for what a thread reads. Bytes are placed as in their pages: the kernel copies fastest from page to page.
  class Buffer {
   public:
    explicit Buffer(size_t most) : all_(new uint8_t[most + 2 * kFaultPage]) {}

    uint8_t* placeFor(uint64_t offset) {
      const uintptr_t start = reinterpret_cast<uintptr_t>(all_.get());
      return all_.get() + (kFaultPage - start % kFaultPage) + offset % kFaultPage;
    }

   private:
    std::unique_ptr<uint8_t[]> all_;
  };

  using Lock = std::unique_lock<std::mutex>;

  uint64_t runs() const { return (end_ - first_ + kSlotsPerRun - 1) / kSlotsPerRun; }
  Run& memoryOf(uint64_t number) { return memory_[number % memory_.size()]; }
  // Makes room for the entries of slots [from, to), so many runs at a time. Nobody must be at work.
  void expect(uint64_t from, uint64_t to, uint64_t mostRuns);
  // Gives the memory of a run to the one of this number, which has no entries yet.
  Run& start(uint64_t number);

  // Whether there is a run that nobody has taken, and memory for it.
  bool canTake() const { return taken_ < runs() && taken_ < used_ + memory_.size(); }
  void help(size_t thread);
  // Takes the next run and decodes it, without the lock.
  void decodeNext(Lock* lock, size_t thread);
  void decodeRun(Run* run, Buffer* buffer) const;
  void decodeInto(const uint8_t* bytes, uint64_t slot, uint64_t count, Decoded* run) const;

  const LogLayout layout_;
  const uint64_t unit_;
  const PathTable& paths_;

  uint64_t first_ = 0;
  uint64_t end_ = 0;
  LogPlace place_ = {};
  Run* current_ = nullptr;  // what runOf() returned last

  // Guards the following, and `ready` of all runs.
  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t taken_ = 0;  // runs that a thread has taken
  uint64_t used_ = 0;   // runs that are not needed any more
  bool stopping_ = false;

  std::vector<Run> memory_;
  std::vector<std::thread> helpers_;
  // for the bytes that each thread reads; the first is that of runOf()
  std::vector<Buffer> buffers_;
};

}  // namespace famfs
