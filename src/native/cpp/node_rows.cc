#include "node_rows.h"

#include <endian.h>

#include <algorithm>
#include <cstring>
#include <tuple>
#include <utility>

#include "text_parts.h"

namespace famfs {
namespace {

// A name, of which the first bytes that differ between names are compared as one number.
struct Name {
  uint64_t head;
  uint32_t row;
};

struct NameBytes {
  const uint8_t* bytes;
  uint32_t length;
};

// The name of a row in a directory where names begin there in their paths.
NameBytes nameOf(const PathTable& paths, uint32_t row, uint32_t start) { return {paths.bytes(row) + start, paths.length(row) - start}; }

uint32_t commonLength(const NameBytes& a, const NameBytes& b, uint32_t most) {
  const uint32_t length = std::min({a.length, b.length, most});
  return static_cast<uint32_t>(std::mismatch(a.bytes, a.bytes + length, b.bytes).first - a.bytes);
}

// Eight bytes from `at` on, the first the most significant; zeros, which no name has, stand for those that are missing.
uint64_t headOf(const NameBytes& name, uint32_t at) {
  uint8_t bytes[8] = {};
  if (at < name.length) std::memcpy(bytes, name.bytes + at, std::min<size_t>(sizeof(bytes), name.length - at));
  uint64_t head = 0;
  std::memcpy(&head, bytes, sizeof(head));
  return be64toh(head);
}

// Sorts by head, byte by byte from the last on, and leaves out those in which all are alike: names are often numbered. The order of names
// whose heads are alike stays.
void sortByHead(std::vector<Name>* names) {
  uint64_t differing = 0;
  for (const Name& name : *names) differing |= name.head ^ names->front().head;
  std::vector<Name> sorted(names->size());
  for (unsigned shift = 0; shift < 64; shift += 8) {
    if ((differing >> shift & 0xff) == 0) continue;
    size_t places[257] = {};
    for (const Name& name : *names) places[(name.head >> shift & 0xff) + 1]++;
    for (size_t i = 1; i < 256; i++) places[i] += places[i - 1];
    for (const Name& name : *names) sorted[places[name.head >> shift & 0xff]++] = name;
    names->swap(sorted);
  }
}

bool isAscii(const NameBytes& name) {
  uint8_t all = 0;
  for (uint32_t i = 0; i < name.length; i++) all |= name.bytes[i];
  return all < 0x80;
}

bool isBelow(const NameBytes& a, const NameBytes& b) {
  const int order = std::memcmp(a.bytes, b.bytes, std::min(a.length, b.length));
  return order != 0 ? order < 0 : a.length < b.length;
}

auto asTuple(const NodeTraits& traits) { return std::tie(traits.kind, traits.mode, traits.uid, traits.gid); }

}  // namespace

uint32_t nameStart(const LogTable& table, uint32_t row) {
  const uint32_t parent = table.parents()[row];
  return parent == PathTable::kNone ? 0 : table.paths().length(parent) + 1;
}

Contents contentsOf(const LogTable& table) {
  const BigVector<Node>& nodes = table.nodes();
  const BigVector<uint32_t>& parents = table.parents();
  const size_t count = nodes.size();
  const auto directoryOf = [&parents](size_t row) { return parents[row] == PathTable::kNone ? size_t{0} : size_t{parents[row]} + 1; };
  Contents contents = {std::vector<uint32_t>(count), std::vector<uint32_t>(count + 2), std::vector<uint8_t>(count + 1)};
  for (size_t row = 0; row < count; row++) {
    contents.starts[directoryOf(row) + 1]++;
    if (nodes[row].kind == NodeKind::kDirectory) contents.nested[directoryOf(row)] = 1;
  }
  for (size_t i = 1; i < contents.starts.size(); i++) contents.starts[i] += contents.starts[i - 1];
  std::vector<uint32_t> next(contents.starts);
  for (size_t row = 0; row < count; row++) contents.rows[next[directoryOf(row)]++] = static_cast<uint32_t>(row);
  return contents;
}

bool sortByName(const LogTable& table, uint32_t* rows, size_t count) {
  if (count == 0) return true;
  const PathTable& paths = table.paths();
  const uint32_t parent = table.parents()[rows[0]];
  const uint32_t start = nameStart(table, rows[0]);
  const NameBytes first = nameOf(paths, rows[0], start);
  uint32_t common = first.length;
  for (size_t i = 0; i < count; i++) {
    if (table.parents()[rows[i]] != parent) return false;
    const NameBytes name = nameOf(paths, rows[i], start);
    if (!isAscii(name)) return false;
    common = commonLength(first, name, common);
  }
  std::vector<Name> names(count);
  for (size_t i = 0; i < count; i++) names[i] = {headOf(nameOf(paths, rows[i], start), common), rows[i]};
  sortByHead(&names);
  for (size_t i = 0, end = 0; i < count; i = end) {
    for (end = i + 1; end < count && names[end].head == names[i].head; end++) {
    }
    if (end == i + 1) continue;
    std::sort(names.begin() + i, names.begin() + end,
              [&](const Name& a, const Name& b) { return isBelow(nameOf(paths, a.row, start), nameOf(paths, b.row, start)); });
  }
  for (size_t i = 0; i < count; i++) rows[i] = names[i].row;
  return true;
}

std::vector<uint8_t> sortContents(const LogTable& table, const uint32_t* starts, size_t directories, uint32_t* rows, unsigned threads) {
  std::vector<uint8_t> sorted(directories, 1);
  std::vector<size_t> many;  // those with something to sort
  for (size_t i = 0; i < directories; i++) {
    if (starts[i + 1] - starts[i] > 1) many.push_back(i);
  }
  onThreads(many.size(), threads, [&](size_t i) {
    const size_t directory = many[i];
    const uint32_t start = starts[directory];
    sorted[directory] = sortByName(table, rows + start, starts[directory + 1] - start);
  });
  return sorted;
}

std::vector<NodeTraits> traitsOf(const LogTable& table, const uint32_t* rows, size_t count) {
  // each where a run of nodes that have it begins: most follow others that are like them
  std::vector<std::pair<NodeTraits, size_t>> runs;
  for (size_t i = 0; i < count; i++) {
    const Node& node = table.nodes()[rows[i]];
    const NodeTraits traits = {static_cast<uint32_t>(node.kind), node.mode, node.uid, node.gid};
    if (runs.empty() || asTuple(traits) != asTuple(runs.back().first)) runs.push_back({traits, i});
  }
  std::sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) {
    return std::tuple_cat(asTuple(a.first), std::tie(a.second)) < std::tuple_cat(asTuple(b.first), std::tie(b.second));
  });
  runs.erase(std::unique(runs.begin(), runs.end(), [](const auto& a, const auto& b) { return asTuple(a.first) == asTuple(b.first); }),
             runs.end());
  std::sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  std::vector<NodeTraits> all;
  for (const auto& run : runs) all.push_back(run.first);
  return all;
}

}  // namespace famfs
