#include "job_handle.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <thread>

#include "addon.h"
#include "arguments.h"
#include "device.h"
#include "failure.h"
#include "job_result.h"
#include "operation.h"
#include "small_files.h"

namespace famfs {
namespace {

// What is at the other end of an operation.
struct Other {
  int fd = -1;
  uint64_t seed = 0;
  std::shared_ptr<Mapping> source;
};

enum class End { kNone, kFile, kMemory, kFiles };

struct Kind {
  const char* name;
  End end;
  bool writes;  // needs devices open for writing
  bool waits;   // for a file or a stream, and so never on the thread of JavaScript
  std::unique_ptr<Operation> (*make)(const Other& other);
};

constexpr Kind kKinds[] = {
    {"copyIn", End::kFile, true, true, [](const Other& other) { return makeCopyIn(other.fd); }},
    {"copyFiles", End::kFiles, true, true, nullptr},
    {"copyInStream", End::kFile, true, true, [](const Other& other) { return makeCopyInStream(other.fd); }},
    {"copyOut", End::kFile, false, false, [](const Other& other) { return makeCopyOut(other.fd); }},
    {"copyOutStream", End::kFile, false, true, [](const Other& other) { return makeCopyOutStream(other.fd); }},
    {"compare", End::kFile, false, true, [](const Other& other) { return makeCompare(other.fd); }},
    {"copyMemory", End::kMemory, true, false, [](const Other& other) { return makeCopyMemory(other.source); }},
    {"compareMemory", End::kMemory, false, false, [](const Other& other) { return makeCompareMemory(other.source); }},
    {"zero", End::kNone, true, false, [](const Other&) { return makeZero(); }},
    {"fillPattern", End::kNone, true, false, [](const Other& other) { return makeFillPattern(other.seed); }},
    {"verifyPattern", End::kNone, false, false, [](const Other& other) { return makeVerifyPattern(other.seed); }},
    {"writeBack", End::kNone, false, false, [](const Other&) { return makeWriteBack(); }},
    {"invalidate", End::kNone, false, false, [](const Other&) { return makeInvalidate(); }},
    {"read", End::kNone, false, false, [](const Other&) { return makeRead(); }},
};

const Kind& requireKind(Napi::Env env, const Napi::Value& value) {
  require(env, value.IsString(), "operation");
  const std::string name = value.As<Napi::String>().Utf8Value();
  const auto* kind = std::find_if(std::begin(kKinds), std::end(kKinds), [&](const Kind& one) { return name == one.name; });
  require(env, kind != std::end(kKinds), "operation");
  return *kind;
}

std::vector<std::shared_ptr<Mapping>> requireMappings(Napi::Env env, const Napi::Value& value, const Kind& kind) {
  require(env, value.IsArray(), "devices");
  const Napi::Array devices = value.As<Napi::Array>();
  std::vector<std::shared_ptr<Mapping>> mappings;
  for (uint32_t i = 0; i < devices.Length(); i++) {
    mappings.push_back(Device::mappingOf(env, devices[i]));
    const Mapping& mapping = *mappings.back();
    if (kind.writes && !mapping.writable) raise(env, {"READ_ONLY", kind.name, 0, mapping.path, kNoOffset});
  }
  return mappings;
}

uint64_t toCount(Napi::Env env, double number) { return requireCount(env, Napi::Number::New(env, number), "segments"); }

// Four numbers per segment: device, offset, fileOffset, length
std::vector<Piece> requireSegments(Napi::Env env, const Napi::Value& value,
                                   const std::vector<std::shared_ptr<Mapping>>& mappings) {
  require(env, isArray(value, napi_float64_array), "segments");
  const Napi::Float64Array numbers = value.As<Napi::Float64Array>();
  require(env, numbers.ElementLength() % 4 == 0, "segments");
  std::vector<Piece> segments;
  segments.reserve(numbers.ElementLength() / 4);
  for (size_t i = 0; i < numbers.ElementLength(); i += 4) {
    const uint64_t device = toCount(env, numbers[i]);
    const uint64_t offset = toCount(env, numbers[i + 1]);
    const uint64_t fileOffset = toCount(env, numbers[i + 2]);
    const uint64_t length = toCount(env, numbers[i + 3]);
    require(env, device < mappings.size(), "segments");
    require(env, length <= mappings[device]->size && offset <= mappings[device]->size - length, "segments");
    segments.push_back({static_cast<uint32_t>(device), offset, fileOffset, length});
  }
  return segments;
}

JobOptions requireOptions(Napi::Env env, const Napi::Object& from) {
  constexpr uint64_t kMostThreads = 256;
  const Napi::Value keepGoing = from.Get("keepGoing");
  const Napi::Value invalidate = from.Get("invalidate");
  const Napi::Value traced = from.Get("traced");
  const uint64_t threads = requireCount(env, from.Get("threads"), "threads");
  require(env, threads >= 1 && threads <= kMostThreads, "threads");
  require(env, keepGoing.IsBoolean() && invalidate.IsBoolean() && traced.IsBoolean(), "options");
  return {static_cast<unsigned>(threads), keepGoing.As<Napi::Boolean>(), invalidate.As<Napi::Boolean>(),
          traced.As<Napi::Boolean>()};
}

std::unique_ptr<Operation> makeOperation(Napi::Env env, const Kind& kind, const Napi::Object& from) {
  const uint64_t seed = requireWhole(env, from.Get("seed"), "seed");
  Other other;
  other.seed = seed;
  if (kind.end == End::kMemory) other.source = Device::mappingOf(env, from.Get("source"));
  if (kind.end != End::kFile) return kind.make(other);
  other.fd = fcntl(requireDescriptor(env, from.Get("fd")), F_DUPFD_CLOEXEC, 3);
  if (other.fd < 0) raise(env, {nullptr, kind.name, errno, "", kNoOffset});
  return kind.make(other);
}

// A folder, paths in it, each ended by a zero, and three numbers for each file: device, inode and time of change. The segments are its
// places
SmallFiles requireFiles(Napi::Env env, const Napi::Object& from, const std::vector<Piece>& segments) {
  const Napi::Value versions = from.Get("versions");
  require(env, isArray(versions, napi_float64_array), "versions");
  const Napi::Float64Array numbers = versions.As<Napi::Float64Array>();
  require(env, numbers.ElementLength() == segments.size() * 3, "versions");
  const Bytes paths = requireBytes(env, from.Get("paths"), "paths");
  require(env, from.Get("verify").IsBoolean() && from.Get("allNew").IsBoolean(), "verify");
  SmallFiles all;
  all.verify = from.Get("verify").As<Napi::Boolean>();
  all.allNew = from.Get("allNew").As<Napi::Boolean>();
  all.folder = copyBytes(env, from.Get("folder"), "folder");
  require(env, all.folder.find('\0') == std::string::npos, "folder");
  all.paths.assign(paths.data, paths.data + paths.length);
  auto path = all.paths.begin();
  for (size_t i = 0; i < segments.size(); i++) {
    const auto end = std::find(path, all.paths.end(), '\0');
    require(env, end != all.paths.end(), "paths");
    all.files.push_back({&*path, {numbers[i * 3], numbers[i * 3 + 1], numbers[i * 3 + 2]}, segments[i]});
    path = end + 1;
  }
  require(env, path == all.paths.end(), "paths");
  return all;
}

// Starting a thread takes longer than so many bytes
constexpr uint64_t kLittle = uint64_t{64} << 10;

bool isLittle(const std::vector<Piece>& segments) {
  uint64_t bytes = 0;
  for (const Piece& segment : segments) {
    if (segment.length > kLittle - bytes) return false;
    bytes += segment.length;
  }
  return true;
}

// The caller's promise depends on this function, which keeps the event loop alive until then
void runAndTell(const std::shared_ptr<Job>& job, Napi::ThreadSafeFunction done) {
  job->run();
  const auto tell = [job](Napi::Env env, Napi::Function callback) { callback.Call({toJavaScript(env, *job)}); };
  // It is closing if the environment is being torn down: nobody waits, and the function must not be touched again
  if (done.NonBlockingCall(tell) != napi_closing) done.Release();
  job->announceEnd();
}

}  // namespace

Napi::Function JobHandle::define(Napi::Env env) {
  return DefineClass(
      env, "Job", {InstanceMethod<&JobHandle::JS_cancel>("cancel"), InstanceMethod<&JobHandle::JS_bytes>("bytes")});
}

JobHandle::JobHandle(const Napi::CallbackInfo& info) : Napi::ObjectWrap<JobHandle>(info) {
  const Napi::Env env = info.Env();
  require(env, info[0].IsObject(), "job");
  const Napi::Object from = info[0].As<Napi::Object>();
  const Kind& kind = requireKind(env, from.Get("operation"));
  auto mappings = requireMappings(env, from.Get("devices"), kind);
  auto segments = requireSegments(env, from.Get("segments"), mappings);
  const JobOptions options = requireOptions(env, from);
  require(env, from.Get("done").IsFunction(), "done");
  if (kind.end == End::kFiles) {
    require(env, options.keepGoing, "keepGoing");
    SmallFiles all = requireFiles(env, from, segments);
    const size_t count = all.files.size();
    auto runs = runsOf(all.files);
    job_ = std::make_shared<Job>(std::move(mappings), std::move(runs), makeCopyFiles(std::move(all)), options, count);
  } else {
    const bool runsHere = !kind.waits && isLittle(segments);
    job_ = std::make_shared<Job>(std::move(mappings), std::move(segments), makeOperation(env, kind, from), options);
    if (runsHere) {
      job_->runHere();
      from.Get("done").As<Napi::Function>().Call({toJavaScript(env, *job_)});
      return;
    }
  }
  auto done = Napi::ThreadSafeFunction::New(env, from.Get("done").As<Napi::Function>(), "famfs job", 0, 1);
  try {
    std::thread(runAndTell, job_, done).detach();
  } catch (const std::system_error& error) {
    done.Release();
    raise(env, {nullptr, kind.name, error.code().value(), "", kNoOffset});
  }
  instance(env).jobs.add(job_);
}

void JobHandle::JS_cancel(const Napi::CallbackInfo&) { job_->cancel(); }

Napi::Value JobHandle::JS_bytes(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(job_->bytes()));
}

}  // namespace famfs
