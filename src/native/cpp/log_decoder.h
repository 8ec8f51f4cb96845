// Decodes the entries of many slots, on several threads, before they are applied.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
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
  std::vector<Entry> entries;
  std::vector<uint8_t> paths;
  std::vector<ExtentFields> extents;

  // Adds a sound entry; the table has the hash of its path.
  void add(const EntryFields& fields, const PathTable& table);
  // Forgets the entries, but keeps the memory for the next ones.
  void clear();
};

class LogDecoder {
 public:
  // `paths` hashes the paths; entries may be added to it meanwhile. It must outlive the decoder.
  LogDecoder(const LogLayout& layout, uint64_t unit, const PathTable& paths) : layout_(layout), unit_(unit), paths_(paths) {}
  ~LogDecoder() { clear(); }

  // Begins to decode slots [from, to), which must lie within the mapping, on up to `helpers` threads.
  void begin(const LogPlace& place, uint64_t from, uint64_t to, unsigned helpers);
  // Whether these slots were begun, and not yet finished.
  bool isOf(const LogPlace& place, uint64_t from, uint64_t to) const;
  // Decodes what is left on this thread, and waits for the others. Memory is invalidated and fenced before it is read. False, with
  // nothing decoded, if a byte could not be reached; that byte is then in *faulted.
  bool finish(uint64_t* faulted);
  // Decodes entries that the caller has read.
  void decodeBytes(const uint8_t* bytes, uint64_t from, uint64_t to);

  // Ends what is under way, and forgets all entries: the next to add is that of slot `from`.
  void clear(uint64_t from = 0);
  // Adds the next entry, which is sound.
  void add(const EntryFields& fields);

  // The decoded slots are [first, end); none while they are being decoded.
  uint64_t first() const { return first_; }
  uint64_t end() const { return end_; }
  // The run that holds a decoded slot, and where in it its entry is.
  const Decoded& runOf(uint64_t slot) const { return runs_[(slot - first_) / kSlotsPerRun]; }
  size_t indexInRun(uint64_t slot) const { return (slot - first_) % kSlotsPerRun; }

 private:
  // Slots that a thread takes at a time.
  static constexpr uint64_t kSlotsPerRun = 2048;

  // Makes runs for slots [from, to); none of them is decoded, and nobody is at work.
  void expect(uint64_t from, uint64_t to);
  // Decodes runs that nobody has taken until there are no more.
  void work(std::vector<uint8_t>* buffer);
  void decodeInto(const uint8_t* bytes, uint64_t slot, uint64_t count, Decoded* run) const;
  void join();

  const LogLayout layout_;
  const uint64_t unit_;
  const PathTable& paths_;

  std::vector<Decoded> runs_;
  uint64_t first_ = 0;
  uint64_t end_ = 0;

  // what is being decoded
  LogPlace place_ = {};
  uint64_t to_ = 0;
  uint64_t count_ = 0;  // runs
  std::atomic<uint64_t> taken_{0};
  std::atomic<uint64_t> fault_{UINT64_MAX};
  std::vector<std::thread> helpers_;
  // for the bytes that each thread reads, kept for the next slots; the first is that of finish()
  std::vector<std::vector<uint8_t>> buffers_;
};

}  // namespace famfs
