// The JavaScript object over a Mapping.
#pragma once

#include <napi.h>

#include <memory>

#include "mapping.h"

namespace famfs {

class Device : public Napi::ObjectWrap<Device> {
 public:
  static Napi::Function define(Napi::Env env);

  // The mapping of a Device object; throws if the value is not a Device, or is closed.
  static std::shared_ptr<Mapping> mappingOf(Napi::Env env, const Napi::Value& value);

  // new Device(path, isDevice, writable, size, number, number); see Target. Throws if opening or mapping fails.
  explicit Device(const Napi::CallbackInfo& info);

 private:
  Napi::Value JS_size(const Napi::CallbackInfo& info);
  void JS_readInto(const Napi::CallbackInfo& info);
  void JS_write(const Napi::CallbackInfo& info);
  void JS_writeBack(const Napi::CallbackInfo& info);
  void JS_invalidate(const Napi::CallbackInfo& info);
  Napi::Value JS_isHole(const Napi::CallbackInfo& info);
  void JS_fence(const Napi::CallbackInfo& info);
  void JS_persist(const Napi::CallbackInfo& info);
  void JS_persistEach(const Napi::CallbackInfo& info);
  Napi::Value JS_lock(const Napi::CallbackInfo& info);
  void JS_unlock(const Napi::CallbackInfo& info);
  void JS_close(const Napi::CallbackInfo& info);

  // Stores bytes under the guard, writes them back and fences.
  void persist(Napi::Env env, const Mapping& mapping, uint64_t offset, const uint8_t* source, size_t length) const;
  // Calls `visit(start, length)` on the info[1] bytes at offset info[0], under the guard; `doing` names it.
  template <typename Visit>
  void visitLines(const Napi::CallbackInfo& info, const char* doing, Visit visit);

  const Mapping& requireOpen(Napi::Env env) const;
  const Mapping& requireWritable(Napi::Env env) const;
  uint64_t requireOffset(Napi::Env env, const Napi::Value& offset, uint64_t length) const;
  [[noreturn]] void raiseFault(Napi::Env env, const char* doing, uint64_t offset) const;

  // Jobs share it: closing the device drops this reference, and the last reference frees the memory
  std::shared_ptr<Mapping> mapping_;
  std::string path_;
};

}  // namespace famfs
