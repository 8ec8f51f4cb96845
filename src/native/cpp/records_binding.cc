#include <napi.h>

#include <cstdint>

#include "addon.h"
#include "arguments.h"
#include "crc.h"
#include "records.h"
#include "wide_registers.h"

namespace famfs {
namespace {

// crc32(bytes)
Napi::Value JS_crc32(const Napi::CallbackInfo& info) {
  const Bytes bytes = requireBytes(info.Env(), info[0], "bytes");
  return Napi::Number::New(info.Env(), crc32(bytes.data, bytes.length));
}

// Calls each(i, record) for each record of the arguments (bytes, start, stride, length, results); results has one element each.
template <typename Each>
void forEachRecord(const Napi::CallbackInfo& info, Each each) {
  const Napi::Env env = info.Env();
  const Bytes bytes = requireBytes(env, info[0], "bytes");
  Records records = {};
  records.start = requireCount(env, info[1], "start");
  records.stride = requireCount(env, info[2], "stride");
  records.length = requireCount(env, info[3], "length");
  require(env, records.length <= UINT32_MAX, "length");
  require(env, isArray(info[4], napi_uint32_array), "results");
  Napi::Uint32Array results = info[4].As<Napi::Uint32Array>();
  records.count = results.ElementLength();
  require(env, records.fitIn(bytes.length), "records");
  uint32_t* result = results.Data();
  for (uint64_t i = 0; i < records.count; i++) {
    result[i] = each(bytes.data + records.start + i * records.stride, records.length);
  }
}

// crc32Records(bytes, start, stride, length, results)
void JS_crc32Records(const Napi::CallbackInfo& info) {
  forEachRecord(info, [](const uint8_t* bytes, uint64_t length) { return crc32Padded(bytes, usedLength(bytes, length), length); });
}

// usedLengths(bytes, start, stride, length, results)
void JS_usedLengths(const Napi::CallbackInfo& info) {
  forEachRecord(info, [](const uint8_t* bytes, uint64_t length) { return static_cast<uint32_t>(usedLength(bytes, length)); });
}

// useWideRegisters(allowed)
void JS_useWideRegisters(const Napi::CallbackInfo& info) { useWideRegisters(info[0].As<Napi::Boolean>().Value()); }

}  // namespace

void exportRecords(Napi::Env env, Napi::Object exports) {
  exports.Set("crc32", Napi::Function::New<JS_crc32>(env, "crc32"));
  exports.Set("crc32Records", Napi::Function::New<JS_crc32Records>(env, "crc32Records"));
  exports.Set("useWideRegisters", Napi::Function::New<JS_useWideRegisters>(env, "useWideRegisters"));
  exports.Set("usedLengths", Napi::Function::New<JS_usedLengths>(env, "usedLengths"));
}

}  // namespace famfs
