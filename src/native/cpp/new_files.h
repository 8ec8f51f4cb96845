// Makes many new files of this host on a thread of its own, while the caller prepares the next ones.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace famfs {

struct NewFilesBatch {
  NewFilesBatch() = default;
  NewFilesBatch(NewFilesBatch&& other) = default;
  NewFilesBatch& operator=(NewFilesBatch&& other) noexcept;
  ~NewFilesBatch() { closeFolders(); }

  void closeFolders();

  std::vector<int> folders;        // descriptors, which belong to the batch
  std::vector<uint32_t> folderOf;  // index of the folder of each file
  std::string names;               // in their folders, each ended by a zero
  std::string texts;               // one after the other
  std::vector<uint32_t> ends;      // where the text of each file ends
  mode_t mode = 0;
};

// A file that was not made.
struct NewFileFault {
  uint32_t file;
  int error;  // errno; EEXIST: the name is taken
  bool open;  // it is open() that failed, not write()
};

class NewFiles {
 public:
  ~NewFiles() { wait(); }

  // Begins to make files, in their order. At a fault other than EEXIST it ends. No batch may be under way.
  void begin(NewFilesBatch batch);
  // Waits for the batch: the files that were not made, but for those after the last fault if that is not EEXIST.
  const std::vector<NewFileFault>& wait();

 private:
  void work();

  NewFilesBatch batch_;
  std::vector<NewFileFault> faults_;
  std::thread thread_;
};

}  // namespace famfs
