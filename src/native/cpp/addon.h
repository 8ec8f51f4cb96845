// State of the addon for each environment (main thread or worker) that loads it.
#pragma once

#include <napi.h>

#include "live_jobs.h"

namespace famfs {

struct Instance {
  Napi::FunctionReference errorClass;
  LiveJobs jobs;
};

inline Instance& instance(Napi::Env env) { return *env.GetInstanceData<Instance>(); }

void exportDescriptors(Napi::Env env, Napi::Object exports);
void exportFolders(Napi::Env env, Napi::Object exports);
void exportLogTable(Napi::Env env, Napi::Object exports);
void exportNewFiles(Napi::Env env, Napi::Object exports);
void exportRecords(Napi::Env env, Napi::Object exports);
void exportRecordText(Napi::Env env, Napi::Object exports);

}  // namespace famfs
