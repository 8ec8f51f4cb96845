// The JavaScript object over a Job.
#pragma once

#include <napi.h>

#include <memory>

#include "job.h"

namespace famfs {

class JobHandle : public Napi::ObjectWrap<JobHandle> {
 public:
  static Napi::Function define(Napi::Env env);

  // new Job({operation, devices, segments, fd, source, seed, threads, keepGoing, invalidate, traced, done}): starts at once and calls
  // done(result) at the end. See addon.ts for the types.
  explicit JobHandle(const Napi::CallbackInfo& info);

 private:
  void JS_cancel(const Napi::CallbackInfo& info);
  Napi::Value JS_bytes(const Napi::CallbackInfo& info);

  std::shared_ptr<Job> job_;
};

}  // namespace famfs
