#include "fuse_server.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "addon.h"
#include "arguments.h"
#include "device.h"
#include "failure.h"
#include "fuse_listener.h"

namespace famfs::fuse {
namespace {

constexpr size_t kNumbersANode = 9;
constexpr size_t kNumbersAnExtent = 3;
constexpr size_t kMostThreads = 64;

std::string requireText(Napi::Env env, const Napi::Value& value, const char* what) {
  require(env, value.IsString(), what);
  return value.As<Napi::String>().Utf8Value();
}

bool requireFlag(Napi::Env env, const Napi::Value& value, const char* what) {
  require(env, value.IsBoolean(), what);
  return value.As<Napi::Boolean>();
}

uint32_t requireWord(Napi::Env env, const Napi::Value& value, const char* what) {
  const uint64_t number = requireCount(env, value, what);
  require(env, number <= UINT32_MAX, what);
  return static_cast<uint32_t>(number);
}

// Numbers that requireCount accepts
Napi::Float64Array requireNumbers(Napi::Env env, const Napi::Value& value, size_t multiple, const char* what) {
  require(env, isArray(value, napi_float64_array), what);
  const Napi::Float64Array numbers = value.As<Napi::Float64Array>();
  require(env, numbers.ElementLength() % multiple == 0, what);
  constexpr double kMost = 9007199254740991.0;  // 2^53 - 1
  const double* data = numbers.Data();
  for (size_t i = 0; i < numbers.ElementLength(); i++)
    require(env, data[i] >= 0 && data[i] <= kMost && data[i] == static_cast<double>(static_cast<uint64_t>(data[i])), what);
  return numbers;
}

// device, offset and length of each extent
Napi::Float64Array requireExtents(Napi::Env env, const Napi::Value& value) {
  const Napi::Float64Array numbers = requireNumbers(env, value, kNumbersAnExtent, "extents");
  const double* data = numbers.Data();
  for (size_t i = 0; i < numbers.ElementLength(); i += kNumbersAnExtent) require(env, data[i] <= UINT32_MAX, "extents");
  return numbers;
}

// Sets extents to `count` of those of requireExtents.
void toExtents(const double* numbers, size_t count, std::vector<Extent>* extents) {
  extents->clear();
  for (const double* at = numbers; at < numbers + count * kNumbersAnExtent; at += kNumbersAnExtent)
    extents->push_back({static_cast<uint64_t>(at[1]), static_cast<uint64_t>(at[2]), static_cast<uint32_t>(at[0])});
}

std::vector<Maps> requireMaps(Napi::Env env, const Napi::Value& value) {
  require(env, value.IsArray(), "maps");
  const Napi::Array list = value.As<Napi::Array>();
  std::vector<Maps> maps;
  for (uint32_t i = 0; i < list.Length(); i++) {
    const std::string name = requireText(env, list[i], "maps");
    require(env, name == "v2" || name == "d", "maps");
    maps.push_back(name == "v2" ? Maps::kFmap : Maps::kBacking);
  }
  return maps;
}

Options requireOptions(Napi::Env env, const Napi::Object& from) {
  Options options;
  options.creates = requireFlag(env, from.Get("creates"), "creates");
  options.writes = requireFlag(env, from.Get("writes"), "writes");
  options.direct = requireFlag(env, from.Get("direct"), "direct");
  options.followsOpens = requireFlag(env, from.Get("followsOpens"), "followsOpens");
  options.timeout = requireCount(env, from.Get("timeout"), "timeout");
  options.time = requireCount(env, from.Get("time"), "time");
  options.maps = requireMaps(env, from.Get("maps"));
  options.staging = requireText(env, from.Get("staging"), "staging");
  require(env, from.Get("xattrs").IsArray(), "xattrs");
  const Napi::Array xattrs = from.Get("xattrs").As<Napi::Array>();
  for (uint32_t i = 0; i < xattrs.Length(); i++) options.xattrs.push_back(requireText(env, xattrs[i], "xattrs"));
  return options;
}

std::vector<int> requireDescriptors(Napi::Env env, const Napi::Value& value) {
  require(env, value.IsArray(), "fds");
  const Napi::Array list = value.As<Napi::Array>();
  std::vector<int> fds;
  for (uint32_t i = 0; i < list.Length(); i++) fds.push_back(requireDescriptor(env, list[i]));
  require(env, !fds.empty(), "fds");
  return fds;
}

uint64_t requireUnique(Napi::Env env, const Napi::Value& value) { return requireWhole(env, value, "unique"); }

}  // namespace

Napi::Function Server::define(Napi::Env env) {
  return DefineClass(env, "FuseServer",
                     {InstanceMethod<&Server::JS_start>("start"),
                      InstanceMethod<&Server::JS_addNodes>("addNodes"),
                      InstanceMethod<&Server::JS_setDevice>("setDevice"),
                      InstanceMethod<&Server::JS_find>("find"),
                      InstanceMethod<&Server::JS_node>("node"),
                      InstanceMethod<&Server::JS_stage>("stage"),
                      InstanceMethod<&Server::JS_stageKept>("stageKept"),
                      InstanceMethod<&Server::JS_stageDirectory>("stageDirectory"),
                      InstanceMethod<&Server::JS_keep>("keep"),
                      InstanceMethod<&Server::JS_settle>("settle"),
                      InstanceMethod<&Server::JS_adopt>("adopt"),
                      InstanceMethod<&Server::JS_freeze>("freeze"),
                      InstanceMethod<&Server::JS_thaw>("thaw"),
                      InstanceMethod<&Server::JS_place>("place"),
                      InstanceMethod<&Server::JS_rename>("rename"),
                      InstanceMethod<&Server::JS_remove>("remove"),
                      InstanceMethod<&Server::JS_forgetInode>("forgetInode"),
                      InstanceMethod<&Server::JS_setStatfs>("setStatfs"),
                      InstanceMethod<&Server::JS_addWatch>("addWatch"),
                      InstanceMethod<&Server::JS_fail>("fail"),
                      InstanceMethod<&Server::JS_answerError>("answerError"),
                      InstanceMethod<&Server::JS_answerEntry>("answerEntry"),
                      InstanceMethod<&Server::JS_answerCreate>("answerCreate"),
                      InstanceMethod<&Server::JS_answerOpen>("answerOpen"),
                      InstanceMethod<&Server::JS_answerAttr>("answerAttr"),
                      InstanceMethod<&Server::JS_answerBytes>("answerBytes"),
                      InstanceMethod<&Server::JS_notify>("notify"),
                      InstanceMethod<&Server::JS_registerBacking>("registerBacking"),
                      InstanceMethod<&Server::JS_openDaxdev>("openDaxdev"),
                      InstanceMethod<&Server::JS_requests>("requests"),
                      InstanceMethod<&Server::JS_tableBytes>("tableBytes")});
}

Server::Server(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Server>(info) {
  const Napi::Env env = info.Env();
  require(env, info[0].IsObject() && info[1].IsFunction(), "server");
  const Napi::Object from = info[0].As<Napi::Object>();
  threads_ = requireCount(env, from.Get("threads"), "threads");
  require(env, threads_ >= 1 && threads_ <= kMostThreads, "threads");
  const uint32_t mode = requireWord(env, from.Get("mode"), "mode");
  const uint32_t uid = requireWord(env, from.Get("uid"), "uid");
  const uint32_t gid = requireWord(env, from.Get("gid"), "gid");
  Options options = requireOptions(env, from);
  const std::vector<int> fds = requireDescriptors(env, from.Get("fds"));
  auto listener = std::make_unique<JsListener>(env, info[1].As<Napi::Function>());
  session_ = std::make_shared<Session>(fds, std::move(options), std::move(listener), mode, uid, gid);
}

void Server::JS_start(const Napi::CallbackInfo& info) {
  const int error = session_->start(threads_);
  if (error != 0) raise(info.Env(), {nullptr, "thread", error, "", kNoOffset});
}

// Some of the nodes of addNodes; see PackedNodes in ../nodeBatch.ts.
struct Server::PackedNodes {
  const double* numbers;
  size_t count;
  Bytes paths;
  const double* extents;
  size_t extentCount;
};

std::vector<Server::PackedNodes> Server::requirePacked(Napi::Env env, const Napi::Value& value) {
  require(env, value.IsArray(), "nodes");
  const Napi::Array list = value.As<Napi::Array>();
  std::vector<PackedNodes> parts;
  for (uint32_t i = 0; i < list.Length(); i++) {
    const Napi::Value part = list[i];
    require(env, part.IsObject(), "nodes");
    const Napi::Object from = part.As<Napi::Object>();
    const Napi::Float64Array numbers = requireNumbers(env, from.Get("numbers"), kNumbersANode, "nodes");
    const Napi::Float64Array extents = requireExtents(env, from.Get("extents"));
    parts.push_back({numbers.Data(), numbers.ElementLength() / kNumbersANode, requireBytes(env, from.Get("paths"), "paths"),
                     extents.Data(), extents.ElementLength() / kNumbersAnExtent});
  }
  return parts;
}

// addNodes(parts): [number added, without a directory, already there, impossible]
Napi::Value Server::JS_addNodes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::vector<PackedNodes> parts = requirePacked(env, info[0]);
  size_t nodes = 0;
  size_t pathBytes = 0;
  size_t extents = 0;
  for (const PackedNodes& part : parts) {
    nodes += part.count;
    pathBytes += part.paths.length;
    extents += part.extentCount;
  }
  uint32_t results[4] = {};
  {
    const std::unique_lock<std::shared_mutex> lock(session_->table().mutex());
    session_->table().reserve(nodes, pathBytes, extents);
    for (const PackedNodes& part : parts) addPart(env, part, results);
  }
  Napi::Array told = Napi::Array::New(env, 4);
  for (uint32_t i = 0; i < 4; i++) told.Set(i, results[i]);
  return told;
}

// With the lock held exclusively
void Server::addPart(Napi::Env env, const PackedNodes& part, uint32_t* results) {
  Table& table = session_->table();
  const auto& [numbers, count, paths, extents, extentsGiven] = part;
  const double* at = numbers;
  size_t path = 0;
  size_t extent = 0;
  std::vector<Extent> own;  // of one node
  uint32_t changed = kNone;  // the latest changed directory
  for (size_t i = 0; i < count; i++, at += kNumbersANode) {
    const size_t extentCount = static_cast<size_t>(at[7]);
    const size_t pathLength = static_cast<size_t>(at[8]);
    require(env, extentCount <= extentsGiven - extent && pathLength <= paths.length - path, "nodes");
    NewNode made = {};
    made.id = static_cast<uint64_t>(at[0]);
    made.kind = extentCount == 0 ? Kind::kDirectory : Kind::kMapped;
    made.flags = static_cast<uint8_t>(at[1]) & (kSealed | kUncached);
    made.mode = static_cast<uint32_t>(at[2]) & 07777;
    made.uid = static_cast<uint32_t>(at[3]);
    made.gid = static_cast<uint32_t>(at[4]);
    made.size = static_cast<uint64_t>(at[5]);
    made.chunk = static_cast<uint64_t>(at[6]);
    toExtents(extents + extent * kNumbersAnExtent, extentCount, &own);
    made.extents = own.data();
    made.extentCount = own.size();
    made.path = {reinterpret_cast<const char*>(paths.data) + path, pathLength};
    path += pathLength;
    extent += extentCount;
    uint32_t row = kNone;
    const Added added = table.add(made, &row);
    results[static_cast<size_t>(added)]++;
    if (added != Added::kDone) continue;
    const uint32_t parent = table.node(row).parent;
    if ((table.node(parent).flags & kKnown) == 0 || session_->agreed().minor == 0) continue;
    // It may have cached that the name does not exist
    session_->forgetEntry(table.node(parent).id, std::string(table.name(row)));
    if (parent != changed) session_->forgetInode(table.node(parent).id, 0);
    changed = parent;
  }
}

void Server::JS_setDevice(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const uint32_t index = requireWord(env, info[0], "device");
  require(env, index < 4096, "device");
  auto mapping = Device::mappingOf(env, info[1]);
  const std::unique_lock<std::shared_mutex> lock(session_->table().mutex());
  session_->table().setDevice(index, std::move(mapping));
}

uint32_t Server::requireRow(Napi::Env env, const Napi::Value& id) const {
  const uint32_t row = session_->table().rowOf(requireCount(env, id, "node"));
  require(env, row != kNone, "node");
  return row;
}

// find(parent, name): the node's id, or 0
Napi::Value Server::JS_find(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Table& table = session_->table();
  const std::string name = copyBytes(env, info[1], "name");
  const std::shared_lock<std::shared_mutex> lock(table.mutex());
  const uint32_t row = table.child(requireRow(env, info[0]), name);
  return Napi::Number::New(env, row == kNone ? 0 : static_cast<double>(table.node(row).id));
}

// node(id): see FuseNode in ../fuse.ts; undefined if there is none
Napi::Value Server::JS_node(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const uint64_t id = requireCount(env, info[0], "node");
  const Table& table = session_->table();
  const std::shared_lock<std::shared_mutex> lock(table.mutex());
  const uint32_t row = table.rowOf(id);
  if (row == kNone) return env.Undefined();
  const Node& node = table.node(row);
  const auto staged = table.staged(row);
  // Before the size: anybody who freezes the file at this version knows that the size is at least as new
  const uint64_t version = staged ? staged->version() : 0;
  const std::string path = table.path(row);
  Napi::Object told = Napi::Object::New(env);
  told.Set("id", static_cast<double>(node.id));
  told.Set("kind", node.kind == Kind::kDirectory ? "directory" : staged ? "staged" : "mapped");
  told.Set("path", Napi::Buffer<char>::Copy(env, path.data(), path.size()));
  told.Set("parent", static_cast<double>(table.node(node.parent).id));
  told.Set("mode", node.mode);
  told.Set("uid", node.uid);
  told.Set("gid", node.gid);
  told.Set("size", static_cast<double>(table.sizeOf(row)));
  told.Set("named", (node.flags & kUnlinked) == 0);
  told.Set("pending", (node.flags & kPending) != 0);
  told.Set("empty", (node.flags & kPending) != 0 && table.isEmpty(row));
  if (staged) {
    told.Set("fd", staged->fd());
    told.Set("version", static_cast<double>(version));
    told.Set("writers", staged->writers());
  }
  return told;
}

// The first arguments of stage, stageKept and stageDirectory: id, parent, name, mode, uid, gid
struct Server::NewName {
  uint64_t id;
  std::string name;
  uint32_t mode;
  uint32_t uid;
  uint32_t gid;
};

Server::NewName Server::requireNewName(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return {requireCount(env, info[0], "node"), copyBytes(env, info[2], "name"), requireWord(env, info[3], "mode") & 07777,
          requireWord(env, info[4], "uid"), requireWord(env, info[5], "gid")};
}

// `staged` is null for a directory.
void Server::addName(const Napi::CallbackInfo& info, const NewName& made, std::shared_ptr<Staged> staged) {
  const Napi::Env env = info.Env();
  const auto& [id, name, mode, uid, gid] = made;
  Table& table = session_->table();
  const std::unique_lock<std::shared_mutex> lock(table.mutex());
  const uint32_t parent = requireRow(env, info[1]);
  uint32_t row = kNone;
  if (table.node(parent).kind == Kind::kDirectory)
    row = table.addUncommitted(id, parent, name, mode, uid, gid, std::move(staged));
  if (row == kNone) raise(env, {nullptr, "stage", EEXIST, name, kNoOffset});
}

// stage(id, parent, name, mode, uid, gid)
void Server::JS_stage(const Napi::CallbackInfo& info) {
  const NewName made = requireNewName(info);
  const std::string& folder = session_->options().staging;
  auto staged = std::make_shared<Staged>(folder.c_str());
  if (staged->error() != 0) raise(info.Env(), {nullptr, "open", staged->error(), folder, kNoOffset});
  addName(info, made, std::move(staged));
}

// stageKept(id, parent, name, mode, uid, gid, path): a file whose temporary file exists already
void Server::JS_stageKept(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const NewName made = requireNewName(info);
  const std::string path = requireText(env, info[6], "path");
  const int fd = open(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) raise(env, {nullptr, "open", errno, path, kNoOffset});
  struct stat stats = {};
  if (fstat(fd, &stats) != 0 || !S_ISREG(stats.st_mode)) {
    close(fd);
    raise(env, {nullptr, "open", EINVAL, path, kNoOffset});
  }
  auto staged = std::make_shared<Staged>(fd, static_cast<uint64_t>(stats.st_size), static_cast<int64_t>(stats.st_mtime));
  if (staged->error() != 0) raise(env, {nullptr, "open", staged->error(), path, kNoOffset});
  addName(info, made, std::move(staged));
}

// stageDirectory(id, parent, name, mode, uid, gid)
void Server::JS_stageDirectory(const Napi::CallbackInfo& info) { addName(info, requireNewName(info), nullptr); }

// keep(id, path): gives the temporary file of a staged file a name; attribute changes are then reported to the listener
void Server::JS_keep(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string path = requireText(env, info[1], "path");
  Table& table = session_->table();
  std::shared_ptr<Staged> staged;
  {
    const std::unique_lock<std::shared_mutex> lock(table.mutex());
    const uint32_t row = requireRow(env, info[0]);
    staged = table.staged(row);
    require(env, staged != nullptr, "node");
    table.change(row).flags |= kFollowed;
  }
  const int error = staged->keep(path.c_str());
  if (error != 0) raise(env, {nullptr, "link", error, path, kNoOffset});
}

// settle(id, settled): whether a new directory is final, or pending
void Server::JS_settle(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const bool settled = requireFlag(env, info[1], "settled");
  Table& table = session_->table();
  const std::unique_lock<std::shared_mutex> lock(table.mutex());
  Node& node = table.change(requireRow(env, info[0]));
  require(env, node.kind == Kind::kDirectory, "node");
  constexpr uint8_t kBoth = kPending | kFollowed;
  node.flags = static_cast<uint8_t>(settled ? node.flags & ~kBoth : node.flags | kBoth);
}

// adopt(id, mode, uid, gid): somebody else has made the directory, with this mode and owner
void Server::JS_adopt(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const uint32_t mode = requireWord(env, info[1], "mode") & 07777;
  const uint32_t uid = requireWord(env, info[2], "uid");
  const uint32_t gid = requireWord(env, info[3], "gid");
  Table& table = session_->table();
  const std::unique_lock<std::shared_mutex> lock(table.mutex());
  Node& node = table.change(requireRow(env, info[0]));
  require(env, node.kind == Kind::kDirectory, "node");
  node.mode = mode;
  node.uid = uid;
  node.gid = gid;
  node.flags &= static_cast<uint8_t>(~(kPending | kFollowed));
  session_->forgetInode(node.id, 0);
}

// freeze(id, version): whether it is still at that version; if so, it stays there until it is thawed or placed
Napi::Value Server::JS_freeze(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const uint64_t version = requireCount(env, info[1], "version");
  const Table& table = session_->table();
  const std::shared_lock<std::shared_mutex> lock(table.mutex());
  const auto staged = table.staged(requireRow(env, info[0]));
  return Napi::Boolean::New(env, staged && staged->freeze(version));
}

void Server::JS_thaw(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Table& table = session_->table();
  const std::shared_lock<std::shared_mutex> lock(table.mutex());
  if (const auto staged = table.staged(requireRow(env, info[0]))) staged->thaw(false);
}

// place(id, size, chunk, extents, flags): whether it succeeded; a staged file then becomes a mapped one
Napi::Value Server::JS_place(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const uint64_t size = requireCount(env, info[1], "size");
  const uint64_t chunk = requireCount(env, info[2], "chunk");
  const Napi::Float64Array numbers = requireExtents(env, info[3]);
  std::vector<Extent> extents;
  toExtents(numbers.Data(), numbers.ElementLength() / kNumbersAnExtent, &extents);
  const uint8_t flags = static_cast<uint8_t>(requireCount(env, info[4], "flags")) & (kSealed | kUncached);
  Table& table = session_->table();
  std::shared_ptr<Staged> staged;
  bool placed;
  {
    const std::unique_lock<std::shared_mutex> lock(table.mutex());
    const uint32_t row = requireRow(env, info[0]);
    staged = table.staged(row);
    placed = table.place(row, size, chunk, extents.data(), extents.size(), flags);
  }
  if (staged) staged->thaw(placed);
  return Napi::Boolean::New(env, placed);
}

// rename(id, parent, name): a staged file or a pending, empty directory, to a free name
void Server::JS_rename(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string name = copyBytes(env, info[2], "name");
  Table& table = session_->table();
  const std::unique_lock<std::shared_mutex> lock(table.mutex());
  const uint32_t row = requireRow(env, info[0]);
  const uint32_t parent = requireRow(env, info[1]);
  const bool fits = table.isOpenToChange(row) && table.node(parent).kind == Kind::kDirectory && !name.empty() &&
                    name.size() <= kMostNameBytes && table.child(parent, name) == kNone;
  require(env, fits, "name");
  table.rename(row, parent, name);
}

// remove(id, requested): a staged file or a pending, empty directory; a kernel that requested it needs no notification
void Server::JS_remove(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Table& table = session_->table();
  const std::unique_lock<std::shared_mutex> lock(table.mutex());
  const uint32_t row = requireRow(env, info[0]);
  const bool asked = requireFlag(env, info[1], "asked");
  const bool empty = table.node(row).kind != Kind::kDirectory || table.isEmpty(row);
  require(env, table.isOpenToChange(row) && empty && (table.node(row).flags & kUnlinked) == 0, "node");
  if (!asked) {
    const uint64_t parent = table.node(table.node(row).parent).id;
    session_->forgetEntry(parent, std::string(table.name(row)));
    session_->forgetInode(parent, 0);
  }
  table.remove(row);
}

void Server::JS_forgetInode(const Napi::CallbackInfo& info) {
  session_->forgetInode(requireCount(info.Env(), info[0], "node"), 0);
}

void Server::JS_setStatfs(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Statfs statfs;
  statfs.blocks = requireCount(env, info[0], "blocks");
  statfs.free = requireCount(env, info[1], "free");
  statfs.files = requireCount(env, info[2], "files");
  statfs.filesFree = requireCount(env, info[3], "filesFree");
  statfs.blockSize = requireWord(env, info[4], "blockSize");
  statfs.nameLength = requireWord(env, info[5], "nameLength");
  session_->setStatfs(statfs);
}

// addWatch(device, offset, bytes)
void Server::JS_addWatch(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Watch watch;
  watch.mapping = Device::mappingOf(env, info[0]);
  watch.offset = requireCount(env, info[1], "offset");
  const Bytes bytes = requireBytes(env, info[2], "bytes");
  require(env, bytes.length <= watch.mapping->size && watch.offset <= watch.mapping->size - bytes.length, "offset");
  watch.bytes.assign(bytes.data, bytes.data + bytes.length);
  session_->addWatch(std::move(watch));
}

void Server::JS_fail(const Napi::CallbackInfo&) { session_->fail(); }

Napi::Value Server::JS_answerError(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return Napi::Boolean::New(env, session_->answerError(requireUnique(env, info[0]), static_cast<int>(requireWord(env, info[1], "errno"))));
}

Napi::Value Server::JS_answerEntry(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return Napi::Boolean::New(env, session_->answerEntry(requireUnique(env, info[0]), requireCount(env, info[1], "node")));
}

Napi::Value Server::JS_answerCreate(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return Napi::Boolean::New(env, session_->answerCreate(requireUnique(env, info[0]), requireCount(env, info[1], "node")));
}

// answerOpen(unique, flags, backingId)
Napi::Value Server::JS_answerOpen(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const uint32_t flags = requireWord(env, info[1], "flags");
  return Napi::Boolean::New(env, session_->answerOpen(requireUnique(env, info[0]), flags, requireCount(env, info[2], "backingId")));
}

Napi::Value Server::JS_answerAttr(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return Napi::Boolean::New(env, session_->answerAttr(requireUnique(env, info[0]), requireCount(env, info[1], "node")));
}

Napi::Value Server::JS_answerBytes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Bytes bytes = requireBytes(env, info[1], "bytes");
  return Napi::Boolean::New(env, session_->answerBytes(requireUnique(env, info[0]), bytes.data, bytes.length));
}

// notify(code, bytes): throws the kernel's error
void Server::JS_notify(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Bytes bytes = requireBytes(env, info[1], "bytes");
  const int error = session_->notify(static_cast<int32_t>(requireWord(env, info[0], "code")), bytes.data, bytes.length);
  if (error != 0) raise(env, {nullptr, "notify", error, "", kNoOffset});
}

// registerBacking(device, id): throws the kernel's error
void Server::JS_registerBacking(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto mapping = Device::mappingOf(env, info[0]);
  const BackingMap map = {mapping->fd, 0, requireCount(env, info[1], "id"), {0, 0}};
  constexpr unsigned long kBackingOpen = _IOW(229, 4, BackingMap);
  if (ioctl(session_->fd(), kBackingOpen, &map) < 0) raise(env, {nullptr, "ioctl", errno, mapping->path, kNoOffset});
}

// openDaxdev(device, index): throws the kernel's error
void Server::JS_openDaxdev(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto mapping = Device::mappingOf(env, info[0]);
  const DaxdevOpen opened = {mapping->fd, 0, requireCount(env, info[1], "index")};
  constexpr unsigned long kDaxdevOpen = _IOW(229, 4, DaxdevOpen);
  if (ioctl(session_->fd(), kDaxdevOpen, &opened) < 0) raise(env, {nullptr, "ioctl", errno, mapping->path, kNoOffset});
}

// requests(): number of requests for each opcode
Napi::Value Server::JS_requests(const Napi::CallbackInfo& info) {
  Napi::Array counts = Napi::Array::New(info.Env(), Session::kCounted);
  for (uint32_t opcode = 0; opcode < Session::kCounted; opcode++)
    counts.Set(opcode, static_cast<double>(session_->requests(opcode)));
  return counts;
}

Napi::Value Server::JS_tableBytes(const Napi::CallbackInfo& info) {
  const std::shared_lock<std::shared_mutex> lock(session_->table().mutex());
  return Napi::Number::New(info.Env(), static_cast<double>(session_->table().bytes()));
}

}  // namespace famfs::fuse
