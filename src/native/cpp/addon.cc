#include "addon.h"

#include <unistd.h>

#include "arguments.h"
#include "cache.h"
#include "device.h"
#include "fuse_server.h"
#include "job_handle.h"
#include "mapping.h"

namespace famfs {
namespace {

// setErrorClass(class): the class whose `new Class({code, syscall, errno, path, offset})` the addon throws
void JS_setErrorClass(const Napi::CallbackInfo& info) {
  instance(info.Env()).errorClass = Napi::Persistent(info[0].As<Napi::Function>());
}

Napi::Value JS_counters(const Napi::CallbackInfo& info) {
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("stores", static_cast<double>(counters.stores.load()));
  result.Set("bytesStored", static_cast<double>(counters.bytesStored.load()));
  result.Set("linesWrittenBack", static_cast<double>(counters.linesWrittenBack.load()));
  result.Set("linesInvalidated", static_cast<double>(counters.linesInvalidated.load()));
  result.Set("fences", static_cast<double>(counters.fences.load()));
  return result;
}

void JS_resetCounters(const Napi::CallbackInfo&) {
  counters.stores = 0;
  counters.bytesStored = 0;
  counters.linesWrittenBack = 0;
  counters.linesInvalidated = 0;
  counters.fences = 0;
}

// useCalls(allowed)
void JS_useCalls(const Napi::CallbackInfo& info) { filesByCalls = info[0].As<Napi::Boolean>().Value(); }

// exitNow(code): ends the process, and leaves to the kernel what the end of Node.js would free piece by piece
void JS_exitNow(const Napi::CallbackInfo& info) {
  const uint64_t code = requireCount(info.Env(), info[0], "code");
  require(info.Env(), code <= UINT8_MAX, "code");
  _exit(static_cast<int>(code));
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  auto* own = new Instance();
  env.SetInstanceData(own);
  env.AddCleanupHook([](Instance* ending) { ending->jobs.stopAll(); }, own);
  exports.Set("setErrorClass", Napi::Function::New<JS_setErrorClass>(env, "setErrorClass"));
  exports.Set("counters", Napi::Function::New<JS_counters>(env, "counters"));
  exports.Set("resetCounters", Napi::Function::New<JS_resetCounters>(env, "resetCounters"));
  exports.Set("useCalls", Napi::Function::New<JS_useCalls>(env, "useCalls"));
  exports.Set("exitNow", Napi::Function::New<JS_exitNow>(env, "exitNow"));
  exports.Set("pageSize", static_cast<double>(sysconf(_SC_PAGESIZE)));
  exports.Set("lineSize", static_cast<double>(cacheLineSize()));
  exports.Set("Device", Device::define(env));
  exports.Set("Job", JobHandle::define(env));
  exportLogTable(env, exports);
  exports.Set("FuseServer", fuse::Server::define(env));
  fuse::exportMounting(env, exports);
  exportDescriptors(env, exports);
  exportNewFiles(env, exports);
  exportRecords(env, exports);
  exportFolders(env, exports);
  exportRecordText(env, exports);
  return exports;
}

NODE_API_MODULE(famfs_native, Init)

}  // namespace
}  // namespace famfs
