#include "device.h"

#include <sys/file.h>

#include <cerrno>
#include <cstring>

#include "addon.h"
#include "arguments.h"
#include "cache.h"
#include "failure.h"

namespace famfs {
namespace {

// Tells a Device from objects that only have its prototype; chosen at random
constexpr napi_type_tag kTag = {0x3c1d9b0f5a7e4826, 0x9e42c7d8b1605f3a};

}  // namespace

Napi::Function Device::define(Napi::Env env) {
  return DefineClass(env, "Device",
                     {InstanceAccessor<&Device::JS_size>("size"),
                      InstanceMethod<&Device::JS_readInto>("readInto"),
                      InstanceMethod<&Device::JS_write>("write"),
                      InstanceMethod<&Device::JS_writeBack>("writeBack"),
                      InstanceMethod<&Device::JS_invalidate>("invalidate"),
                      InstanceMethod<&Device::JS_isHole>("isHole"),
                      InstanceMethod<&Device::JS_fence>("fence"),
                      InstanceMethod<&Device::JS_persist>("persist"),
                      InstanceMethod<&Device::JS_persistEach>("persistEach"),
                      InstanceMethod<&Device::JS_lock>("lock"),
                      InstanceMethod<&Device::JS_unlock>("unlock"),
                      InstanceMethod<&Device::JS_close>("close")});
}

std::shared_ptr<Mapping> Device::mappingOf(Napi::Env env, const Napi::Value& value) {
  require(env, value.IsObject(), "device");
  const Napi::Object object = value.As<Napi::Object>();
  require(env, object.CheckTypeTag(&kTag), "device");
  const Device* device = Unwrap(object);
  device->requireOpen(env);
  return device->mapping_;
}

Device::Device(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Device>(info) {
  const Napi::Env env = info.Env();
  require(env, info[0].IsString() && info[1].IsBoolean() && info[2].IsBoolean(), "open");
  Target target;
  target.path = info[0].As<Napi::String>().Utf8Value();
  require(env, target.path.find('\0') == std::string::npos, "open");
  target.device = info[1].As<Napi::Boolean>();
  target.writable = info[2].As<Napi::Boolean>();
  target.size = requireCount(env, info[3], "open");
  for (size_t i = 0; i < 2; i++) target.numbers[i] = requireWhole(env, info[4 + i], "open");
  OpenFailure failure;
  path_ = target.path;
  mapping_ = openMapping(target, &failure);
  if (!mapping_) raise(env, {failure.code, failure.syscall, failure.error, path_, kNoOffset});
  info.This().As<Napi::Object>().TypeTag(&kTag);
}

const Mapping& Device::requireOpen(Napi::Env env) const {
  if (!mapping_) raise(env, {"CLOSED", nullptr, 0, path_, kNoOffset});
  return *mapping_;
}

uint64_t Device::requireOffset(Napi::Env env, const Napi::Value& value, uint64_t length) const {
  const uint64_t offset = requireCount(env, value, "offset");
  require(env, length <= mapping_->size && offset <= mapping_->size - length, "offset");
  return offset;
}

void Device::raiseFault(Napi::Env env, const char* doing, uint64_t offset) const {
  raise(env, {"SIGBUS", doing, 0, path_, offset});
}

Napi::Value Device::JS_size(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(requireOpen(info.Env()).size));
}

// readInto(target, offset)
void Device::JS_readInto(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Mapping& mapping = requireOpen(env);
  const Bytes target = requireBytes(env, info[0], "target");
  const uint64_t offset = requireOffset(env, info[1], target.length);
  const uint8_t* source = mapping.base + offset;
  uint64_t at = 0;
  if (!mapping.touch(offset, target.length, &at, [=] { loadBytes(target.data, source, target.length); })) raiseFault(env, "read", at);
}

const Mapping& Device::requireWritable(Napi::Env env) const {
  const Mapping& mapping = requireOpen(env);
  if (!mapping.writable) raise(env, {"READ_ONLY", "write", 0, path_, kNoOffset});
  return mapping;
}

// write(offset, bytes)
void Device::JS_write(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Mapping& mapping = requireWritable(env);
  const Bytes source = requireBytes(env, info[1], "bytes");
  const uint64_t offset = requireOffset(env, info[0], source.length);
  uint8_t* target = mapping.base + offset;
  uint64_t at = 0;
  if (!mapping.touch(offset, source.length, &at, [=] { storeBytes(target, source.data, source.length); })) raiseFault(env, "write", at);
}

template <typename Visit>
void Device::visitLines(const Napi::CallbackInfo& info, const char* doing, Visit visit) {
  const Napi::Env env = info.Env();
  const Mapping& mapping = requireOpen(env);
  const uint64_t length = requireCount(env, info[1], "length");
  const uint64_t offset = requireOffset(env, info[0], length);
  const uint8_t* start = mapping.base + offset;
  uint64_t at = 0;
  if (!mapping.touch(offset, length, &at, [=] { visit(start, length); })) raiseFault(env, doing, at);
}

// writeBack(offset, length)
void Device::JS_writeBack(const Napi::CallbackInfo& info) { visitLines(info, "writeBack", writeBackLines); }

// invalidate(offset, length)
void Device::JS_invalidate(const Napi::CallbackInfo& info) { visitLines(info, "invalidate", invalidateLines); }

// isHole(offset, length)
Napi::Value Device::JS_isHole(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Mapping& mapping = requireOpen(env);
  const uint64_t length = requireCount(env, info[1], "length");
  const uint64_t offset = requireOffset(env, info[0], length);
  return Napi::Boolean::New(env, mapping.isHole(offset, length));
}

void Device::JS_fence(const Napi::CallbackInfo& info) {
  requireOpen(info.Env());
  fullFence();
}

void Device::persist(Napi::Env env, const Mapping& mapping, uint64_t offset, const uint8_t* source, size_t length) const {
  uint8_t* target = mapping.base + offset;
  const auto store = [=] {
    storeBytes(target, source, length);
    writeBackLines(target, length);
  };
  uint64_t at = 0;
  if (!mapping.touch(offset, length, &at, store)) raiseFault(env, "write", at);
  fullFence();
}

// persist(offset, bytes): write, writeBack and fence in one call, for callers that make thousands
void Device::JS_persist(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Mapping& mapping = requireWritable(env);
  const Bytes source = requireBytes(env, info[1], "bytes");
  persist(env, mapping, requireOffset(env, info[0], source.length), source.data, source.length);
}

// persistEach(offset, bytes, stride, counters, count): for each `stride` bytes, which go to their place one after the other, persist as
// above; then persist at `counters` two 8-byte numbers in one store, both the number of records there are now: count + 1 and so on
void Device::JS_persistEach(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Mapping& mapping = requireWritable(env);
  const Bytes source = requireBytes(env, info[1], "bytes");
  const uint64_t offset = requireOffset(env, info[0], source.length);
  const uint64_t stride = requireCount(env, info[2], "stride");
  require(env, stride > 0 && source.length % stride == 0, "stride");
  const uint64_t counters = requireOffset(env, info[3], 2 * sizeof(uint64_t));
  uint64_t count = requireCount(env, info[4], "count");
  for (uint64_t done = 0; done < source.length; done += stride) {
    persist(env, mapping, offset + done, source.data + done, stride);
    count++;
    uint8_t numbers[2 * sizeof count];
    for (size_t i = 0; i < 2; i++) std::memcpy(numbers + i * sizeof count, &count, sizeof count);
    persist(env, mapping, counters, numbers, sizeof numbers);
  }
}

// lock(exclusive, wait): false if somebody else holds it and wait is false
Napi::Value Device::JS_lock(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Mapping& mapping = requireOpen(env);
  require(env, info[0].IsBoolean() && info[1].IsBoolean(), "flock");
  const int how = (info[0].As<Napi::Boolean>() ? LOCK_EX : LOCK_SH) | (info[1].As<Napi::Boolean>() ? 0 : LOCK_NB);
  int result;
  do {
    result = flock(mapping.fd, how);
  } while (result != 0 && errno == EINTR);
  if (result != 0 && errno != EWOULDBLOCK) raise(env, {nullptr, "flock", errno, path_, kNoOffset});
  return Napi::Boolean::New(env, result == 0);
}

void Device::JS_unlock(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (flock(requireOpen(env).fd, LOCK_UN) != 0) raise(env, {nullptr, "flock", errno, path_, kNoOffset});
}

void Device::JS_close(const Napi::CallbackInfo&) { mapping_.reset(); }

}  // namespace famfs
