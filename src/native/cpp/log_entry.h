// Decodes log entries that are sound by themselves. Anything odd is left to TypeScript, which can say what is wrong.
#pragma once

#include <cstdint>

#include "log_layout.h"

namespace famfs {

constexpr uint32_t kMostExtents = 16;
constexpr uint32_t kLongestPath = 79;
// Bytes to reserve for each path; memory grows for longer ones.
constexpr uint32_t kUsualPath = 24;

enum class NodeKind : uint8_t { kFile = 0, kDirectory = 1 };

struct ExtentFields {
  uint64_t daxdev;
  uint64_t offset;  // bytes on the daxdev
  uint64_t length;  // bytes
};

struct EntryFields {
  NodeKind kind;
  uint16_t mode;  // permission bits
  uint32_t uid;
  uint32_t gid;
  uint64_t size;   // bytes; 0 for a directory
  uint64_t chunk;  // bytes; 0 unless it is interleaved
  uint32_t flags;  // of a file
  const uint8_t* path;
  uint32_t pathLength;
  uint32_t nameStart;  // where in the path its last name begins
  uint32_t extentCount;
  ExtentFields* extents;  // memory of the caller, with room for kMostExtents
};

// Where in a path its last name begins.
uint32_t nameStartOf(const uint8_t* path, uint32_t length);

// What takes a pass over all bytes of an entry. Those of many entries are best made one after the other, with nothing between them: none
// waits for another, so that a processor works on several at a time.
struct EntryDigest {
  uint32_t crc;
  uint32_t used;  // bytes up to the last nonzero one before the crc
};

EntryDigest digestOf(const LogLayout& layout, const uint8_t* entry);

// Decodes the entry in layout.entrySize bytes, of which the caller has the digest, if it is a FILE or MKDIR entry of this slot without any fault: right crc and
// sequence number, all fields in range, a path of valid UTF-8 without control characters. `unit` is the allocation unit in bytes,
// not 0. False for every other entry, sound or not. The path of the fields is in the entry.
bool decodeSound(const LogLayout& layout, const uint8_t* entry, const EntryDigest& digest, uint64_t slot, uint64_t unit,
                 EntryFields* fields);

// Writes the layout.entrySize bytes of the FILE or MKDIR entry of a slot, with its crc. The path has at most kLongestPath bytes; the
// counts are within the limits of the layout.
void encodeEntry(const LogLayout& layout, const EntryFields& fields, uint64_t slot, uint8_t* entry);

}  // namespace famfs
