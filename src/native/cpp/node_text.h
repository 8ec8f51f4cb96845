// Text of files and directories, straight from the table of names.
#pragma once

#include <cstddef>
#include <cstdint>

#include "log_table.h"
#include "record_text.h"
#include "text_parts.h"

namespace famfs {

constexpr size_t kNodeNumbers = 5;  // what the programs for nodes find in each record: size, mode, uid, gid, slot
constexpr size_t kNodeColumns = kRecordColumns + kNodeNumbers;

// A program, and the nodes that it prints.
struct NodeForm {
  static constexpr size_t kNumbers = 7;  // in JavaScript, in the order of the members
  static constexpr int64_t kAny = -1;

  int64_t kind, mode, uid, gid;  // those of the nodes, or kAny
  bool whole;                    // the name that is printed: the path, or only what follows the last slash
  uint32_t program;              // where it begins
  bool heading;                  // it prints rows that kHeading is added to, and no others

  bool fits(const Node& node) const;
};

// Added to the row of a directory that heads what is in it. No table has so many rows.
constexpr uint32_t kHeading = uint32_t{1} << 31;

struct NodeForms {
  const NodeForm* forms;
  size_t count;
  const uint8_t* plain;  // for each of the 256 bytes whether the programs can print a name that has it
};

// Prints the nodes of rows [*next, end), each by the first form that fits, on up to so many threads, and moves *next; it stops at the first
// that no program can print, or when there is no room for more. False for a row that is not in the table, for a program that leaves its
// bounds, and where there is no room for a single node.
bool nodeText(const TextForm& form, const NodeForms& forms, const LogTable& table, const uint32_t* rows, size_t end, unsigned threads,
              const TextSpace& space, size_t* next, size_t* length, TextStop* stop);

}  // namespace famfs
