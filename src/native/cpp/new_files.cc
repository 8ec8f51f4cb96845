#include "new_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "range_io.h"

namespace famfs {
namespace {

// Fewer files take less time than the start of a thread.
constexpr size_t kFew = 16;

}  // namespace

NewFilesBatch& NewFilesBatch::operator=(NewFilesBatch&& other) noexcept {
  closeFolders();
  folders = std::exchange(other.folders, {});
  folderOf = std::move(other.folderOf);
  names = std::move(other.names);
  texts = std::move(other.texts);
  ends = std::move(other.ends);
  mode = other.mode;
  return *this;
}

void NewFilesBatch::closeFolders() {
  for (const int folder : folders) close(folder);
  folders.clear();
}

void NewFiles::begin(NewFilesBatch batch) {
  batch_ = std::move(batch);
  faults_.clear();
  faults_.reserve(batch_.ends.size());  // the thread must not run out of memory
  if (batch_.ends.size() > kFew) {
    try {
      thread_ = std::thread(&NewFiles::work, this);
      return;
    } catch (const std::system_error&) {
      // no more threads
    }
  }
  work();
}

const std::vector<NewFileFault>& NewFiles::wait() {
  if (thread_.joinable()) thread_.join();
  batch_.closeFolders();
  return faults_;
}

void NewFiles::work() {
  const char* name = batch_.names.c_str();
  uint32_t start = 0;
  for (uint32_t i = 0; i < batch_.ends.size(); start = batch_.ends[i++], name += std::strlen(name) + 1) {
    const int folder = batch_.folders[batch_.folderOf[i]];
    const int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, batch_.mode);
    if (fd < 0) {
      faults_.push_back({i, errno, true});
      if (errno == EEXIST) continue;
      return;
    }
    int error = 0;
    const uint8_t* text = reinterpret_cast<const uint8_t*>(batch_.texts.data()) + start;
    writeRange(fd, 0, text, batch_.ends[i] - start, &error);
    close(fd);
    if (error == 0) continue;
    faults_.push_back({i, error, false});
    return;
  }
}

}  // namespace famfs
