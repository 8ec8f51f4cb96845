#include "node_rows.h"

#include <endian.h>

#include <algorithm>
#include <cstring>
#include <tuple>
#include <utility>

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

NameBytes nameOf(const LogTable& table, uint32_t row) {
  const uint32_t start = nameStart(table, row);
  return {table.paths().bytes(row) + start, table.paths().length(row) - start};
}

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
  return std::all_of(name.bytes, name.bytes + name.length, [](uint8_t byte) { return byte < 0x80; });
}

bool isBelow(const NameBytes& a, const NameBytes& b) {
  const int order = std::memcmp(a.bytes, b.bytes, std::min(a.length, b.length));
  return order != 0 ? order < 0 : a.length < b.length;
}

auto asTuple(const NodeTraits& traits) { return std::tie(traits.kind, traits.mode, traits.uid, traits.gid); }

}  // namespace

uint32_t nameStart(const LogTable& table, uint32_t row) {
  const uint32_t parent = table.nodes()[row].parent;
  return parent == PathTable::kNone ? 0 : table.paths().length(parent) + 1;
}

Contents contentsOf(const LogTable& table) {
  const BigVector<Node>& nodes = table.nodes();
  const size_t count = nodes.size();
  const auto directoryOf = [](const Node& node) { return node.parent == PathTable::kNone ? size_t{0} : size_t{node.parent} + 1; };
  Contents contents = {std::vector<uint32_t>(count), std::vector<uint32_t>(count + 2), std::vector<uint8_t>(count + 1)};
  for (const Node& node : nodes) {
    contents.starts[directoryOf(node) + 1]++;
    if (node.kind == NodeKind::kDirectory) contents.nested[directoryOf(node)] = 1;
  }
  for (size_t i = 1; i < contents.starts.size(); i++) contents.starts[i] += contents.starts[i - 1];
  std::vector<uint32_t> next(contents.starts);
  for (size_t row = 0; row < count; row++) contents.rows[next[directoryOf(nodes[row])]++] = static_cast<uint32_t>(row);
  return contents;
}

bool sortByName(const LogTable& table, uint32_t* rows, size_t count) {
  if (count == 0) return true;
  const NameBytes first = nameOf(table, rows[0]);
  uint32_t common = first.length;
  for (size_t i = 0; i < count; i++) {
    const NameBytes name = nameOf(table, rows[i]);
    if (!isAscii(name)) return false;
    common = commonLength(first, name, common);
  }
  std::vector<Name> names(count);
  for (size_t i = 0; i < count; i++) names[i] = {headOf(nameOf(table, rows[i]), common), rows[i]};
  sortByHead(&names);
  for (size_t i = 0, end = 0; i < count; i = end) {
    for (end = i + 1; end < count && names[end].head == names[i].head; end++) {
    }
    if (end == i + 1) continue;
    std::sort(names.begin() + i, names.begin() + end,
              [&](const Name& a, const Name& b) { return isBelow(nameOf(table, a.row), nameOf(table, b.row)); });
  }
  for (size_t i = 0; i < count; i++) rows[i] = names[i].row;
  return true;
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
