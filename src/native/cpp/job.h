// Bulk work on worker threads: segments of mapped memory, cut into blocks that the threads take one after another.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "mapping.h"
#include "trace.h"

namespace famfs {

// A run of bytes at `offset` of a device and at `fileOffset` of its file.
struct Piece {
  uint32_t device;
  uint64_t offset;
  uint64_t fileOffset;
  uint64_t length;
};

// A run that could not be read or written.
struct Fault {
  Piece where;
  bool file;         // the file failed, not the memory
  bool writing;      // the failure was in writing
  const char* code;  // nullptr: the name of the errno
  int error;
};

// The first byte that differs.
struct Difference {
  uint32_t device;
  uint64_t offset;
  uint64_t fileOffset;
  uint8_t expected;
  uint8_t found;
};

// How far a job came with one of many files.
enum class FileState : uint8_t {
  kUntouched,
  kBegun,    // and not finished: the job was cancelled
  kDone,
  kFailed,   // its source cannot be read or has changed, or its memory cannot be reached
  kDiffers,  // the memory has other bytes than the file
};

struct FileOutcome {
  FileState state = FileState::kUntouched;
  Difference difference = {};  // of kDiffers
};

// A step of one of the threads, in the order of that thread; a fence has offset and length 0.
struct TracedStep {
  uint32_t thread;
  StepKind kind;
  uint32_t device;
  uint64_t offset;
  uint64_t length;
};

struct JobOptions {
  unsigned threads = 1;
  bool keepGoing = false;   // list faults and continue; otherwise the first one stops the job
  bool invalidate = false;  // drop cached lines before memory is read
  bool traced = false;      // record what each thread stores, writes back and fences
};

class Operation;
struct Worker;

class Job {
 public:
  // files: the number of outcomes
  Job(std::vector<std::shared_ptr<Mapping>> mappings, std::vector<Piece> segments, std::unique_ptr<Operation> operation,
      JobOptions options, size_t files = 0);
  ~Job();

  // Does all the work, on this thread and options.threads - 1 more. Call once.
  void run();
  // The same for little work, all on this thread, which may be that of JavaScript. Call once, in place of run().
  void runHere();
  // After run(), once its thread has also notified the caller: nothing more happens on that thread.
  void announceEnd();

  // For other threads, while it runs
  void cancel() { cancelled_ = true; }
  void waitForEnd();
  uint64_t bytes() const { return bytes_; }

  // For the operation, on the worker threads
  const JobOptions& options() const { return options_; }
  Mapping& mapping(const Piece& piece) const { return *mappings_[piece.device]; }
  const std::vector<Piece>& segments() const { return segments_; }
  bool isStopped() const { return cancelled_.load(std::memory_order_relaxed) || stopped_.load(std::memory_order_relaxed); }
  void stop() { stopped_ = true; }
  void addBytes(uint64_t bytes) { bytes_.fetch_add(bytes, std::memory_order_relaxed); }
  // Whether the first difference can still be at this file offset; true if nothing is compared
  bool mayDiffer(uint64_t fileOffset) const { return fileOffset < firstDifference_.load(std::memory_order_relaxed); }
  void setDifference(const Difference& difference);
  void setMore() { more_ = true; }
  // Of one file; only one thread works on it
  FileOutcome& outcome(size_t file) { return outcomes_[file]; }

  // Results, once run() or runHere() is over
  bool wasCancelled() const { return cancelled_; }
  bool hadMore() const { return more_; }
  const std::vector<Fault>& faults() const { return faults_; }
  bool hasDifference() const { return firstDifference_ != UINT64_MAX; }
  const Difference& difference() const { return difference_; }
  const std::vector<TracedStep>& steps() const { return steps_; }
  const std::vector<FileOutcome>& outcomes() const { return outcomes_; }

 private:
  void work();
  bool takeBlock(Piece* block);
  void collect(const Worker& worker);
  TracedStep placed(uint32_t thread, const Step& step) const;
  void finish();

  std::vector<std::shared_ptr<Mapping>> mappings_;
  const std::vector<Piece> segments_;
  std::unique_ptr<Operation> operation_;
  const JobOptions options_;
  std::vector<FileOutcome> outcomes_;

  std::atomic<bool> cancelled_{false};
  std::atomic<bool> stopped_{false};
  std::atomic<uint64_t> bytes_{0};
  std::atomic<uint64_t> firstDifference_{UINT64_MAX};  // file offset

  std::mutex mutex_;  // guards the following members
  size_t segment_ = 0;
  uint64_t taken_ = 0;  // bytes of that segment
  std::vector<Fault> faults_;
  std::vector<TracedStep> steps_;
  uint32_t threadsEnded_ = 0;
  Difference difference_ = {};
  bool more_ = false;
  bool ended_ = false;
  std::condition_variable endedChanged_;
};

}  // namespace famfs
