// What listings need to know of rows of the table of names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "log_table.h"

namespace famfs {

// Where in the path of a row its last name begins.
uint32_t nameStart(const LogTable& table, uint32_t row);

// What is in each directory, by its row + 1; 0 is the root.
struct Contents {
  std::vector<uint32_t> rows;    // ascending within each directory
  std::vector<uint32_t> starts;  // those of directory i are [starts[i], starts[i + 1])
  std::vector<uint8_t> nested;   // 1 where there are directories among them
};
Contents contentsOf(const LogTable& table);

// Sorts rows of nodes in one directory by name, byte by byte. False, with the order as it was, if they are in several, or a name is not
// ASCII: JavaScript has another order for some of these. The rows must be in the table.
bool sortByName(const LogTable& table, uint32_t* rows, size_t count);

// Sorts the rows of many directories likewise, those of directory i at [starts[i], starts[i + 1]), on up to so many threads. Returns for
// each directory whether it did. The starts must ascend, and the rows must be in the table.
std::vector<uint8_t> sortContents(const LogTable& table, const uint32_t* starts, size_t directories, uint32_t* rows, unsigned threads);

// What ls -l prints in front of a size.
struct NodeTraits {
  static constexpr size_t kNumbers = 4;  // in JavaScript, in the order of the members

  uint32_t kind, mode, uid, gid;
};

// Those of the nodes of rows, each once, in the order in which they come up. The rows must be in the table.
std::vector<NodeTraits> traitsOf(const LogTable& table, const uint32_t* rows, size_t count);

}  // namespace famfs
