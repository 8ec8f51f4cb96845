// Text of log entries, straight from their columns.
#pragma once

#include <cstddef>
#include <cstdint>

#include "log_table.h"
#include "record_text.h"
#include "text_parts.h"

namespace famfs {

// What the programs for entries find in each record: the numbers of AppliedRecord, then these. A row is an extent.
constexpr size_t kDerivedNumbers = 3;  // bytes allocated, bytes allocated but not used, bytes of a stripe or 0
constexpr size_t kEntryColumns = kRecordColumns + AppliedRecord::kNumbers + kDerivedNumbers;

// How to print the entries of each kind: where its program begins, or kPassOver.
struct EntryPrograms {
  static constexpr uint32_t kPassOver = UINT32_MAX;

  uint32_t directory, simple, interleaved;
  const uint8_t* plain;  // for each of the 256 bytes whether the programs can print a path that has it
};

// Where the columns of an entry begin, in elements.
struct EntryPlace {
  uint64_t numbers, path, extents;
};

// Prints the entries from *place up to element `end` of the numbers, which it moves *place to, on up to so many threads; it stops at the
// first that no program can print, or when there is no room for more. False for columns that do not fit each other, for a program that
// leaves its bounds, and where there is no room for a single entry.
bool entryText(const TextForm& form, const EntryPrograms& programs, const AppliedColumns& columns, uint64_t end, unsigned threads,
               const TextSpace& space, EntryPlace* place, size_t* length, TextStop* stop);

}  // namespace famfs
