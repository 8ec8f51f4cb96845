#include "job.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <thread>
#include <tuple>

#include "cache.h"
#include "operation.h"
#include "pattern.h"

namespace famfs {
namespace {

constexpr uint64_t kBlockSize = uint64_t{4} << 20;

// Signals belong to the threads of JavaScript, but a fault must reach the thread that caused it
void blockSignals() {
  sigset_t signals;
  sigfillset(&signals);
  for (const int synchronous : {SIGBUS, SIGSEGV, SIGILL, SIGFPE, SIGTRAP, SIGABRT}) sigdelset(&signals, synchronous);
  pthread_sigmask(SIG_SETMASK, &signals, nullptr);
}

// Files that name the same code may each have their own copy of the string
bool isSameCode(const char* a, const char* b) { return a == b || (a != nullptr && b != nullptr && std::strcmp(a, b) == 0); }

bool continues(const Fault& before, const Fault& next) {
  const Piece& a = before.where;
  const Piece& b = next.where;
  return a.device == b.device && a.offset + a.length == b.offset && a.fileOffset + a.length == b.fileOffset &&
         before.file == next.file && before.writing == next.writing && before.error == next.error &&
         isSameCode(before.code, next.code);
}

void append(std::vector<Fault>& faults, const Fault& fault) {
  if (!faults.empty() && continues(faults.back(), fault)) {
    faults.back().where.length += fault.where.length;
  } else {
    faults.push_back(fault);
  }
}

// What makes the pages of a block ready; nullptr where system calls do the work.
const Prefault* prefaultFor(const Operation& operation, const Mapping& mapping, const Piece& block) {
  if (operation.isWriting()) return mapping.takesCalls(block.offset, block.length) ? nullptr : mapping.prefault.get();
  return operation.needsMemory() ? mapping.prefault.get() : mapping.prefaultToLoad();
}

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

}  // namespace

void Worker::report(const Piece& where, bool file, bool writing, const char* code, int error) {
  append(faults, {where, file, writing, code, error});
  if (!job.options().keepGoing) job.stop();
}

void Operation::runBlock(Worker& worker, const Piece& block) {
  const Mapping& mapping = worker.job.mapping(block);
  const Prefault* prefault = prefaultFor(*this, mapping, block);
  if (prefault != nullptr) prefault->prepare(block.offset, block.length, isWriting());
  begin(worker, block);
  for (uint64_t done = 0; done < block.length && !worker.job.isStopped();) {
    const uint64_t at = block.offset + done;
    const uint64_t length = std::min(block.length - done, kPieceSize - at % kPieceSize);
    const Piece piece = {block.device, at, block.fileOffset + done, length};
    if (worker.trace != nullptr) worker.trace->prepare();
    if (worker.job.mayDiffer(piece.fileOffset)) run(worker, piece);
    done += length;
  }
  if (prefault != nullptr) prefault->release(block.offset, block.length, isWriting());
}

Job::Job(std::vector<std::shared_ptr<Mapping>> mappings, std::vector<Piece> segments,
         std::unique_ptr<Operation> operation, JobOptions options, size_t files)
    : mappings_(std::move(mappings)),
      segments_(std::move(segments)),
      operation_(std::move(operation)),
      options_(options),
      outcomes_(files) {}

Job::~Job() = default;

void Job::run() {
  blockSignals();
  uint64_t blocks = 0;
  for (const Piece& segment : segments_) blocks += (segment.length + kBlockSize - 1) / kBlockSize;
  const uint64_t useful = operation_->isOrdered() ? 1 : std::min<uint64_t>(options_.threads, blocks);
  std::vector<std::thread> helpers;
  try {
    while (helpers.size() + 1 < useful) helpers.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    // If no more threads can be started, the existing ones do the work
  }
  work();
  for (std::thread& helper : helpers) helper.join();
  finish();
}

void Job::runHere() {
  work();
  finish();
}

void Job::work() {
  const size_t size = (kPieceSize + kPatternSlack + kFaultPage - 1) / kFaultPage * kFaultPage;
  const std::unique_ptr<void, Free> buffer(std::aligned_alloc(kFaultPage, 2 * size));
  Trace trace;
  auto* bytes = static_cast<uint8_t*>(buffer.get());
  Worker worker{*this, bytes, bytes + size, {}, options_.traced ? &trace : nullptr};
  traceInto(worker.trace);
  Piece block;
  while (buffer && !isStopped() && takeBlock(&block)) {
    if (mayDiffer(block.fileOffset)) operation_->runBlock(worker, block);
  }
  if (worker.trace != nullptr) trace.prepare();
  fullFence();  // a fence completes only the stores of its own thread
  traceInto(nullptr);
  if (!buffer) {
    worker.report({0, 0, 0, 0}, true, false, nullptr, ENOMEM);
    stop();
  }
  collect(worker);
}

bool Job::takeBlock(Piece* block) {
  const std::lock_guard<std::mutex> lock(mutex_);
  while (segment_ < segments_.size() && taken_ == segments_[segment_].length) {
    segment_++;
    taken_ = 0;
  }
  if (segment_ == segments_.size()) return false;
  const Piece& segment = segments_[segment_];
  const uint64_t length = std::min(kBlockSize, segment.length - taken_);
  *block = {segment.device, segment.offset + taken_, segment.fileOffset + taken_, length};
  taken_ += length;
  return true;
}

void Job::setDifference(const Difference& difference) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (difference.fileOffset >= firstDifference_) return;
  difference_ = difference;
  firstDifference_ = difference.fileOffset;
}

void Job::collect(const Worker& worker) {
  const std::lock_guard<std::mutex> lock(mutex_);
  faults_.insert(faults_.end(), worker.faults.begin(), worker.faults.end());
  const uint32_t thread = threadsEnded_++;
  if (worker.trace == nullptr) return;
  for (const Step& step : worker.trace->steps()) steps_.push_back(placed(thread, step));
}

TracedStep Job::placed(uint32_t thread, const Step& step) const {
  for (uint32_t device = 0; device < mappings_.size(); device++) {
    const Mapping& mapping = *mappings_[device];
    const auto offset = reinterpret_cast<uintptr_t>(step.address) - reinterpret_cast<uintptr_t>(mapping.base);
    if (step.address != nullptr && offset < mapping.size) return {thread, step.kind, device, offset, step.length};
  }
  return {thread, step.kind, 0, 0, 0};
}

void Job::finish() {
  if (!isStopped()) operation_->complete(*this);
  std::sort(faults_.begin(), faults_.end(), [](const Fault& a, const Fault& b) {
    return std::tie(a.where.fileOffset, a.where.device) < std::tie(b.where.fileOffset, b.where.device);
  });
  std::vector<Fault> joined;
  for (const Fault& fault : faults_) append(joined, fault);
  faults_ = std::move(joined);
  operation_.reset();  // frees the descriptor and the memory now, even if JavaScript keeps the job
  mappings_.clear();
}

void Job::announceEnd() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ended_ = true;
  }
  endedChanged_.notify_all();
}

void Job::waitForEnd() {
  std::unique_lock<std::mutex> lock(mutex_);
  endedChanged_.wait(lock, [this] { return ended_; });
}

}  // namespace famfs
