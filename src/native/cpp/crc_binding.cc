#include <napi.h>

#include "addon.h"
#include "arguments.h"
#include "crc.h"

namespace famfs {
namespace {

// crc32(bytes)
Napi::Value JS_crc32(const Napi::CallbackInfo& info) {
  const Bytes bytes = requireBytes(info.Env(), info[0], "bytes");
  return Napi::Number::New(info.Env(), crc32(bytes.data, bytes.length));
}

// crc32Records(bytes, start, stride, length, results): one result a record; records may overlap, never leave bytes
void JS_crc32Records(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Bytes bytes = requireBytes(env, info[0], "bytes");
  const uint64_t start = requireCount(env, info[1], "start");
  const uint64_t stride = requireCount(env, info[2], "stride");
  const uint64_t length = requireCount(env, info[3], "length");
  require(env, info[4].IsTypedArray() && info[4].As<Napi::TypedArray>().TypedArrayType() == napi_uint32_array, "results");
  Napi::Uint32Array results = info[4].As<Napi::Uint32Array>();
  const uint64_t count = results.ElementLength();
  const uint64_t size = bytes.length;
  if (count == 0) return;
  require(env, length <= size && start <= size - length, "length");
  require(env, count == 1 || stride <= (size - length - start) / (count - 1), "count");
  const uint8_t* record = bytes.data + start;
  uint32_t* result = results.Data();
  for (uint64_t i = 0; i < count; i++) result[i] = crc32(record + i * stride, length);
}

}  // namespace

void exportCrc(Napi::Env env, Napi::Object exports) {
  exports.Set("crc32", Napi::Function::New<JS_crc32>(env, "crc32"));
  exports.Set("crc32Records", Napi::Function::New<JS_crc32Records>(env, "crc32Records"));
}

}  // namespace famfs
