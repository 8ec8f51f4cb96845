#include "log_table.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

namespace famfs {
namespace {

// How many entries ahead of the applied one the table is prefetched.
constexpr size_t kAhead = 12;

// A number of JavaScript as a whole one; false if it is none below 2^53.
bool toWhole(double number, uint64_t* whole) {
  if (!(number >= 0 && number < 9007199254740992.0)) return false;
  *whole = static_cast<uint64_t>(number);
  return static_cast<double>(*whole) == number;
}

}  // namespace

LogTable::LogTable(const LogLayout& layout, uint64_t unit) : layout_(layout), decoder_(layout, unit, paths_) {}

void LogTable::decode(const LogPlace& place, uint64_t from, uint64_t to, unsigned threads) {
  decoder_.begin(place, from, to, threads - 1);
  next_ = from;
}

void LogTable::decodeBytes(const uint8_t* bytes, uint64_t from, uint64_t to) {
  decoder_.decodeBytes(bytes, from, to);
  next_ = from;
}

// Calls visit(fields) for each entry of the columns. False if they do not fit each other or the layout.
template <typename Visit>
bool LogTable::eachOf(const AppliedColumns& columns, Visit visit) const {
  EntryFields fields;
  ExtentFields extentFields[kMostExtents];
  fields.extents = extentFields;
  const double* numbers = columns.numbers;
  uint64_t path = 0;
  uint64_t extent = 0;
  for (uint64_t i = 0; i < columns.entries; i++, numbers += AppliedRecord::kNumbers) {
    uint64_t all[AppliedRecord::kNumbers];
    for (size_t k = 0; k < AppliedRecord::kNumbers; k++) {
      if (!toWhole(numbers[k], &all[k])) return false;
    }
    // the slot, the first of them, is the caller's
    const uint64_t flags = all[1], mode = all[2], uid = all[3], gid = all[4], extents = all[7], length = all[8];
    if ((flags | uid | gid) > UINT32_MAX || mode > UINT16_MAX) return false;
    if (length > kLongestPath || length >= layout_.pathField || length > columns.pathBytes - path) return false;
    if (extents > layout_.mostExtents || extents > layout_.mostStrips) return false;
    if (extents * AppliedRecord::kExtentNumbers > columns.extentNumbers - extent) return false;
    fields.kind = extents == 0 ? NodeKind::kDirectory : NodeKind::kFile;
    fields.flags = static_cast<uint32_t>(flags);
    fields.mode = static_cast<uint16_t>(mode);
    fields.uid = static_cast<uint32_t>(uid);
    fields.gid = static_cast<uint32_t>(gid);
    fields.size = all[5];
    fields.chunk = all[6];
    fields.extentCount = static_cast<uint32_t>(extents);
    fields.path = columns.paths + path;
    fields.pathLength = static_cast<uint32_t>(length);
    fields.nameStart = nameStartOf(fields.path, fields.pathLength);
    for (uint32_t k = 0; k < fields.extentCount; k++, extent += AppliedRecord::kExtentNumbers) {
      ExtentFields& one = fields.extents[k];
      const double* at = columns.extents + extent;
      if (!toWhole(at[0], &one.daxdev) || !toWhole(at[1], &one.offset) || !toWhole(at[2], &one.length)) return false;
    }
    path += length;
    visit(fields);
  }
  return path == columns.pathBytes && extent == columns.extentNumbers;
}

bool LogTable::take(const AppliedColumns& columns, uint64_t from) {
  decoder_.clear(from);
  next_ = from;
  const bool fit = eachOf(columns, [&](const EntryFields& fields) { decoder_.add(fields); });
  if (!fit) decoder_.clear(from);
  return fit;
}

bool LogTable::encode(const AppliedColumns& columns, uint64_t from, uint8_t* bytes) const {
  return eachOf(columns, [&](const EntryFields& fields) {
    encodeEntry(layout_, fields, from++, bytes);
    bytes += layout_.entrySize;
  });
}

const Decoded* LogTable::runOf(uint64_t slot, Fault* fault) {
  const Decoded* run = decoder_.runOf(slot, &fault->at);
  if (run == nullptr) fault->mapping = decoder_.place().mapping;
  return run;
}

bool LogTable::takeDecoded(AppliedRecord* taken, Fault* fault) {
  const uint64_t end = decoder_.end();
  for (uint64_t slot = decoder_.first(); slot < end; slot++) {
    const Decoded* run = runOf(slot, fault);
    if (run == nullptr) return false;
    const Decoded::Entry& entry = run->entries[decoder_.indexInRun(slot)];
    if (entry.sound) taken->add(slot, entry, run->pathOf(entry), run->extentsOf(entry));
  }
  decoder_.clear(end);
  next_ = end;
  return true;
}

bool LogTable::advance(uint64_t* next, Fault* fault) {
  const uint64_t end = decoder_.end();
  bool goes = true;
  while (goes && next_ < end) {
    const Decoded* run = runOf(next_, fault);
    if (run == nullptr) return false;
    const size_t from = decoder_.indexInRun(next_);
    const size_t to = applyRun(*run, from);
    next_ += to - from;
    goes = to == run->entries.size();
  }
  *next = next_;
  return true;
}

size_t LogTable::applyRun(const Decoded& run, size_t from) {
  const size_t count = run.entries.size();
  uint32_t parent = PathTable::kNone;
  for (size_t i = from; i < count; i++) {
    if (i + kAhead < count && run.entries[i + kAhead].sound) paths_.expect(run.entries[i + kAhead].hash);
    const Decoded::Entry& entry = run.entries[i];
    if (!entry.sound) return i;
    if (i == from || !entry.besidePrevious) {
      if (findParent(run.pathOf(entry), entry.nameStart, &parent) != NodeFault::kNone) return i;
    }
    if (!apply(run, entry, parent, next_ + i - from)) return i;
  }
  return count;
}

bool LogTable::apply(const Decoded& run, const Decoded::Entry& entry, uint32_t parent, uint64_t slot) {
  const ExtentFields* extents = run.extentsOf(entry);
  if (!claimsFit(extents, entry.extentCount)) return false;
  const uint8_t* path = run.pathOf(entry);
  if (paths_.add(entry.hash, path, entry.pathLength) == PathTable::kNone) return false;
  // made where it stays: a copy would wait for these stores
  nodes_.emplace_back(entry.kind, entry.mode, static_cast<uint32_t>(slot), entry.uid, entry.gid, entry.size);
  parents_.push_back(parent);
  count(entry.kind, entry.size);
  for (uint32_t i = 0; i < entry.extentCount; i++) {
    const auto& [daxdev, offset, length] = extents[i];
    daxdevs_[daxdev].claims.add(offset, offset + length, static_cast<int32_t>(slot));
  }
  if (record_) record_->add(slot, entry, path, extents);
  if (keeping_) kept_.add(paths_.count() - 1, entry.flags, entry.chunk, extents, entry.extentCount);
  return true;
}

void AppliedRecord::reserve(uint64_t entries) {
  makeRoom(numbers, entries * kNumbers);
  makeRoom(paths, entries * kUsualPath);
  makeRoom(extents, entries * kExtentNumbers);  // most files have one
}

void AppliedRecord::add(uint64_t slot, const Decoded::Entry& entry, const uint8_t* path, const ExtentFields* fields) {
  // All below 2^53: sound entries have no larger values
  const uint64_t all[kNumbers] = {slot,       entry.flags, entry.mode, entry.uid, entry.gid,
                                  entry.size, entry.chunk, entry.extentCount, entry.pathLength};
  numbers.insert(numbers.end(), std::begin(all), std::end(all));
  paths.insert(paths.end(), path, path + entry.pathLength);
  for (uint32_t i = 0; i < entry.extentCount; i++) {
    for (const uint64_t number : {fields[i].daxdev, fields[i].offset, fields[i].length})
      extents.push_back(static_cast<double>(number));
  }
}

std::unique_ptr<AppliedRecord> LogTable::takeRecord() {
  if (!record_) return nullptr;
  return std::exchange(record_, std::make_unique<AppliedRecord>());
}

void LogTable::kept(PackedEntries::Cursor* cursor, AppliedTarget* target) const {
  PackedEntries::Cursor next = *cursor;
  PackedEntries::Entry entry;
  while (kept_.next(&next, &entry) && entry.row < paths_.count()) {
    const Node& node = nodes_[entry.row];
    const uint32_t length = paths_.length(entry.row);
    const uint64_t extents = uint64_t{entry.extentCount} * AppliedRecord::kExtentNumbers;
    if (target->mostNumbers - target->numbersUsed < AppliedRecord::kNumbers || target->mostBytes - target->bytesUsed < length ||
        target->mostExtents - target->extentsUsed < extents) {
      return;
    }
    // in the order of AppliedRecord::add
    const uint64_t all[AppliedRecord::kNumbers] = {node.slot, entry.flags, node.mode,         node.uid, node.gid,
                                                   node.size, entry.chunk, entry.extentCount, length};
    for (const uint64_t number : all) target->numbers[target->numbersUsed++] = static_cast<double>(number);
    std::memcpy(target->paths + target->bytesUsed, paths_.bytes(entry.row), length);
    target->bytesUsed += length;
    for (uint32_t i = 0; i < entry.extentCount; i++) {
      const ExtentFields& extent = entry.extents[i];
      for (const uint64_t number : {extent.daxdev, extent.offset, extent.length})
        target->extents[target->extentsUsed++] = static_cast<double>(number);
    }
    *cursor = next;
  }
}

bool LogTable::claimsFit(const ExtentFields* extents, uint32_t count) const {
  for (uint32_t i = 0; i < count; i++) {
    const auto& [index, offset, length] = extents[i];
    if (index >= daxdevs_.size()) return false;
    const Daxdev& daxdev = daxdevs_[index];
    if (offset < daxdev.reserved || length > daxdev.size || offset > daxdev.size - length) return false;
  }
  return true;
}

NodeFault LogTable::findParent(const uint8_t* path, uint32_t nameStart, uint32_t* parent) const {
  *parent = PathTable::kNone;
  if (nameStart == 0) return NodeFault::kNone;
  const uint32_t end = nameStart - 1;
  if (lastParent_ == PathTable::kNone || !paths_.is(lastParent_, path, end)) {
    const uint32_t row = paths_.find(paths_.hashOf(path, end), path, end);
    if (row == PathTable::kNone) return NodeFault::kParentMissing;
    if (nodes_[row].kind != NodeKind::kDirectory) return NodeFault::kParentNotDirectory;
    lastParent_ = row;
  }
  *parent = lastParent_;
  return NodeFault::kNone;
}

void LogTable::count(NodeKind kind, uint64_t size) {
  if (kind == NodeKind::kDirectory) {
    directories_++;
  } else {
    fileBytes_ += size;
  }
}

NodeFault LogTable::addNode(const Node& node, const uint8_t* path, uint32_t length) {
  uint32_t parent = PathTable::kNone;
  const NodeFault fault = findParent(path, nameStartOf(path, length), &parent);
  if (fault != NodeFault::kNone) return fault;
  if (paths_.add(paths_.hashOf(path, length), path, length) == PathTable::kNone) return NodeFault::kDuplicate;
  nodes_.push_back(node);
  parents_.push_back(parent);
  count(node.kind, node.size);
  return NodeFault::kNone;
}

NodeFault LogTable::faultOf(const uint8_t* path, uint32_t length) const {
  uint32_t parent = PathTable::kNone;
  const NodeFault fault = findParent(path, nameStartOf(path, length), &parent);
  if (fault != NodeFault::kNone) return fault;
  return find(path, length) == PathTable::kNone ? NodeFault::kNone : NodeFault::kDuplicate;
}

bool LogTable::canAddFiles(const uint8_t* paths, const uint32_t* ends, uint64_t count) const {
  PathTable added;
  added.reserve(count, count == 0 ? 0 : ends[count - 1]);
  uint32_t start = 0;
  for (uint64_t i = 0; i < count; start = ends[i++]) {
    const uint8_t* path = paths + start;
    const uint32_t length = ends[i] - start;
    if (faultOf(path, length) != NodeFault::kNone) return false;
    if (added.add(added.hashOf(path, length), path, length) == PathTable::kNone) return false;
  }
  return true;
}

std::vector<uint32_t> LogTable::childrenOf(uint32_t parent) const {
  std::vector<uint32_t> rows;
  const uint32_t count = paths_.count();
  for (uint32_t row = 0; row < count; row++) {
    if (parents_[row] == parent) rows.push_back(row);
  }
  return rows;
}

uint32_t LogTable::find(const uint8_t* path, uint32_t length) const {
  return paths_.find(paths_.hashOf(path, length), path, length);
}

void LogTable::reserve(uint64_t entries, uint64_t more) {
  paths_.reserve(entries, entries * kUsualPath);
  makeRoom(nodes_, entries);
  makeRoom(parents_, entries);
  // address space only: memory is taken as claims are added
  for (Daxdev& daxdev : daxdevs_) daxdev.claims.reserve(entries);
  if (record_) record_->reserve(more);
  if (keeping_) kept_.reserve(more);
}

}  // namespace famfs
