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

// Five numbers per step: thread, kind, device, offset, length
Napi::Float64Array toJavaScript(Napi::Env env, const std::vector<TracedStep>& steps) {
  Napi::Float64Array numbers = Napi::Float64Array::New(env, steps.size() * 5);
  size_t at = 0;
  for (const TracedStep& step : steps) {
    numbers[at++] = step.thread;
    numbers[at++] = static_cast<double>(step.kind);
    numbers[at++] = step.device;
    numbers[at++] = static_cast<double>(step.offset);
    numbers[at++] = static_cast<double>(step.length);
  }
  return numbers;
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
  if (!job.steps().empty()) result.Set("steps", toJavaScript(env, job.steps()));
  return result;
}

}  // namespace famfs
