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

LogTable::LogTable(const LogLayout& layout, uint64_t unit)
    : layout_(layout),
      decoded_(std::make_unique<LogDecoder>(layout, unit, paths_)),
      ahead_(std::make_unique<LogDecoder>(layout, unit, paths_)) {}

bool LogTable::decode(const LogPlace& place, uint64_t from, uint64_t to, unsigned threads, uint64_t* faulted) {
  if (ahead_->isOf(place, from, to)) {
    decoded_.swap(ahead_);
  } else {
    decoded_->begin(place, from, to, threads - 1);
  }
  ahead_->clear();
  next_ = from;
  return decoded_->finish(faulted);
}

void LogTable::decodeAhead(const LogPlace& place, uint64_t from, uint64_t to, unsigned helpers) {
  ahead_->begin(place, from, to, helpers);
}

void LogTable::decodeBytes(const uint8_t* bytes, uint64_t from, uint64_t to) {
  decoded_->decodeBytes(bytes, from, to);
  next_ = from;
}

// Calls visit(fields) for each entry of the columns. False if they do not fit each other or the layout.
template <typename Visit>
bool LogTable::eachOf(const AppliedColumns& columns, Visit visit) const {
  EntryFields fields;
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
  decoded_->clear(from);
  next_ = from;
  const bool fit = eachOf(columns, [&](const EntryFields& fields) { decoded_->add(fields); });
  if (!fit) decoded_->clear(from);
  return fit;
}

bool LogTable::encode(const AppliedColumns& columns, uint64_t from, uint8_t* bytes) const {
  return eachOf(columns, [&](const EntryFields& fields) {
    encodeEntry(layout_, fields, from++, bytes);
    bytes += layout_.entrySize;
  });
}

AppliedRecord LogTable::takeDecoded() {
  AppliedRecord taken;
  const uint64_t end = decoded_->end();
  for (uint64_t slot = decoded_->first(); slot < end; slot++) {
    const Decoded& run = decoded_->runOf(slot);
    const Decoded::Entry& entry = run.entries[decoded_->indexInRun(slot)];
    if (entry.sound) taken.add(slot, entry, run.paths.data() + entry.pathStart, run.extents.data() + entry.extentStart);
  }
  decoded_->clear(end);
  next_ = end;
  return taken;
}

uint64_t LogTable::advance() {
  const uint64_t end = decoded_->end();
  while (next_ < end) {
    const Decoded& run = decoded_->runOf(next_);
    const size_t count = run.entries.size();
    for (size_t i = decoded_->indexInRun(next_); i < count; i++, next_++) {
      if (i + kAhead < count && run.entries[i + kAhead].sound) paths_.expect(run.entries[i + kAhead].hash);
      const Decoded::Entry& entry = run.entries[i];
      if (!entry.sound || !apply(run, entry, next_)) return next_;
    }
  }
  return end;
}

bool LogTable::apply(const Decoded& decoded, const Decoded::Entry& entry, uint64_t slot) {
  const ExtentFields* extents = decoded.extents.data() + entry.extentStart;
  if (!claimsFit(extents, entry.extentCount)) return false;
  const uint8_t* path = decoded.paths.data() + entry.pathStart;
  uint32_t parent = PathTable::kNone;
  if (findParent(path, entry.pathLength, &parent) != NodeFault::kNone) return false;
  if (paths_.add(entry.hash, path, entry.pathLength) == PathTable::kNone) return false;
  // stored field by field where it stays: a copy would wait for these stores
  Node& node = nodes_.emplace_back();
  node.kind = entry.kind;
  node.mode = entry.mode;
  node.slot = static_cast<uint32_t>(slot);
  node.uid = entry.uid;
  node.gid = entry.gid;
  node.parent = parent;
  node.size = entry.size;
  count(node);
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
  const uint64_t all[kNumbers] = {slot,       entry.flags, entry.mode,        entry.uid,       entry.gid,
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

NodeFault LogTable::findParent(const uint8_t* path, uint32_t length, uint32_t* parent) const {
  const void* slash = memrchr(path, '/', length);
  *parent = PathTable::kNone;
  if (slash == nullptr) return NodeFault::kNone;
  const uint32_t end = static_cast<uint32_t>(static_cast<const uint8_t*>(slash) - path);
  if (lastParent_ == PathTable::kNone || !paths_.is(lastParent_, path, end)) {
    const uint32_t row = paths_.find(paths_.hashOf(path, end), path, end);
    if (row == PathTable::kNone) return NodeFault::kParentMissing;
    if (nodes_[row].kind != NodeKind::kDirectory) return NodeFault::kParentNotDirectory;
    lastParent_ = row;
  }
  *parent = lastParent_;
  return NodeFault::kNone;
}

void LogTable::count(const Node& node) {
  if (node.kind == NodeKind::kDirectory) {
    directories_++;
  } else {
    fileBytes_ += node.size;
  }
}

NodeFault LogTable::addNode(Node node, const uint8_t* path, uint32_t length) {
  uint32_t parent = PathTable::kNone;  // not in place: packed fields have no address that any pointer may take
  const NodeFault fault = findParent(path, length, &parent);
  if (fault != NodeFault::kNone) return fault;
  node.parent = parent;
  if (paths_.add(paths_.hashOf(path, length), path, length) == PathTable::kNone) return NodeFault::kDuplicate;
  nodes_.push_back(node);
  count(node);
  return NodeFault::kNone;
}

NodeFault LogTable::faultOf(const uint8_t* path, uint32_t length) const {
  uint32_t parent = PathTable::kNone;
  const NodeFault fault = findParent(path, length, &parent);
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
    if (nodes_[row].parent == parent) rows.push_back(row);
  }
  return rows;
}

uint32_t LogTable::find(const uint8_t* path, uint32_t length) const {
  return paths_.find(paths_.hashOf(path, length), path, length);
}

void LogTable::reserve(uint64_t entries, uint64_t more) {
  paths_.reserve(entries, entries * kUsualPath);
  makeRoom(nodes_, entries);
  // address space only: memory is taken as claims are added
  for (Daxdev& daxdev : daxdevs_) daxdev.claims.reserve(entries);
  if (record_) record_->reserve(more);
  if (keeping_) kept_.reserve(more);
}

}  // namespace famfs
