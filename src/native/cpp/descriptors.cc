// What is asked of descriptors that results are written to.
#include <napi.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>

#include "addon.h"
#include "arguments.h"

namespace famfs {
namespace {

constexpr unsigned kMemoryDevices = 1;  // the major number of /dev/null, /dev/zero and /dev/full

// Whether anybody can still read what is written to a descriptor: false once the other end of a pipe or socket is closed.
Napi::Value JS_hasReader(const Napi::CallbackInfo& info) {
  pollfd watched{requireDescriptor(info.Env(), info[0]), POLLOUT, 0};
  const bool asked = poll(&watched, 1, 0) >= 0;
  return Napi::Boolean::New(info.Env(), !asked || (watched.revents & (POLLERR | POLLHUP | POLLNVAL)) == 0);
}

ssize_t writeWithoutWaiting(int fd, const Bytes& bytes) {
  struct stat facts;
  if (fstat(fd, &facts) != 0) return -1;
  const bool isMemory = S_ISCHR(facts.st_mode) && major(facts.st_rdev) == kMemoryDevices;
  if (S_ISREG(facts.st_mode) || isMemory) return write(fd, bytes.data, bytes.length);
  if (!S_ISFIFO(facts.st_mode)) return -1;
  const iovec all = {bytes.data, bytes.length};
  return pwritev2(fd, &all, 1, -1, RWF_NOWAIT);
}

// writeAtOnce(fd, bytes): writes what needs no reader. Returns the number of bytes; 0 after an error too, which another write will meet.
Napi::Value JS_writeAtOnce(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const ssize_t written = writeWithoutWaiting(requireDescriptor(env, info[0]), requireBytes(env, info[1], "bytes"));
  return Napi::Number::New(env, static_cast<double>(std::max<ssize_t>(written, 0)));
}

}  // namespace

void exportDescriptors(Napi::Env env, Napi::Object exports) {
  exports.Set("hasReader", Napi::Function::New<JS_hasReader>(env, "hasReader"));
  exports.Set("writeAtOnce", Napi::Function::New<JS_writeAtOnce>(env, "writeAtOnce"));
}

}  // namespace famfs
