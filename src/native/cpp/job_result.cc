#include "job_result.h"

namespace famfs {
namespace {

void set(Napi::Object object, const char* name, uint64_t value) { object.Set(name, static_cast<double>(value)); }

Napi::Object toJavaScript(Napi::Env env, const Fault& fault) {
  Napi::Object result = Napi::Object::New(env);
  set(result, "device", fault.where.device);
  set(result, "offset", fault.where.offset);
  set(result, "fileOffset", fault.where.fileOffset);
  set(result, "length", fault.where.length);
  result.Set("side", fault.file ? "file" : "device");
  result.Set("action", fault.writing ? "write" : "read");
  if (fault.code != nullptr) result.Set("code", fault.code);
  if (fault.error != 0) result.Set("errno", fault.error);
  return result;
}

Napi::Object toJavaScript(Napi::Env env, const Difference& difference) {
  Napi::Object result = Napi::Object::New(env);
  set(result, "device", difference.device);
  set(result, "offset", difference.offset);
  set(result, "fileOffset", difference.fileOffset);
  set(result, "expected", difference.expected);
  set(result, "found", difference.found);
  return result;
}

}  // namespace

Napi::Object toJavaScript(Napi::Env env, const Job& job) {
  Napi::Object result = Napi::Object::New(env);
  set(result, "bytes", job.bytes());
  result.Set("cancelled", job.wasCancelled());
  result.Set("more", job.hadMore());
  Napi::Array faults = Napi::Array::New(env, job.faults().size());
  uint32_t count = 0;
  for (const Fault& fault : job.faults()) faults[count++] = toJavaScript(env, fault);
  result.Set("faults", faults);
  if (job.hasDifference()) result.Set("difference", toJavaScript(env, job.difference()));
  return result;
}

}  // namespace famfs
