#include "failure.h"

#include "addon.h"

namespace famfs {

void raise(Napi::Env env, const Failure& failure) {
  Napi::Object details = Napi::Object::New(env);
  if (failure.code != nullptr) details.Set("code", failure.code);
  if (failure.syscall != nullptr) details.Set("syscall", failure.syscall);
  if (failure.error != 0) details.Set("errno", failure.error);
  if (failure.offset != kNoOffset) details.Set("offset", static_cast<double>(failure.offset));
  details.Set("path", failure.path);
  const Napi::Object error = instance(env).errorClass.New({details});
  throw Napi::Error(env, error);
}

}  // namespace famfs
