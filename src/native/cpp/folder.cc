// Folders of this host: their names at once, and what stat says of many names at once. A call from JavaScript for each name would
// cost more than the system calls, which look up one name in the open folder.
#include <dirent.h>
#include <fcntl.h>
#include <napi.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "addon.h"
#include "arguments.h"
#include "failure.h"

namespace famfs {
namespace {

constexpr size_t kFields = 10;  // numbers of a name; see rowOf

int openFolder(Napi::Env env, const std::string& path, int flags) {
  const int fd = open(path.c_str(), flags | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) raise(env, {nullptr, "open", errno, path, kNoOffset});
  return fd;
}

// listFolder(path): the names in it in the order of their bytes, each ended by a zero
Napi::Value JS_listFolder(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string path = copyBytes(env, info[0], "path");
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(fdopendir(openFolder(env, path, O_RDONLY)), closedir);
  if (folder == nullptr) raise(env, {nullptr, "opendir", errno, path, kNoOffset});
  std::string all;
  std::vector<std::pair<size_t, size_t>> places;  // start and length of each name
  errno = 0;
  while (const dirent* entry = readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") {
      places.emplace_back(all.size(), name.size());
      all.append(name);
    }
    errno = 0;
  }
  if (errno != 0) raise(env, {nullptr, "readdir", errno, path, kNoOffset});
  const auto nameAt = [&](const std::pair<size_t, size_t>& place) {
    return std::string_view(all).substr(place.first, place.second);
  };
  // string_view compares as memcmp does, by unsigned bytes
  std::sort(places.begin(), places.end(), [&](const auto& a, const auto& b) { return nameAt(a) < nameAt(b); });
  Napi::Buffer<char> names = Napi::Buffer<char>::New(env, all.size() + places.size());
  char* next = names.Data();
  for (const auto& place : places) {
    std::memcpy(next, all.data() + place.first, place.second);
    next += place.second;
    *next++ = 0;
  }
  return names;
}

// The first number is an errno, and the last the end of the name among all
void rowOf(const struct stat& found, double* row) {
  row[0] = 0;
  row[1] = found.st_mode;
  row[2] = found.st_uid;
  row[3] = found.st_gid;
  row[4] = static_cast<double>(found.st_size);
  row[5] = static_cast<double>(found.st_blocks);
  row[6] = static_cast<double>(found.st_dev);
  row[7] = static_cast<double>(found.st_ino);
  // as Stats.mtimeMs of node
  row[8] = static_cast<double>(found.st_mtim.tv_sec) * 1000 + static_cast<double>(found.st_mtim.tv_nsec) / 1e6;
}

// statNames(path, names, follow): kFields numbers for each of the names in a folder, each of which ends with a zero. The first is
// the errno of a name that stat cannot look at, and the last the place of its zero.
Napi::Value JS_statNames(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string path = copyBytes(env, info[0], "path");
  const Bytes names = requireBytes(env, info[1], "names");
  require(env, names.length == 0 || names.data[names.length - 1] == 0, "names");
  require(env, info[2].IsBoolean(), "follow");
  const int flags = info[2].As<Napi::Boolean>() ? 0 : AT_SYMLINK_NOFOLLOW;
  const auto count = static_cast<size_t>(std::count(names.data, names.data + names.length, uint8_t{0}));
  Napi::Float64Array rows = Napi::Float64Array::New(env, count * kFields);
  const int fd = openFolder(env, path, O_PATH);
  const char* name = reinterpret_cast<const char*>(names.data);
  for (double* row = rows.Data(); row < rows.Data() + count * kFields; row += kFields) {
    struct stat found;
    if (fstatat(fd, name, &found, flags) == 0) rowOf(found, row);
    else row[0] = errno;
    name += std::strlen(name);
    row[9] = static_cast<double>(name++ - reinterpret_cast<const char*>(names.data));
  }
  close(fd);
  return rows;
}

}  // namespace

void exportFolders(Napi::Env env, Napi::Object exports) {
  exports.Set("listFolder", Napi::Function::New<JS_listFolder>(env, "listFolder"));
  exports.Set("statNames", Napi::Function::New<JS_statNames>(env, "statNames"));
}

}  // namespace famfs
