#include "small_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <tuple>

#include "cache.h"
#include "copy.h"
#include "range_io.h"
#include "touch.h"

namespace famfs {
namespace {

constexpr uint64_t kLongestRun = uint64_t{1} << 20;  // so that all threads have something to do

bool isBefore(const Piece& a, const Piece& b) { return std::tie(a.device, a.offset) < std::tie(b.device, b.offset); }

// The folder that paths begin in, open for as long as its files are copied, so that the way to it is looked up once.
class OpenFolder {
 public:
  explicit OpenFolder(const std::string& path)
      : fd_(path.empty() ? AT_FDCWD : open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {}
  OpenFolder(const OpenFolder&) = delete;
  OpenFolder& operator=(const OpenFolder&) = delete;
  ~OpenFolder() {
    if (fd_ >= 0) close(fd_);
  }

  int fd() const { return fd_; }

 private:
  const int fd_;
};

class OpenFile {
 public:
  // NONBLOCK: if it has become a FIFO meanwhile, do not wait for a writer
  OpenFile(const OpenFolder& folder, const char* path)
      : fd_(openat(folder.fd(), path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (fd_ >= 0) close(fd_);
  }

  bool is(const FileVersion& version, uint64_t size) const {
    struct stat now;
    if (fd_ < 0 || fstat(fd_, &now) != 0) return false;
    const double changed = static_cast<double>(now.st_mtim.tv_sec) * 1000 + static_cast<double>(now.st_mtim.tv_nsec) / 1e6;
    return S_ISREG(now.st_mode) && static_cast<double>(now.st_dev) == version.device &&
           static_cast<double>(now.st_ino) == version.inode && static_cast<uint64_t>(now.st_size) == size &&
           changed == version.changed;
  }

  bool read(uint64_t offset, uint8_t* target, uint64_t length) const {
    int error = 0;
    return readRange(fd_, offset, target, length, &error) == length;
  }

 private:
  const int fd_;
};

// Whether the worker's buffer had the bytes of each piece of the file, and `each` took them all.
template <typename Each>
bool forEachPiece(Worker& worker, const OpenFile& file, const Piece& target, Each each) {
  for (uint64_t done = 0; done < target.length && !worker.job.isStopped();) {
    const uint64_t at = target.offset + done;
    const Piece piece = {target.device, at, done, std::min(target.length - done, kPieceSize - at % kPieceSize)};
    if (worker.trace != nullptr) worker.trace->prepare();
    if (!file.read(done, worker.buffer, piece.length) || !each(piece)) return false;
    worker.job.addBytes(piece.length);
    done += piece.length;
  }
  return true;
}

class CopyFiles : public Operation {
 public:
  explicit CopyFiles(SmallFiles all) : all_(std::move(all)), folder_(all_.folder) {
    for (uint32_t i = 0; i < all_.files.size(); i++) byPlace_.push_back(i);
    std::sort(byPlace_.begin(), byPlace_.end(),
              [this](uint32_t a, uint32_t b) { return isBefore(targetOf(a), targetOf(b)); });
  }

  bool isWriting() const override { return true; }

  void runBlock(Worker& worker, const Piece& block) override {
    const Mapping& mapping = worker.job.mapping(block);
    const bool byCalls = mapping.takesCalls(block.offset, block.length);
    const Prefault* prefault = byCalls ? nullptr : mapping.prefault.get();
    if (prefault != nullptr) prefault->prepare(block.offset, block.length, true);
    copyRun(worker, block, byCalls);
    if (prefault != nullptr) prefault->release(block.offset, block.length, true);
  }

  void run(Worker&, const Piece&) override {}

 private:
  const Piece& targetOf(uint32_t file) const { return all_.files[file].target; }

  void copyRun(Worker& worker, const Piece& block, bool byCalls) {
    const auto first = std::lower_bound(byPlace_.begin(), byPlace_.end(), block,
                                        [this](uint32_t file, const Piece& run) { return isBefore(targetOf(file), run); });
    for (auto next = first; next != byPlace_.end() && !worker.job.isStopped(); ++next) {
      const Piece& target = targetOf(*next);
      if (target.device != block.device || target.offset >= block.offset + block.length) return;
      copy(worker, *next, byCalls);
    }
  }

  void copy(Worker& worker, uint32_t number, bool byCalls) {
    const SourceFile& source = all_.files[number];
    FileOutcome& outcome = worker.job.outcome(number);
    outcome.state = FileState::kBegun;
    const OpenFile file(folder_, source.path);
    const bool whole = (all_.allNew || file.is(source.version, source.target.length)) &&
                       store(worker, file, source.target, byCalls) &&
                       (!all_.verify || isStored(worker, file, source.target, &outcome.difference)) &&
                       file.is(source.version, source.target.length);
    if (worker.job.isStopped()) return;
    if (outcome.difference.expected != outcome.difference.found) outcome.state = FileState::kDiffers;
    else outcome.state = whole ? FileState::kDone : FileState::kFailed;
  }

  static bool store(Worker& worker, const OpenFile& file, const Piece& target, bool byCalls) {
    const Mapping& mapping = worker.job.mapping(target);
    return forEachPiece(worker, file, target, [&](const Piece& piece) {
      if (byCalls) return mapping.write(piece.offset, worker.buffer, piece.length);
      const BadPages bad = touch(worker, piece, true, [&](uint8_t* memory, size_t at, size_t length) {
        copyToMemory(memory, worker.buffer + at, length);
      });
      return bad.none();
    });
  }

  // Past the caches; *difference gets the first byte that is not as in the file.
  static bool isStored(Worker& worker, const OpenFile& file, const Piece& target, Difference* difference) {
    fullFence();
    return forEachPiece(worker, file, target, [&](const Piece& piece) {
      uint64_t differs = piece.length;
      uint8_t found = 0;
      const BadPages bad = touch(worker, piece, false, [&](const uint8_t* memory, size_t at, size_t length) {
        refreshLines(memory, length);
        const size_t here = firstDifference(memory, worker.buffer + at, length);
        if (here == length || at + here >= differs) return;
        found = memory[here];
        differs = at + here;
      });
      if (differs < piece.length) {
        *difference = {piece.device, piece.offset + differs, piece.fileOffset + differs, worker.buffer[differs], found};
      }
      return bad.none() && differs == piece.length;
    });
  }

  const SmallFiles all_;
  const OpenFolder folder_;
  std::vector<uint32_t> byPlace_;
};

}  // namespace

std::vector<Piece> runsOf(const std::vector<SourceFile>& files) {
  std::vector<Piece> targets;
  targets.reserve(files.size());
  for (const SourceFile& file : files) targets.push_back(file.target);
  std::sort(targets.begin(), targets.end(), isBefore);
  std::vector<Piece> runs;
  for (const Piece& target : targets) {
    const uint64_t end = target.offset + target.length;
    // the rest of a page after a file belongs to nobody else
    const bool continues = !runs.empty() && runs.back().device == target.device &&
                           target.offset - (runs.back().offset + runs.back().length) < kFaultPage &&
                           end - runs.back().offset <= kLongestRun;
    if (continues) {
      runs.back().length = end - runs.back().offset;
    } else {
      runs.push_back({target.device, target.offset, 0, target.length});
    }
  }
  return runs;
}

std::unique_ptr<Operation> makeCopyFiles(SmallFiles files) { return std::make_unique<CopyFiles>(std::move(files)); }

}  // namespace famfs
