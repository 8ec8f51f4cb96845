#include "fuse_table.h"

#include <algorithm>

namespace famfs::fuse {
namespace {

constexpr uint32_t kRemoved = kNone;  // marks a removed place of a hash
constexpr size_t kFirstPlaces = 64;

const std::shared_ptr<Mapping> kNoDevice;

bool isName(std::string_view name) {
  return !name.empty() && name.size() <= kMostNameBytes && name != "." && name != ".." &&
         name.find('/') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

// Whether the extents can hold that many bytes: strips have equal length, in whole chunks.
bool areExtents(uint64_t size, uint64_t chunk, const Extent* extents, size_t count) {
  if (count == 0 || count > kMostExtents) return false;
  uint64_t covered = 0;
  for (size_t i = 0; i < count; i++) {
    const auto& [offset, length, device] = extents[i];
    if (length == 0 || offset + length < offset || covered + length < covered) return false;
    if (chunk != 0 && (length != extents[0].length || length % chunk != 0)) return false;
    covered += length;
  }
  return covered >= size;
}

}  // namespace

Table::Table(uint32_t mode, uint32_t uid, uint32_t gid)
    : byName_(kFirstPlaces), byId_(kFirstPlaces) {
  const uint32_t root = append(1, 0, {}, Kind::kDirectory);
  nodes_[root].mode = mode;
  nodes_[root].uid = uid;
  nodes_[root].gid = gid;
}

void Table::reserve(size_t nodes, size_t nameBytes, size_t extents) {
  if (nodes_.size() > 1) return;  // later it grows by a fraction of its size
  nodes_.reserve(nodes + 1);
  names_.reserve(nameBytes);
  extents_.reserve(extents);
}

Added Table::add(const NewNode& made, uint32_t* row) {
  std::string_view name;
  const uint32_t parent = parentOf(made.path, &name);
  if (parent == kNone) return Added::kNoParent;
  if (!isName(name)) return Added::kImpossible;
  const uint64_t hash = hashName(parent, name);
  const uint32_t taken = child(parent, name, hash);
  if (rowOf(made.id) != kNone || (taken != kNone && nodes_[taken].kind != Kind::kStaged)) return Added::kExists;
  const bool mapped = made.kind == Kind::kMapped;
  if (mapped && !areExtents(made.size, made.chunk, made.extents, made.extentCount)) return Added::kImpossible;
  if (taken != kNone) remove(taken);
  *row = append(made.id, parent, name, made.kind);
  Node& node = nodes_[*row];
  node.mode = made.mode;
  node.uid = made.uid;
  node.gid = made.gid;
  node.flags = made.flags;
  if (mapped) {
    node.size = made.size;
    node.chunk = made.chunk;
    node.first = static_cast<uint32_t>(extents_.size());
    node.extentCount = static_cast<uint8_t>(made.extentCount);
    extents_.insert(extents_.end(), made.extents, made.extents + made.extentCount);
  }
  link(*row, hash);
  return Added::kDone;
}

uint32_t Table::addUncommitted(uint64_t id, uint32_t parent, std::string_view name, uint32_t mode, uint32_t uid, uint32_t gid,
                               std::shared_ptr<Staged> staged) {
  const uint64_t hash = hashName(parent, name);
  if (!isName(name) || rowOf(id) != kNone || child(parent, name, hash) != kNone) return kNone;
  const uint32_t row = append(id, parent, name, staged ? Kind::kStaged : Kind::kDirectory);
  Node& node = nodes_[row];
  node.mode = mode;
  node.uid = uid;
  node.gid = gid;
  if (staged) staged_.emplace(row, std::move(staged));
  else node.flags |= kPending | kFollowed;
  link(row, hash);
  return row;
}

bool Table::isEmpty(uint32_t row) const {
  const std::vector<uint32_t>& all = children(row);
  return std::all_of(all.begin(), all.end(), [](uint32_t child) { return child == kNone; });
}

bool Table::place(uint32_t row, uint64_t size, uint64_t chunk, const Extent* extents, size_t count, uint8_t flags) {
  Node& node = nodes_[row];
  if (node.kind != Kind::kStaged || !areExtents(size, chunk, extents, count)) return false;
  node.kind = Kind::kMapped;
  node.size = size;
  node.chunk = chunk;
  node.first = static_cast<uint32_t>(extents_.size());
  node.extentCount = static_cast<uint8_t>(count);
  node.flags |= flags;
  extents_.insert(extents_.end(), extents, extents + count);
  staged_.erase(row);
  return true;
}

void Table::rename(uint32_t row, uint32_t parent, std::string_view name) {
  unlink(row);
  nodes_[row].parent = parent;
  nodes_[row].name = static_cast<uint32_t>(names_.size());
  nodes_[row].nameLength = static_cast<uint8_t>(name.size());
  names_.insert(names_.end(), name.begin(), name.end());
  link(row, hashName(parent, name));
}

void Table::remove(uint32_t row) {
  unlink(row);
  nodes_[row].flags |= kUnlinked;
  forget(row);
}

void Table::forget(uint32_t row) {
  Node& node = nodes_[row];
  if ((node.flags & kUnlinked) == 0) return;
  const auto found = staged_.find(row);
  if (found != staged_.end() && found->second->opens() > 0) return;
  if (found != staged_.end()) staged_.erase(found);
  node.kind = Kind::kGone;
}

void Table::setDevice(uint32_t device, std::shared_ptr<Mapping> mapping) {
  if (devices_.size() <= device) devices_.resize(device + 1);
  devices_[device] = std::move(mapping);
}

uint32_t Table::rowOf(uint64_t id) const {
  const size_t mask = byId_.size() - 1;
  for (size_t place = hash_.of(id) & mask; byId_[place] != 0; place = (place + 1) & mask) {
    const uint32_t row = byId_[place] - 1;
    if (nodes_[row].id == id) return nodes_[row].kind == Kind::kGone ? kNone : row;
  }
  return kNone;
}

uint32_t Table::child(uint32_t parent, std::string_view name) const { return child(parent, name, hashName(parent, name)); }

uint32_t Table::child(uint32_t parent, std::string_view name, uint64_t hash) const {
  const size_t mask = byName_.size() - 1;
  for (size_t place = hash & mask; byName_[place] != 0; place = (place + 1) & mask) {
    if (byName_[place] == kRemoved) continue;
    const uint32_t row = byName_[place] - 1;
    if (nodes_[row].parent == parent && this->name(row) == name) return row;
  }
  return kNone;
}

std::string Table::path(uint32_t row) const {
  std::string path;
  for (uint32_t at = row; at != 0; at = nodes_[at].parent) {
    const std::string_view part = name(at);
    path.insert(0, path.empty() ? std::string(part) : std::string(part) + "/");
  }
  return path;
}

std::shared_ptr<Staged> Table::staged(uint32_t row) const {
  const auto found = staged_.find(row);
  return found == staged_.end() ? nullptr : found->second;
}

uint64_t Table::sizeOf(uint32_t row) const {
  const Node& node = nodes_[row];
  if (node.kind == Kind::kMapped) return node.size;
  const auto found = staged_.find(row);
  return found == staged_.end() ? 0 : found->second->size();
}

// Several readers may do this at once
void Table::markKnown(uint32_t row) const {
  uint8_t* flags = const_cast<uint8_t*>(&nodes_[row].flags);
  if ((__atomic_load_n(flags, __ATOMIC_RELAXED) & kKnown) == 0) __atomic_fetch_or(flags, kKnown, __ATOMIC_RELAXED);
}

void Table::resolve(uint32_t row, uint64_t offset, uint64_t length, std::vector<Run>* runs) const {
  const Node& node = nodes_[row];
  const Extent* extents = extents_.data() + node.first;
  runs->clear();
  if (node.chunk == 0) {
    for (uint64_t start = 0; length > 0; extents++) {
      const uint64_t end = start + extents->length;
      if (offset < end) {
        const uint64_t part = std::min(length, end - offset);
        runs->push_back({extents->device, extents->offset + (offset - start), part});
        offset += part;
        length -= part;
      }
      start = end;
    }
    return;
  }
  while (length > 0) {
    const uint64_t chunk = offset / node.chunk;
    const uint64_t within = offset % node.chunk;
    const Extent& strip = extents[chunk % node.extentCount];
    const uint64_t part = std::min(length, node.chunk - within);
    runs->push_back({strip.device, strip.offset + chunk / node.extentCount * node.chunk + within, part});
    offset += part;
    length -= part;
  }
}

bool Table::isOnFiles() const {
  return std::all_of(devices_.begin(), devices_.end(), [](const auto& device) { return !device || !device->isShared(); });
}

const std::shared_ptr<Mapping>& Table::device(uint32_t device) const {
  return device < devices_.size() ? devices_[device] : kNoDevice;
}

size_t Table::bytes() const {
  size_t children = 0;
  for (const Directory& directory : directories_) children += directory.children.capacity() * sizeof(uint32_t);
  return nodes_.capacity() * sizeof(Node) + names_.capacity() + extents_.capacity() * sizeof(Extent) + children +
         directories_.capacity() * sizeof(Directory) + (byName_.size() + byId_.size()) * sizeof(uint32_t);
}

// The directory that a path leads to, and its last name
uint32_t Table::parentOf(std::string_view path, std::string_view* name) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) {
    *name = path;
    return 0;
  }
  *name = path.substr(slash + 1);
  std::string_view folder = path.substr(0, slash);
  if (lastParent_ != kNone && folder == lastFolder_) return lastParent_;
  uint32_t at = 0;
  for (std::string_view rest = folder; at != kNone && !rest.empty();) {
    const size_t end = std::min(rest.find('/'), rest.size());
    at = child(at, rest.substr(0, end));
    if (at != kNone && nodes_[at].kind != Kind::kDirectory) at = kNone;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (at != kNone) {
    lastFolder_ = folder;
    lastParent_ = at;
  }
  return at;
}

uint32_t Table::append(uint64_t id, uint32_t parent, std::string_view name, Kind kind) {
  const uint32_t row = static_cast<uint32_t>(nodes_.size());
  Node node = {};
  node.id = id;
  node.parent = parent;
  node.kind = kind;
  node.name = static_cast<uint32_t>(names_.size());
  node.nameLength = static_cast<uint8_t>(name.size());
  names_.insert(names_.end(), name.begin(), name.end());
  if (kind == Kind::kDirectory) {
    node.first = static_cast<uint32_t>(directories_.size());
    directories_.emplace_back();
  }
  nodes_.push_back(node);
  if ((nodes_.size() + 1) * 4 > byId_.size() * 3 || usedNames_ * 4 > byName_.size() * 3) growHashes();
  const size_t mask = byId_.size() - 1;
  size_t place = hash_.of(id) & mask;
  while (byId_[place] != 0) place = (place + 1) & mask;
  byId_[place] = row + 1;
  return row;
}

// Gives a node its name, which has this hash, in its directory.
void Table::link(uint32_t row, uint64_t hash) {
  const Node& node = nodes_[row];
  Directory& directory = directories_[nodes_[node.parent].first];
  directory.children.push_back(row);
  if (node.kind == Kind::kDirectory) directory.subdirectories++;
  const size_t mask = byName_.size() - 1;
  size_t place = hash & mask;
  while (byName_[place] != 0 && byName_[place] != kRemoved) place = (place + 1) & mask;
  if (byName_[place] == 0) usedNames_++;
  byName_[place] = row + 1;
}

void Table::unlink(uint32_t row) {
  const Node& node = nodes_[row];
  lastParent_ = kNone;  // its path may lead through this node
  Directory& directory = directories_[nodes_[node.parent].first];
  if (node.kind == Kind::kDirectory) directory.subdirectories--;
  std::vector<uint32_t>& children = directory.children;
  // Removed nodes are usually recent
  const auto found = std::find(children.rbegin(), children.rend(), row);
  if (found != children.rend()) *found = kNone;
  while (!children.empty() && children.back() == kNone) children.pop_back();
  const size_t mask = byName_.size() - 1;
  size_t place = hashName(node.parent, name(row)) & mask;
  while (byName_[place] != row + 1) place = (place + 1) & mask;
  byName_[place] = kRemoved;
}

void Table::growHashes() {
  size_t places = kFirstPlaces;
  while (places * 3 <= (nodes_.size() + 1) * 4) places *= 2;
  if (nodes_.capacity() > nodes_.size())
    while (places * 3 <= nodes_.capacity() * 4) places *= 2;
  byId_.assign(places, 0);
  byName_.assign(places, 0);
  usedNames_ = 0;
  const size_t mask = places - 1;
  // The caller that appends the last row gives it its places
  for (uint32_t row = 0; row + 1 < nodes_.size(); row++) {
    size_t place = hash_.of(nodes_[row].id) & mask;
    while (byId_[place] != 0) place = (place + 1) & mask;
    byId_[place] = row + 1;
    if (row == 0 || nodes_[row].kind == Kind::kGone || (nodes_[row].flags & kUnlinked) != 0) continue;
    place = hashName(nodes_[row].parent, name(row)) & mask;
    while (byName_[place] != 0) place = (place + 1) & mask;
    byName_[place] = row + 1;
    usedNames_++;
  }
}

}  // namespace famfs::fuse
