#include "arguments.h"

#include <climits>

#include "failure.h"

namespace famfs {

void require(Napi::Env env, bool condition, const char* what) {
  if (!condition) raise(env, {"EINVAL", what, 0, "", kNoOffset});
}

uint64_t requireCount(Napi::Env env, const Napi::Value& value, const char* what) {
  constexpr double kMost = 9007199254740991.0;
  require(env, value.IsNumber(), what);
  const double number = value.As<Napi::Number>().DoubleValue();
  require(env, number >= 0 && number <= kMost, what);
  const uint64_t count = static_cast<uint64_t>(number);
  require(env, static_cast<double>(count) == number, what);
  return count;
}

int requireDescriptor(Napi::Env env, const Napi::Value& value) {
  const uint64_t fd = requireCount(env, value, "fd");
  require(env, fd <= INT_MAX, "fd");
  return static_cast<int>(fd);
}

uint64_t requireWhole(Napi::Env env, const Napi::Value& value, const char* what) {
  require(env, value.IsBigInt(), what);
  bool exact = false;
  const uint64_t whole = value.As<Napi::BigInt>().Uint64Value(&exact);
  require(env, exact, what);
  return whole;
}

bool isArray(const Napi::Value& value, napi_typedarray_type type) {
  return value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == type;
}

Bytes requireBytes(Napi::Env env, const Napi::Value& value, const char* what) {
  require(env, isArray(value, napi_uint8_array), what);
  Napi::Uint8Array array = value.As<Napi::Uint8Array>();
  return {array.Data(), array.ByteLength()};
}

std::string copyBytes(Napi::Env env, const Napi::Value& value, const char* what) {
  const Bytes bytes = requireBytes(env, value, what);
  return {reinterpret_cast<const char*>(bytes.data), bytes.length};
}

}  // namespace famfs
