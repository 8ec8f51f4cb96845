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

// A number per file, in the order of the request; see FileState in job.h
Napi::Uint8Array statesOf(Napi::Env env, const std::vector<FileOutcome>& outcomes) {
  Napi::Uint8Array states = Napi::Uint8Array::New(env, outcomes.size());
  for (size_t i = 0; i < outcomes.size(); i++) states[i] = static_cast<uint8_t>(outcomes[i].state);
  return states;
}

// The differences of the files that differ, in the order of the request
Napi::Array differencesOf(Napi::Env env, const std::vector<FileOutcome>& outcomes) {
  Napi::Array differences = Napi::Array::New(env);
  uint32_t count = 0;
  for (const FileOutcome& outcome : outcomes) {
    if (outcome.state == FileState::kDiffers) differences[count++] = toJavaScript(env, outcome.difference);
  }
  return differences;
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
  if (!job.outcomes().empty()) {
    result.Set("states", statesOf(env, job.outcomes()));
    result.Set("differences", differencesOf(env, job.outcomes()));
  }
  return result;
}

}  // namespace famfs
