// The JavaScript object over NewFiles.
#include <fcntl.h>
#include <napi.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "addon.h"
#include "arguments.h"
#include "failure.h"
#include "new_files.h"

namespace famfs {
namespace {

constexpr size_t kFaultNumbers = 3;  // of a file that was not made
constexpr uint64_t kMostMode = 07777;

template <typename Element>
std::vector<Element> requireNumbers(Napi::Env env, const Napi::Value& value, napi_typedarray_type type, const char* what) {
  require(env, isArray(value, type), what);
  const auto array = value.As<Napi::TypedArrayOf<Element>>();
  return {array.Data(), array.Data() + array.ElementLength()};
}

class NewFilesHandle : public Napi::ObjectWrap<NewFilesHandle> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "NewFiles",
                       {InstanceMethod<&NewFilesHandle::JS_begin>("begin"), InstanceMethod<&NewFilesHandle::JS_wait>("wait")});
  }

  explicit NewFilesHandle(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NewFilesHandle>(info) {}

 private:
  // begin(folders, folderOf, names, texts, ends, mode): descriptors of folders, for each file the index of its folder, its name ended
  // by a zero, its text, and where that ends among all texts
  void JS_begin(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const std::vector<int32_t> folders = requireNumbers<int32_t>(env, info[0], napi_int32_array, "folders");
    NewFilesBatch batch;
    batch.folderOf = requireNumbers<uint32_t>(env, info[1], napi_uint32_array, "folderOf");
    batch.names = copyBytes(env, info[2], "names");
    batch.texts = copyBytes(env, info[3], "texts");
    batch.ends = requireNumbers<uint32_t>(env, info[4], napi_uint32_array, "ends");
    const uint64_t mode = requireCount(env, info[5], "mode");
    const auto count = static_cast<size_t>(std::count(batch.names.begin(), batch.names.end(), '\0'));
    require(env, batch.names.empty() || batch.names.back() == '\0', "names");
    require(env, batch.names.find('/') == std::string::npos, "names");
    require(env, batch.folderOf.size() == count && batch.ends.size() == count, "folderOf");
    require(env, std::all_of(batch.folderOf.begin(), batch.folderOf.end(), [&](uint32_t index) { return index < folders.size(); }),
            "folderOf");
    require(env, std::is_sorted(batch.ends.begin(), batch.ends.end()) && (count == 0 || batch.ends.back() <= batch.texts.size()),
            "ends");
    require(env, mode <= kMostMode, "mode");
    batch.mode = static_cast<mode_t>(mode);
    batch.folders.reserve(folders.size());
    for (const int32_t folder : folders) {
      // its own, since the caller may close the other one meanwhile
      const int fd = fcntl(folder, F_DUPFD_CLOEXEC, 0);
      if (fd < 0) raise(env, {nullptr, "fcntl", errno, "", kNoOffset});
      batch.folders.push_back(fd);
    }
    files_.wait();
    files_.begin(std::move(batch));
  }

  // wait(): for each file of the batch that was not made, its index, an errno, and 1 if it is open() that failed
  Napi::Value JS_wait(const Napi::CallbackInfo& info) {
    const std::vector<NewFileFault>& faults = files_.wait();
    Napi::Uint32Array numbers = Napi::Uint32Array::New(info.Env(), faults.size() * kFaultNumbers);
    uint32_t* next = numbers.Data();
    for (const NewFileFault& fault : faults) {
      *next++ = fault.file;
      *next++ = static_cast<uint32_t>(fault.error);
      *next++ = fault.open ? 1 : 0;
    }
    return numbers;
  }

  NewFiles files_;
};

}  // namespace

void exportNewFiles(Napi::Env env, Napi::Object exports) { exports.Set("NewFiles", NewFilesHandle::define(env)); }

}  // namespace famfs
