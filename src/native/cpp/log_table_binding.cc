// The JavaScript object over a LogTable.
#include <napi.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "addon.h"
#include "arguments.h"
#include "device.h"
#include "failure.h"
#include "log_table.h"
#include "node_rows.h"
#include "node_text.h"
#include "record_text_binding.h"

namespace famfs {
namespace {

constexpr uint64_t kMostLayout = uint64_t{1} << 31;
constexpr uint64_t kMostSlots = uint64_t{1} << 30;
constexpr unsigned kMostThreads = 256;

uint32_t requireBelow(Napi::Env env, const Napi::Value& value, uint64_t limit, const char* what) {
  const uint64_t count = requireCount(env, value, what);
  require(env, count < limit, what);
  return static_cast<uint32_t>(count);
}

// Bytes [start, end) of an array: a path, or something longer.
struct PathArgument {
  const uint8_t* bytes;
  uint32_t length;
};

PathArgument requirePath(const Napi::CallbackInfo& info, size_t index) {
  const Napi::Env env = info.Env();
  const Bytes data = requireBytes(env, info[index], "path");
  const uint64_t start = requireCount(env, info[index + 1], "path");
  const uint64_t end = requireCount(env, info[index + 2], "path");
  require(env, start <= end && end <= data.length && end - start <= kLongestPath, "path");
  return {data.data + start, static_cast<uint32_t>(end - start)};
}

// A column with one element per row.
template <typename Array, typename Field>
Array column(Napi::Env env, const BigVector<Node>& nodes, Field field) {
  Array array = Array::New(env, nodes.size());
  auto* values = array.Data();
  for (size_t row = 0; row < nodes.size(); row++) values[row] = field(nodes[row]);
  return array;
}

template <typename Array, typename Column>
Array copied(Napi::Env env, const Column& column) {
  Array array = Array::New(env, column.size());
  if (!column.empty()) std::memcpy(array.Data(), column.data(), column.size() * sizeof column[0]);
  return array;
}

// An array over the memory of a column, which it takes over.
template <typename Array, typename Element>
Array handedOver(Napi::Env env, BigVector<Element>&& column) {
  if (column.empty()) return Array::New(env, 0);
  // JavaScript knows of the elements only, and would not hurry to free what was reserved for more
  if (column.size() < column.capacity() / 2) column.shrink_to_fit();
  auto* owned = new BigVector<Element>(std::move(column));
  const auto release = [](Napi::Env, void*, BigVector<Element>* done) { delete done; };
  const auto buffer = Napi::ArrayBuffer::New(env, owned->data(), owned->size() * sizeof(Element), release, owned);
  return Array::New(env, owned->size(), buffer, 0);
}

// See AppliedBlock in ../logTable.ts.
Napi::Object told(Napi::Env env, AppliedRecord&& record) {
  Napi::Object block = Napi::Object::New(env);
  block.Set("numbers", handedOver<Napi::Float64Array>(env, std::move(record.numbers)));
  block.Set("paths", handedOver<Napi::Uint8Array>(env, std::move(record.paths)));
  block.Set("extents", handedOver<Napi::Float64Array>(env, std::move(record.extents)));
  return block;
}

}  // namespace

class LogTableHandle : public Napi::ObjectWrap<LogTableHandle> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "LogTable",
                       {InstanceMethod<&LogTableHandle::JS_reserve>("reserve"),
                        InstanceMethod<&LogTableHandle::JS_addDaxdev>("addDaxdev"),
                        InstanceMethod<&LogTableHandle::JS_decode>("decode"),
                        InstanceMethod<&LogTableHandle::JS_dropDecoded>("dropDecoded"),
                        InstanceMethod<&LogTableHandle::JS_decodeBytes>("decodeBytes"),
                        InstanceMethod<&LogTableHandle::JS_encode>("encode"),
                        InstanceMethod<&LogTableHandle::JS_take>("take"),
                        InstanceMethod<&LogTableHandle::JS_advance>("advance"),
                        InstanceMethod<&LogTableHandle::JS_resume>("resume"),
                        InstanceMethod<&LogTableHandle::JS_record>("record"),
                        InstanceMethod<&LogTableHandle::JS_takeRecord>("takeRecord"),
                        InstanceMethod<&LogTableHandle::JS_keep>("keep"),
                        InstanceMethod<&LogTableHandle::JS_kept>("kept"),
                        InstanceMethod<&LogTableHandle::JS_takeDecoded>("takeDecoded"),
                        InstanceMethod<&LogTableHandle::JS_addNode>("addNode"),
                        InstanceMethod<&LogTableHandle::JS_faultOf>("faultOf"),
                        InstanceMethod<&LogTableHandle::JS_canAddFiles>("canAddFiles"),
                        InstanceMethod<&LogTableHandle::JS_find>("find"),
                        InstanceMethod<&LogTableHandle::JS_childrenOf>("childrenOf"),
                        InstanceMethod<&LogTableHandle::JS_counts>("counts"),
                        InstanceMethod<&LogTableHandle::JS_node>("node"),
                        InstanceMethod<&LogTableHandle::JS_path>("path"),
                        InstanceMethod<&LogTableHandle::JS_columns>("columns"),
                        InstanceMethod<&LogTableHandle::JS_tree>("tree"),
                        InstanceMethod<&LogTableHandle::JS_sortByName>("sortByName"),
                        InstanceMethod<&LogTableHandle::JS_sortContents>("sortContents"),
                        InstanceMethod<&LogTableHandle::JS_traits>("traits"),
                        InstanceMethod<&LogTableHandle::JS_nodeText>("nodeText"),
                        InstanceMethod<&LogTableHandle::JS_claim>("claim"),
                        InstanceMethod<&LogTableHandle::JS_claims>("claims"),
                        InstanceMethod<&LogTableHandle::JS_holes>("holes"),
                        InstanceMethod<&LogTableHandle::JS_overlaps>("overlaps")});
  }

  // new LogTable(layout, unit): offsets by name, and the allocation unit in bytes
  explicit LogTableHandle(const Napi::CallbackInfo& info) : Napi::ObjectWrap<LogTableHandle>(info) {
    const Napi::Env env = info.Env();
    require(env, info[0].IsObject(), "layout");
    const Napi::Object names = info[0].As<Napi::Object>();
    layout_.forEach([&](const char* name, uint32_t* field) { *field = requireBelow(env, names.Get(name), kMostLayout, name); });
    const uint64_t unit = requireCount(env, info[1], "unit");
    require(env, layout_.fits() && unit > 0, "layout");
    table_ = std::make_unique<LogTable>(layout_, unit);
  }

 private:
  // reserve(entries, more)
  void JS_reserve(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    table_->reserve(requireBelow(env, info[0], kMostSlots, "entries"), requireBelow(env, info[1], kMostSlots, "more"));
  }

  // addDaxdev(size, reserved)
  void JS_addDaxdev(const Napi::CallbackInfo& info) {
    Daxdev daxdev = {};
    daxdev.size = requireCount(info.Env(), info[0], "size");
    daxdev.reserved = requireCount(info.Env(), info[1], "reserved");
    table_->daxdevs().push_back(std::move(daxdev));
  }

  // decode(device, firstSlot, from, to, threads)
  void JS_decode(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const Slots slots = requireSlots(info);
    const uint32_t threads = requireBelow(env, info[4], kMostThreads + 1, "threads");
    require(env, threads > 0, "threads");
    table_->decode(slots.place, slots.from, slots.to, threads);
  }

  void JS_dropDecoded(const Napi::CallbackInfo&) { table_->dropDecoded(); }

  // decodeBytes(bytes, from, to)
  void JS_decodeBytes(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const Bytes bytes = requireBytes(env, info[0], "bytes");
    const uint32_t from = requireBelow(env, info[1], kMostSlots, "from");
    const uint32_t to = requireBelow(env, info[2], kMostSlots, "to");
    require(env, from <= to && to - from <= bytes.length / layout_.entrySize, "slots");
    table_->decodeBytes(bytes.data, from, to);
  }

  // encode(slot, numbers, paths, extents): the bytes of entries for consecutive slots
  Napi::Value JS_encode(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const uint32_t slot = requireBelow(env, info[0], kMostSlots, "slot");
    const AppliedColumns columns = requireColumns(info);
    const auto bytes = Napi::Buffer<uint8_t>::New(env, columns.entries * layout_.entrySize);
    require(env, table_->encode(columns, slot, bytes.Data()), "entries");
    return bytes;
  }

  // take(slot, numbers, paths, extents): as decodeBytes for the bytes of encode
  void JS_take(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const uint32_t slot = requireBelow(env, info[0], kMostSlots, "slot");
    require(env, table_->take(requireColumns(info), slot), "entries");
  }

  Napi::Value JS_advance(const Napi::CallbackInfo& info) {
    uint64_t next = 0;
    LogTable::Fault fault = {};
    if (!table_->advance(&next, &fault)) raiseFault(info.Env(), fault);
    return Napi::Number::New(info.Env(), static_cast<double>(next));
  }

  void JS_resume(const Napi::CallbackInfo& info) { table_->resume(requireBelow(info.Env(), info[0], kMostSlots, "slot")); }

  // record(on)
  void JS_record(const Napi::CallbackInfo& info) {
    require(info.Env(), info[0].IsBoolean(), "on");
    table_->record(info[0].As<Napi::Boolean>());
  }

  // takeRecord(): see AppliedBlock in ../logTable.ts
  Napi::Value JS_takeRecord(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const std::unique_ptr<AppliedRecord> record = table_->takeRecord();
    require(env, record != nullptr, "record");
    return told(env, std::move(*record));
  }

  // keep(on)
  void JS_keep(const Napi::CallbackInfo& info) {
    require(info.Env(), info[0].IsBoolean(), "on");
    table_->keep(info[0].As<Napi::Boolean>());
  }

  // kept(place, numbers, paths, extents): fills an AppliedBlock, in memory of the caller, from a place of two numbers on, which it
  // moves. Returns how many elements of each are used.
  Napi::Value JS_kept(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    for (const size_t i : {0, 1, 3})
      require(env, isArray(info[i], napi_float64_array), "block");
    Napi::Float64Array place = info[0].As<Napi::Float64Array>();
    require(env, place.ElementLength() == 2, "place");
    Napi::Float64Array numbers = info[1].As<Napi::Float64Array>();
    const Bytes paths = requireBytes(env, info[2], "paths");
    Napi::Float64Array extents = info[3].As<Napi::Float64Array>();
    PackedEntries::Cursor cursor = {requireCount(env, Napi::Number::New(env, place[0]), "place"),
                                    requireBelow(env, Napi::Number::New(env, place[1]), uint64_t{1} << 32, "place")};
    AppliedTarget target = {numbers.Data(), numbers.ElementLength(), 0, paths.data, paths.length, 0, extents.Data(), extents.ElementLength(),
                            0};
    table_->kept(&cursor, &target);
    place[0] = static_cast<double>(cursor.at);
    place[1] = cursor.row;
    Napi::Float64Array used = Napi::Float64Array::New(env, 3);
    used[0] = static_cast<double>(target.numbersUsed);
    used[1] = static_cast<double>(target.bytesUsed);
    used[2] = static_cast<double>(target.extentsUsed);
    return used;
  }

  // takeDecoded(): as takeRecord
  Napi::Value JS_takeDecoded(const Napi::CallbackInfo& info) {
    AppliedRecord taken;
    LogTable::Fault fault = {};
    if (!table_->takeDecoded(&taken, &fault)) raiseFault(info.Env(), fault);
    return told(info.Env(), std::move(taken));
  }

  // addNode(kind, slot, mode, uid, gid, size, bytes, start, end)
  Napi::Value JS_addNode(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const NodeKind kind = requireBelow(env, info[0], 2, "kind") == 0 ? NodeKind::kFile : NodeKind::kDirectory;
    const uint32_t slot = requireBelow(env, info[1], kMostSlots, "slot");
    const uint16_t mode = static_cast<uint16_t>(requireBelow(env, info[2], 1u << 16, "mode"));
    const uint32_t uid = requireBelow(env, info[3], uint64_t{1} << 32, "uid");
    const uint32_t gid = requireBelow(env, info[4], uint64_t{1} << 32, "gid");
    const Node node(kind, mode, slot, uid, gid, requireCount(env, info[5], "size"));
    const PathArgument path = requirePath(info, 6);
    return Napi::Number::New(env, static_cast<double>(table_->addNode(node, path.bytes, path.length)));
  }

  // faultOf(bytes, start, end)
  Napi::Value JS_faultOf(const Napi::CallbackInfo& info) {
    const PathArgument path = requirePath(info, 0);
    return Napi::Number::New(info.Env(), static_cast<double>(table_->faultOf(path.bytes, path.length)));
  }

  // canAddFiles(paths, ends)
  Napi::Value JS_canAddFiles(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const Bytes paths = requireBytes(env, info[0], "paths");
    require(env, isArray(info[1], napi_uint32_array), "ends");
    const Napi::Uint32Array ends = info[1].As<Napi::Uint32Array>();
    uint32_t last = 0;
    for (size_t i = 0; i < ends.ElementLength(); last = ends[i++]) {
      require(env, ends[i] >= last && ends[i] <= paths.length && ends[i] - last <= kLongestPath, "ends");
    }
    return Napi::Boolean::New(env, table_->canAddFiles(paths.data, ends.Data(), ends.ElementLength()));
  }

  // find(bytes, start, end): the row, or -1
  Napi::Value JS_find(const Napi::CallbackInfo& info) {
    const PathArgument path = requirePath(info, 0);
    const uint32_t row = table_->find(path.bytes, path.length);
    return Napi::Number::New(info.Env(), row == PathTable::kNone ? -1.0 : row);
  }

  // childrenOf(row): the rows of what is in a directory; -1 is the root
  Napi::Value JS_childrenOf(const Napi::CallbackInfo& info) {
    const bool root = info[0].IsNumber() && info[0].As<Napi::Number>().Int32Value() == -1;
    return copied<Napi::Uint32Array>(info.Env(), table_->childrenOf(root ? PathTable::kNone : requireRow(info)));
  }

  // counts(): [nodes, directories, bytes of files]
  Napi::Value JS_counts(const Napi::CallbackInfo& info) {
    Napi::Float64Array counts = Napi::Float64Array::New(info.Env(), 3);
    counts[0] = table_->paths().count();
    counts[1] = table_->directories();
    counts[2] = static_cast<double>(table_->fileBytes());
    return counts;
  }

  // node(row): [kind, slot, mode, uid, gid, size, row of the parent or -1]
  Napi::Value JS_node(const Napi::CallbackInfo& info) {
    const uint32_t row = requireRow(info);
    const Node& node = table_->nodes()[row];
    Napi::Float64Array fields = Napi::Float64Array::New(info.Env(), 7);
    fields[0] = static_cast<double>(node.kind);
    fields[1] = node.slot;
    fields[2] = node.mode;
    fields[3] = node.uid;
    fields[4] = node.gid;
    fields[5] = static_cast<double>(node.size);
    const uint32_t parent = table_->parents()[row];
    fields[6] = parent == PathTable::kNone ? -1.0 : parent;
    return fields;
  }

  // path(row): its bytes
  Napi::Value JS_path(const Napi::CallbackInfo& info) {
    const uint32_t row = requireRow(info);
    const PathTable& paths = table_->paths();
    return Napi::Buffer<uint8_t>::Copy(info.Env(), paths.bytes(row), paths.length(row));
  }

  // columns(): copies of all columns, by row; the paths are concatenated, with the end of each
  Napi::Value JS_columns(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const BigVector<Node>& nodes = table_->nodes();
    const PathTable& paths = table_->paths();
    Napi::Object columns = Napi::Object::New(env);
    columns.Set("kinds", column<Napi::Uint8Array>(env, nodes, [](const Node& node) { return static_cast<uint8_t>(node.kind); }));
    columns.Set("modes", column<Napi::Uint16Array>(env, nodes, [](const Node& node) { return node.mode; }));
    columns.Set("slots", column<Napi::Uint32Array>(env, nodes, [](const Node& node) { return node.slot; }));
    columns.Set("uids", column<Napi::Uint32Array>(env, nodes, [](const Node& node) { return node.uid; }));
    columns.Set("gids", column<Napi::Uint32Array>(env, nodes, [](const Node& node) { return node.gid; }));
    columns.Set("parents", copied<Napi::Uint32Array>(env, table_->parents()));
    columns.Set("sizes", column<Napi::Float64Array>(env, nodes, [](const Node& node) { return static_cast<double>(node.size); }));
    Napi::Uint32Array ends = Napi::Uint32Array::New(env, paths.count());
    uint32_t end = 0;
    for (uint32_t row = 0; row < paths.count(); row++) ends.Data()[row] = end += paths.length(row);
    columns.Set("pathEnds", ends);
    // paths are consecutive in the table's memory too
    columns.Set("paths", Napi::Buffer<uint8_t>::Copy(env, paths.count() == 0 ? nullptr : paths.bytes(0), end));
    return columns;
  }

  // tree(): see TreeColumns in ../logTable.ts
  Napi::Value JS_tree(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const Contents contents = contentsOf(*table_);
    Napi::Object columns = Napi::Object::New(env);
    columns.Set("kinds", column<Napi::Uint8Array>(env, table_->nodes(), [](const Node& node) { return static_cast<uint8_t>(node.kind); }));
    columns.Set("rows", copied<Napi::Uint32Array>(env, contents.rows));
    columns.Set("starts", copied<Napi::Uint32Array>(env, contents.starts));
    columns.Set("nested", copied<Napi::Uint8Array>(env, contents.nested));
    return columns;
  }

  // sortByName(rows): in place; false if JavaScript has to
  Napi::Value JS_sortByName(const Napi::CallbackInfo& info) {
    const Rows rows = requireRows(info, 0);
    return Napi::Boolean::New(info.Env(), sortByName(*table_, rows.data, rows.count));
  }

  // sortContents(rows, starts, threads): in place, those of each directory; see sortContents in ../logTable.ts
  Napi::Value JS_sortContents(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const Rows rows = requireRows(info, 0);
    const Rows starts = rowsIn(info, 1);
    const bool fit = starts.count > 0 && starts.data[starts.count - 1] <= rows.count;
    require(env, fit && std::is_sorted(starts.data, starts.data + starts.count), "starts");
    return copied<Napi::Uint8Array>(env, sortContents(*table_, starts.data, starts.count - 1, rows.data, requireThreads(env, info[2])));
  }

  // traits(rows): kind, mode, uid and gid of each that there is
  Napi::Value JS_traits(const Napi::CallbackInfo& info) {
    const Rows rows = requireRows(info, 0);
    const std::vector<NodeTraits> all = traitsOf(*table_, rows.data, rows.count);
    Napi::Float64Array numbers = Napi::Float64Array::New(info.Env(), all.size() * NodeTraits::kNumbers);
    double* at = numbers.Data();
    for (const NodeTraits& traits : all)
      for (const uint32_t number : {traits.kind, traits.mode, traits.uid, traits.gid}) *at++ = number;
    return numbers;
  }

  // nodeText(programs, forms, plain, rows, place, end, threads, target): see NodeText in ../nodeText.ts. Moves the place, and puts a
  // TextStop after it. Returns the number of bytes.
  Napi::Value JS_nodeText(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    require(env, info[0].IsObject(), "programs");
    const TextForm form = requireForm(env, info[0].As<Napi::Object>());
    require(env, form.columns == kNodeColumns, "columns");
    const std::vector<NodeForm> forms = requireForms(env, info[1]);
    const Rows rows = rowsIn(info, 3);
    require(env, isArray(info[4], napi_uint32_array), "place");
    Napi::Uint32Array at = info[4].As<Napi::Uint32Array>();
    require(env, at.ElementLength() == 2, "place");
    size_t next = at[0];
    const uint32_t end = requireBelow(env, info[5], rows.count + uint64_t{1}, "end");
    const NodeForms given = {forms.data(), forms.size(), requirePlain(env, info[2])};
    size_t length = 0;
    TextStop stop = TextStop::kEnd;
    require(env,
            nodeText(form, given, *table_, rows.data, end, requireThreads(env, info[6]), requireSpace(env, info[7]), &next, &length, &stop),
            "nodes");
    at[0] = static_cast<uint32_t>(next);
    at[1] = static_cast<uint32_t>(stop);
    return Napi::Number::New(env, static_cast<double>(length));
  }

  // See NodeForm.
  static std::vector<NodeForm> requireForms(Napi::Env env, const Napi::Value& value) {
    require(env, isArray(value, napi_float64_array), "forms");
    const Napi::Float64Array numbers = value.As<Napi::Float64Array>();
    require(env, numbers.ElementLength() % NodeForm::kNumbers == 0, "forms");
    std::vector<NodeForm> forms;
    for (size_t i = 0; i < numbers.ElementLength(); i += NodeForm::kNumbers) {
      const double* form = numbers.Data() + i;
      for (size_t k = 0; k < NodeForm::kNumbers; k++) require(env, form[k] >= NodeForm::kAny && form[k] <= UINT32_MAX, "forms");
      const auto whole = [form](size_t k) { return static_cast<int64_t>(form[k]); };
      forms.push_back({whole(0), whole(1), whole(2), whole(3), form[4] == 1, static_cast<uint32_t>(whole(5)), form[6] == 1});
    }
    return forms;
  }

  // Valid until control returns to JavaScript.
  struct Rows {
    uint32_t* data;
    size_t count;
  };

  // Numbers in an argument, which may be no rows of the table.
  static Rows rowsIn(const Napi::CallbackInfo& info, size_t index) {
    require(info.Env(), isArray(info[index], napi_uint32_array), "rows");
    Napi::Uint32Array rows = info[index].As<Napi::Uint32Array>();
    return {rows.Data(), rows.ElementLength()};
  }

  Rows requireRows(const Napi::CallbackInfo& info, size_t index) const {
    const Rows rows = rowsIn(info, index);
    const uint32_t count = table_->paths().count();
    require(info.Env(), std::all_of(rows.data, rows.data + rows.count, [count](uint32_t row) { return row < count; }), "rows");
    return rows;
  }

  [[noreturn]] static void raiseFault(Napi::Env env, const LogTable::Fault& fault) {
    raise(env, {"SIGBUS", "read", 0, fault.mapping->path, fault.at});
  }

  struct Slots {
    LogPlace place;
    uint32_t from, to;
  };

  // The slots [info[2], info[3]) of the log whose slot 0 begins at byte info[1] of the device info[0].
  Slots requireSlots(const Napi::CallbackInfo& info) const {
    const Napi::Env env = info.Env();
    const LogPlace place = {Device::mappingOf(env, info[0]), requireCount(env, info[1], "firstSlot")};
    const uint32_t from = requireBelow(env, info[2], kMostSlots, "from");
    const uint32_t to = requireBelow(env, info[3], kMostSlots, "to");
    const uint64_t size = place.mapping->size;
    require(env, from <= to && place.firstSlot <= size && to <= (size - place.firstSlot) / layout_.entrySize, "slots");
    return {place, from, to};
  }

  // The entries in info[1], info[2] and info[3]; valid until control returns to JavaScript.
  AppliedColumns requireColumns(const Napi::CallbackInfo& info) const {
    const Napi::Env env = info.Env();
    const Bytes paths = requireBytes(env, info[2], "paths");
    for (const size_t i : {1, 3}) {
      require(env, isArray(info[i], napi_float64_array), "entries");
    }
    const Napi::Float64Array numbers = info[1].As<Napi::Float64Array>();
    const Napi::Float64Array extents = info[3].As<Napi::Float64Array>();
    const size_t entries = numbers.ElementLength() / AppliedRecord::kNumbers;
    require(env, entries * AppliedRecord::kNumbers == numbers.ElementLength() && entries < kMostSlots, "entries");
    return {numbers.Data(), entries, paths.data, paths.length, extents.Data(), extents.ElementLength()};
  }

  Claims& requireClaims(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const uint32_t index = requireBelow(env, info[0], table_->daxdevs().size(), "daxdev");
    require(env, info[1].IsBoolean(), "doubtful");
    Daxdev& daxdev = table_->daxdevs()[index];
    return info[1].As<Napi::Boolean>() ? daxdev.doubtful : daxdev.claims;
  }

  // claim(daxdev, doubtful, start, end, owner)
  void JS_claim(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    Claims& claims = requireClaims(info);
    const uint64_t start = requireCount(env, info[2], "start");
    const uint64_t end = requireCount(env, info[3], "end");
    require(env, info[4].IsNumber(), "owner");
    claims.add(start, end, info[4].As<Napi::Number>().Int32Value());
  }

  // claims(daxdev, doubtful): [number of claims, bytes of files]
  Napi::Value JS_claims(const Napi::CallbackInfo& info) {
    const Claims& claims = requireClaims(info);
    Napi::Float64Array totals = Napi::Float64Array::New(info.Env(), 2);
    totals[0] = static_cast<double>(claims.count());
    totals[1] = static_cast<double>(claims.claimedByFiles());
    return totals;
  }

  // holes(daxdev, doubtful, size, unit): start and end of each free range of [0, size)
  Napi::Value JS_holes(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    Claims& claims = requireClaims(info);
    const uint64_t size = requireCount(env, info[2], "size");
    const uint64_t unit = requireCount(env, info[3], "unit");
    require(env, unit > 0, "unit");
    std::vector<double> holes;
    claims.holes(size, unit, [&](uint64_t start, uint64_t end) {
      holes.push_back(static_cast<double>(start));
      holes.push_back(static_cast<double>(end));
    });
    return copied<Napi::Float64Array>(env, holes);
  }

  // overlaps(daxdev, doubtful): start, end and owner of the earlier claim, then of the later one, for each overlap
  Napi::Value JS_overlaps(const Napi::CallbackInfo& info) {
    Claims& claims = requireClaims(info);
    std::vector<double> found;
    claims.overlaps([&](const Claim& earlier, const Claim& later) {
      for (const Claim* claim : {&earlier, &later}) {
        found.push_back(static_cast<double>(claim->start));
        found.push_back(static_cast<double>(claim->end));
        found.push_back(claim->owner);
      }
    });
    return copied<Napi::Float64Array>(info.Env(), found);
  }

  uint32_t requireRow(const Napi::CallbackInfo& info) const {
    return requireBelow(info.Env(), info[0], table_->paths().count(), "row");
  }

  LogLayout layout_ = {};
  std::unique_ptr<LogTable> table_;
};

void exportLogTable(Napi::Env env, Napi::Object exports) { exports.Set("LogTable", LogTableHandle::define(env)); }

}  // namespace famfs
