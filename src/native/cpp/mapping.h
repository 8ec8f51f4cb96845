// One device (or file standing in for one), open and mapped from end to end. Plain C++: no JavaScript here.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "guard.h"
#include "prefault.h"

namespace famfs {

constexpr size_t kFaultPage = 4096;  // what one bad place in memory is taken to spoil

// What the caller found out about a path, for openMapping to hold it to.
struct Target {
  std::string path;
  bool device = false;    // character device; else a regular file
  bool writable = false;
  uint64_t size = 0;      // bytes of a device; a file's own size counts instead
  uint64_t numbers[2] = {0, 0};  // major and minor of a device; st_dev and st_ino of a file
};

struct Mapping {
  std::string path;
  int fd = -1;
  uint8_t* base = nullptr;
  size_t size = 0;    // bytes the caller may touch
  size_t mapped = 0;  // bytes mapped: size, up to a whole page
  bool writable = false;
  bool cached = false;  // a file whose bytes are this host's page cache: no other host has them, and pread(2) gives what a load does
  std::unique_ptr<Prefault> prefault;  // of a file

  Mapping() = default;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  // Runs a body that touches [offset, offset + length), which is not empty unless it touches nothing. False when it faulted,
  // with the first byte of the range that cannot be reached in *faulted.
  template <typename Body>
  bool touch(uint64_t offset, uint64_t length, uint64_t* faulted, Body body) const {
    uintptr_t hit = 0;
    if (guarded(base, mapped, &hit, body)) return true;
    *faulted = locateFault(offset, length, hit - reinterpret_cast<uintptr_t>(base));
    return false;
  }

 private:
  uint64_t locateFault(uint64_t offset, uint64_t length, uint64_t hit) const;
};

struct OpenFailure {
  const char* code = nullptr;  // nullptr: the errno says it
  const char* syscall = nullptr;
  int error = 0;
};

// Opens and maps the target; nullptr and the failure when that does not go.
std::shared_ptr<Mapping> openMapping(const Target& target, OpenFailure* failure);

}  // namespace famfs
