// Checks of arguments from JavaScript. TypeScript has checked them already, so a failure here is a bug of ours, not of the user.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace famfs {

struct Bytes {
  uint8_t* data;
  size_t length;
};

// Throws unless the condition is true; `what` names the argument.
void require(Napi::Env env, bool condition, const char* what);

// A whole number from 0 to 2^53 - 1.
uint64_t requireCount(Napi::Env env, const Napi::Value& value, const char* what);

// A valid number for a descriptor; the first system call tells whether it is open.
int requireDescriptor(Napi::Env env, const Napi::Value& value);

// A BigInt from 0 to 2^64 - 1.
uint64_t requireWhole(Napi::Env env, const Napi::Value& value, const char* what);

// Whether it is a typed array of this kind.
bool isArray(const Napi::Value& value, napi_typedarray_type type);

// The memory of a Uint8Array; valid until control returns to JavaScript.
Bytes requireBytes(Napi::Env env, const Napi::Value& value, const char* what);

// A copy of the same memory.
std::string copyBytes(Napi::Env env, const Napi::Value& value, const char* what);

}  // namespace famfs
