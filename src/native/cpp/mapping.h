// One device (or a file in its place), opened and mapped completely. Plain C++: no JavaScript here.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "guard.h"
#include "prefault.h"

namespace famfs {

constexpr size_t kFaultPage = 4096;  // how much one bad place in memory is assumed to spoil

// What the caller knows of a path; openMapping checks that it still holds.
struct Target {
  std::string path;
  bool device = false;    // character device; else a regular file
  bool writable = false;
  uint64_t size = 0;      // bytes of a device; ignored for a file, which has its own size
  uint64_t numbers[2] = {0, 0};  // major and minor of a device; st_dev and st_ino of a file
};

struct Mapping {
  std::string path;
  int fd = -1;
  uint8_t* base = nullptr;
  size_t size = 0;    // bytes the caller may touch
  size_t mapped = 0;  // bytes mapped: size, rounded up to a whole page
  bool writable = false;
  bool cached = false;  // a file in this host's page cache: no other host sees its bytes, and pread(2) returns what a load does
  std::unique_ptr<Prefault> prefault;  // for a file

  // Whether [offset, offset + length) is a hole of a file in this host's page cache, and so zero. False if that is not known.
  bool isHole(uint64_t offset, uint64_t length) const;

  // Whether [offset, offset + length) of a file in this host's page cache may be stored to by system calls, which saves a page
  // fault for each page. Not where the file has become shorter: a call would make it longer where a store faults.
  bool takesCalls(uint64_t offset, uint64_t length) const;

  // Whether other hosts may change its memory without this host's caches noticing.
  bool isShared() const;

  // What makes its pages ready to be loaded; nullptr for a device, and where read() needs none.
  const Prefault* prefaultToLoad() const { return isShared() ? prefault.get() : nullptr; }

  // Reads by a system call what no other host shares. False if not all of it came: loads of memory tell why.
  bool read(uint64_t offset, uint8_t* target, size_t length) const;

  // Stores by a system call, past a mapping that takes calls. False if not all of it was stored: stores to memory tell why.
  bool write(uint64_t offset, const uint8_t* source, size_t length) const;

  // Gives the range back to the file system, which then has zeros there. False if it cannot do so.
  bool punch(uint64_t offset, size_t length) const;

  Mapping() = default;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  // Runs a body that touches [offset, offset + length), which may be empty only if it touches nothing. False if it faulted; the
  // first unreachable byte of the range is then in *faulted.
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

// Whether files in the page cache are used by system calls; false in tests of what is done to the memory of a device.
extern std::atomic<bool> filesByCalls;

struct OpenFailure {
  const char* code = nullptr;  // nullptr: see the errno
  const char* syscall = nullptr;
  int error = 0;
};

// Opens and maps the target; nullptr and the failure if that fails.
std::shared_ptr<Mapping> openMapping(const Target& target, OpenFailure* failure);

}  // namespace famfs
