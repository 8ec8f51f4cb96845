// copyFiles: many small files of this host into memory in one job, which opens, checks, reads and closes them on its threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "operation.h"

namespace famfs {

// A file of this host as it was when the copy was planned.
struct FileVersion {
  double device;
  double inode;
  double changed;  // ms since 1970, as JavaScript has it
};

struct SourceFile {
  const char* path;  // in SmallFiles::paths
  FileVersion version;
  Piece target;  // all of its bytes; the size is the length
};

struct SmallFiles {
  std::string folder;       // that paths begin in; empty: that of the process
  std::vector<char> paths;  // each ends with a zero
  std::vector<SourceFile> files;
  bool verify = false;  // read each file again, and compare it with the memory
  bool allNew = false;  // nobody misses what the memory has: whether a file is as planned need not be asked before it is copied, too
};

// The targets of the files as the segments of their job: neighbours in memory are one segment, so that pages are made ready for
// many files at a time.
std::vector<Piece> runsOf(const std::vector<SourceFile>& files);

// Reports to Job::outcomes, one for each file. Job needs keepGoing.
std::unique_ptr<Operation> makeCopyFiles(SmallFiles files);

}  // namespace famfs
