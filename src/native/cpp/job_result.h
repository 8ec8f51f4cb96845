#pragma once

#include <napi.h>

#include "job.h"

namespace famfs {

// {bytes, cancelled, more, faults, difference?, steps?}: the result of a finished job. See JobResult in addon.ts.
Napi::Object toJavaScript(Napi::Env env, const Job& job);

}  // namespace famfs
