// Descriptors of FUSE, and mounting: system calls that Node.js lacks.
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "addon.h"
#include "arguments.h"
#include "failure.h"
#include "fuse_server.h"

namespace famfs::fuse {
namespace {

constexpr char kFuseNode[] = "/dev/fuse";

std::string requireText(Napi::Env env, const Napi::Value& value, const char* what) {
  require(env, value.IsString(), what);
  return value.As<Napi::String>().Utf8Value();
}

// openFuse(): a descriptor for a new mount
Napi::Value JS_openFuse(const Napi::CallbackInfo& info) {
  const int fd = open(kFuseNode, O_RDWR | O_CLOEXEC);
  if (fd < 0) raise(info.Env(), {nullptr, "open", errno, kFuseNode, kNoOffset});
  return Napi::Number::New(info.Env(), fd);
}

// cloneFuse(fd): another descriptor of the same mount, with a queue of its own
Napi::Value JS_cloneFuse(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  constexpr unsigned long kClone = _IOR(229, 0, uint32_t);
  uint32_t from = static_cast<uint32_t>(requireDescriptor(env, info[0]));
  const int fd = open(kFuseNode, O_RDWR | O_CLOEXEC);
  if (fd < 0) raise(env, {nullptr, "open", errno, kFuseNode, kNoOffset});
  if (ioctl(fd, kClone, &from) != 0) {
    const int error = errno;
    close(fd);
    raise(env, {nullptr, "ioctl", error, kFuseNode, kNoOffset});
  }
  return Napi::Number::New(env, fd);
}

// mountFuse(source, target, type, flags, data)
void JS_mountFuse(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string source = requireText(env, info[0], "source");
  const std::string target = requireText(env, info[1], "target");
  const std::string type = requireText(env, info[2], "type");
  const uint64_t flags = requireCount(env, info[3], "flags");
  const std::string data = requireText(env, info[4], "data");
  if (mount(source.c_str(), target.c_str(), type.c_str(), flags, data.c_str()) != 0)
    raise(env, {nullptr, "mount", errno, target, kNoOffset});
}

// unmount(target, flags)
void JS_unmount(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string target = requireText(env, info[0], "target");
  const int flags = static_cast<int>(requireCount(env, info[1], "flags"));
  if (umount2(target.c_str(), flags) != 0) raise(env, {nullptr, "umount", errno, target, kNoOffset});
}

// socketPair(sequenced): two connected descriptors, the first of which never blocks; for whole messages, or a stream
Napi::Value JS_socketPair(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  require(env, info[0].IsBoolean(), "sequenced");
  const int type = info[0].As<Napi::Boolean>() ? SOCK_SEQPACKET : SOCK_STREAM;
  int pair[2];
  if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair) != 0) raise(env, {nullptr, "socketpair", errno, "", kNoOffset});
  fcntl(pair[0], F_SETFL, O_NONBLOCK);
  Napi::Array fds = Napi::Array::New(env, 2);
  fds.Set(uint32_t{0}, pair[0]);
  fds.Set(uint32_t{1}, pair[1]);
  return fds;
}

// receiveDescriptor(fd): a descriptor received over a socket; -1 if the other side is gone without sending one
Napi::Value JS_receiveDescriptor(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const int socket = requireDescriptor(env, info[0]);
  char byte;
  iovec part = {&byte, 1};
  alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int))] = {};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = space;
  message.msg_controllen = sizeof space;
  ssize_t received;
  do {
    received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  } while (received < 0 && errno == EINTR);
  const cmsghdr* control = received > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
  int fd = -1;
  if (control != nullptr && control->cmsg_type == SCM_RIGHTS) std::memcpy(&fd, CMSG_DATA(control), sizeof fd);
  return Napi::Number::New(env, fd);
}

// sendDatagram(path, bytes): to a socket in the file system, or to an abstract one if the path begins with '@'; an errno or 0
Napi::Value JS_sendDatagram(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string path = requireText(env, info[0], "path");
  const Bytes bytes = requireBytes(env, info[1], "bytes");
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) return Napi::Number::New(env, ENAMETOOLONG);
  std::memcpy(address.sun_path, path.data(), path.size());
  if (path[0] == '@') address.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return Napi::Number::New(env, errno);
  const ssize_t sent = sendto(fd, bytes.data, bytes.length, MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&address), length);
  const int error = sent < 0 ? errno : 0;
  close(fd);
  return Napi::Number::New(env, error);
}

}  // namespace

void exportMounting(Napi::Env env, Napi::Object exports) {
  exports.Set("openFuse", Napi::Function::New<JS_openFuse>(env, "openFuse"));
  exports.Set("cloneFuse", Napi::Function::New<JS_cloneFuse>(env, "cloneFuse"));
  exports.Set("mountFuse", Napi::Function::New<JS_mountFuse>(env, "mountFuse"));
  exports.Set("unmount", Napi::Function::New<JS_unmount>(env, "unmount"));
  exports.Set("socketPair", Napi::Function::New<JS_socketPair>(env, "socketPair"));
  exports.Set("sendDatagram", Napi::Function::New<JS_sendDatagram>(env, "sendDatagram"));
  exports.Set("receiveDescriptor", Napi::Function::New<JS_receiveDescriptor>(env, "receiveDescriptor"));
}

}  // namespace famfs::fuse
