// The only way to throw a JavaScript exception from C++.
#pragma once

#include <napi.h>

#include <cstdint>
#include <string>

namespace famfs {

constexpr uint64_t kNoOffset = UINT64_MAX;

struct Failure {
  const char* code = nullptr;     // symbolic code; nullptr: the name of the errno below
  const char* syscall = nullptr;  // what failed
  int error = 0;                  // errno
  std::string path;
  uint64_t offset = kNoOffset;  // byte of the device where memory faulted
};

// Throws a DeviceError (the class given to setErrorClass) made from the failure.
[[noreturn]] void raise(Napi::Env env, const Failure& failure);

}  // namespace famfs
