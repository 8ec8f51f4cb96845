#include "record_text.h"

#include <napi.h>

#include "addon.h"
#include "arguments.h"

namespace famfs {
namespace {

template <typename Array>
Array requireArray(Napi::Env env, const Napi::Object& object, const char* name, napi_typedarray_type type) {
  const Napi::Value value = object.Get(name);
  require(env, value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == type, name);
  return value.As<Array>();
}

// recordText(records): see TextRecords in ../recordText.ts
Napi::Value JS_recordText(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  require(env, info[0].IsObject(), "records");
  const Napi::Object given = info[0].As<Napi::Object>();
  Napi::Uint32Array code = requireArray<Napi::Uint32Array>(env, given, "code", napi_uint32_array);
  Napi::Float64Array numbers = requireArray<Napi::Float64Array>(env, given, "numbers", napi_float64_array);
  Napi::Float64Array rows = requireArray<Napi::Float64Array>(env, given, "rows", napi_float64_array);
  const Bytes texts = requireBytes(env, given.Get("texts"), "texts");
  const Bytes names = requireBytes(env, given.Get("names"), "names");
  const Bytes images = requireBytes(env, given.Get("images"), "images");
  const Bytes separator = requireBytes(env, given.Get("separator"), "separator");
  TextRecords records = {};
  records.columns = requireCount(env, given.Get("columns"), "columns");
  records.rowColumns = requireCount(env, given.Get("rowColumns"), "rowColumns");
  require(env, records.columns > 0 && records.rowColumns > 0, "columns");
  records.code = code.Data();
  records.codeLength = code.ElementLength();
  records.texts = texts.data;
  records.textLength = texts.length;
  records.numbers = numbers.Data();
  records.records = numbers.ElementLength() / records.columns;
  records.rows = rows.Data();
  records.rowCount = rows.ElementLength() / records.rowColumns;
  records.names = names.data;
  records.nameLength = names.length;
  records.images = images.data;
  records.imageLength = images.length;
  records.separator = separator.data;
  records.separatorLength = separator.length;
  // kept for the next call: fresh memory for each megabyte of text would cost more than the text
  thread_local std::string text;
  text.clear();
  require(env, recordText(records, &text), "records");
  return Napi::Buffer<char>::Copy(env, text.data(), text.size());
}

}  // namespace

void exportRecordText(Napi::Env env, Napi::Object exports) {
  exports.Set("recordText", Napi::Function::New<JS_recordText>(env, "recordText"));
}

}  // namespace famfs
