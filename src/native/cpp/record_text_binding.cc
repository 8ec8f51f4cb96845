#include "record_text_binding.h"

#include "addon.h"
#include "arguments.h"
#include "entry_text.h"

namespace famfs {
namespace {

constexpr uint64_t kMostThreads = 256;

template <typename Array>
Array requireArray(Napi::Env env, const Napi::Object& object, const char* name, napi_typedarray_type type) {
  const Napi::Value value = object.Get(name);
  require(env, isArray(value, type), name);
  return value.As<Array>();
}

}  // namespace

TextForm requireForm(Napi::Env env, const Napi::Object& given) {
  const Napi::Uint32Array code = requireArray<Napi::Uint32Array>(env, given, "code", napi_uint32_array);
  const Bytes texts = requireBytes(env, given.Get("texts"), "texts");
  const Bytes separator = requireBytes(env, given.Get("separator"), "separator");
  TextForm form = {};
  form.columns = requireCount(env, given.Get("columns"), "columns");
  form.rowColumns = requireCount(env, given.Get("rowColumns"), "rowColumns");
  require(env, form.columns >= kRecordColumns && form.rowColumns > 0, "columns");
  form.code = code.Data();
  form.codeLength = code.ElementLength();
  form.texts = texts.data;
  form.textLength = texts.length;
  form.separator = separator.data;
  form.separatorLength = separator.length;
  return form;
}

const uint8_t* requirePlain(Napi::Env env, const Napi::Value& value) {
  const Bytes plain = requireBytes(env, value, "plain");
  require(env, plain.length == 256, "plain");
  return plain.data;
}

unsigned requireThreads(Napi::Env env, const Napi::Value& value) {
  const uint64_t threads = requireCount(env, value, "threads");
  require(env, threads > 0 && threads <= kMostThreads, "threads");
  return static_cast<unsigned>(threads);
}

TextSpace requireSpace(Napi::Env env, const Napi::Value& value) {
  const Bytes bytes = requireBytes(env, value, "target");
  return {reinterpret_cast<char*>(bytes.data), bytes.length};
}

namespace {

// recordText(records): see TextRecords in ../recordText.ts
Napi::Value JS_recordText(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  require(env, info[0].IsObject(), "records");
  const Napi::Object given = info[0].As<Napi::Object>();
  Napi::Float64Array numbers = requireArray<Napi::Float64Array>(env, given, "numbers", napi_float64_array);
  Napi::Float64Array rows = requireArray<Napi::Float64Array>(env, given, "rows", napi_float64_array);
  const Bytes names = requireBytes(env, given.Get("names"), "names");
  const Bytes images = requireBytes(env, given.Get("images"), "images");
  TextRecords records = {};
  records.form = requireForm(env, given);
  records.numbers = numbers.Data();
  records.records = numbers.ElementLength() / records.form.columns;
  records.rows = rows.Data();
  records.rowCount = rows.ElementLength() / records.form.rowColumns;
  records.names = names.data;
  records.nameLength = names.length;
  records.images = images.data;
  records.imageLength = images.length;
  thread_local TextBuffer text;
  text.clear();
  require(env, recordText(records, &text), "records");
  return Napi::Buffer<char>::Copy(env, text.data(), text.size());
}

// entryText(programs, starts, plain, block, place, end, threads, target): see EntryText in ../recordText.ts. Moves the place, and puts a
// TextStop after it. Returns the number of bytes.
Napi::Value JS_entryText(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  require(env, info[0].IsObject() && info[3].IsObject(), "programs");
  const TextForm form = requireForm(env, info[0].As<Napi::Object>());
  require(env, form.columns == kEntryColumns && form.rowColumns == AppliedRecord::kExtentNumbers, "columns");
  require(env, isArray(info[1], napi_uint32_array), "starts");
  const Napi::Uint32Array starts = info[1].As<Napi::Uint32Array>();
  require(env, starts.ElementLength() == 3, "starts");
  const Napi::Object block = info[3].As<Napi::Object>();
  const Napi::Float64Array numbers = requireArray<Napi::Float64Array>(env, block, "numbers", napi_float64_array);
  const Napi::Float64Array extents = requireArray<Napi::Float64Array>(env, block, "extents", napi_float64_array);
  const Bytes paths = requireBytes(env, block.Get("paths"), "paths");
  require(env, isArray(info[4], napi_float64_array), "place");
  Napi::Float64Array at = info[4].As<Napi::Float64Array>();
  require(env, at.ElementLength() == 4, "place");
  EntryPlace place = {requireCount(env, Napi::Number::New(env, at[0]), "place"), requireCount(env, Napi::Number::New(env, at[1]), "place"),
                      requireCount(env, Napi::Number::New(env, at[2]), "place")};
  const uint64_t end = requireCount(env, info[5], "end");
  const EntryPrograms programs = {starts[0], starts[1], starts[2], requirePlain(env, info[2])};
  const AppliedColumns columns = {numbers.Data(), numbers.ElementLength() / AppliedRecord::kNumbers, paths.data, paths.length,
                                  extents.Data(), extents.ElementLength()};
  size_t length = 0;
  TextStop stop = TextStop::kEnd;
  require(env, entryText(form, programs, columns, end, requireThreads(env, info[6]), requireSpace(env, info[7]), &place, &length, &stop),
          "entries");
  at[0] = static_cast<double>(place.numbers);
  at[1] = static_cast<double>(place.path);
  at[2] = static_cast<double>(place.extents);
  at[3] = static_cast<double>(stop);
  return Napi::Number::New(env, static_cast<double>(length));
}

}  // namespace

void exportRecordText(Napi::Env env, Napi::Object exports) {
  exports.Set("recordText", Napi::Function::New<JS_recordText>(env, "recordText"));
  exports.Set("entryText", Napi::Function::New<JS_entryText>(env, "entryText"));
}

}  // namespace famfs
