#include <napi.h>

#include <cstdint>
#include <cstring>

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

// Records of `length` bytes from `start + i * stride`, one for each result; they may overlap, never leave the bytes
struct Records {
  const uint8_t* first;
  uint64_t stride;
  uint64_t length;
  uint64_t count;
  uint32_t* results;
};

// Arguments (bytes, start, stride, length, results)
Records requireRecords(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Bytes bytes = requireBytes(env, info[0], "bytes");
  const uint64_t start = requireCount(env, info[1], "start");
  const uint64_t stride = requireCount(env, info[2], "stride");
  const uint64_t length = requireCount(env, info[3], "length");
  require(env, info[4].IsTypedArray() && info[4].As<Napi::TypedArray>().TypedArrayType() == napi_uint32_array, "results");
  Napi::Uint32Array results = info[4].As<Napi::Uint32Array>();
  const uint64_t count = results.ElementLength();
  const uint64_t size = bytes.length;
  if (count > 0) {
    require(env, length <= size && start <= size - length, "length");
    require(env, count == 1 || stride <= (size - length - start) / (count - 1), "count");
  }
  return {bytes.data + (count > 0 ? start : 0), stride, length, count, results.Data()};
}

// crc32Records(bytes, start, stride, length, results)
void JS_crc32Records(const Napi::CallbackInfo& info) {
  const Records records = requireRecords(info);
  for (uint64_t i = 0; i < records.count; i++)
    records.results[i] = crc32(records.first + i * records.stride, records.length);
}

// Bytes up to the last that is not 0
uint64_t usedLength(const uint8_t* bytes, uint64_t length) {
  for (uint64_t word; length >= sizeof word; length -= sizeof word) {
    std::memcpy(&word, bytes + length - sizeof word, sizeof word);
    if (word != 0) break;
  }
  while (length > 0 && bytes[length - 1] == 0) length--;
  return length;
}

// usedLengths(bytes, start, stride, length, results)
void JS_usedLengths(const Napi::CallbackInfo& info) {
  const Records records = requireRecords(info);
  require(info.Env(), records.length <= UINT32_MAX, "length");
  for (uint64_t i = 0; i < records.count; i++) {
    records.results[i] = static_cast<uint32_t>(usedLength(records.first + i * records.stride, records.length));
  }
}

}  // namespace

void exportRecords(Napi::Env env, Napi::Object exports) {
  exports.Set("crc32", Napi::Function::New<JS_crc32>(env, "crc32"));
  exports.Set("crc32Records", Napi::Function::New<JS_crc32Records>(env, "crc32Records"));
  exports.Set("usedLengths", Napi::Function::New<JS_usedLengths>(env, "usedLengths"));
}

}  // namespace famfs
