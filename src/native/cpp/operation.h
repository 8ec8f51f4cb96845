// What a job does with its pieces. One file per family of operations: copy.., stream.., check.., store...
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "job.h"
#include "trace.h"

namespace famfs {

constexpr size_t kPieceSize = size_t{128} << 10;  // fits a core's second-level cache, together with the data being copied

// A thread that works on a job.
struct Worker {
  Job& job;
  uint8_t* buffer;  // kPieceSize and kPatternSlack bytes, aligned to a page
  uint8_t* second;  // another one
  std::vector<Fault> faults;
  Trace* trace;  // nullptr if nobody traces the job

  // Adds a fault, joined to the previous one if it continues it, and stops the job unless keepGoing is set.
  void report(const Piece& where, bool file, bool writing, const char* code, int error);
};

class Operation {
 public:
  virtual ~Operation() = default;
  // Streams are sequential, and so use one thread.
  virtual bool isOrdered() const { return false; }
  // Whether it writes to the memory.
  virtual bool isWriting() const { return false; }
  // Whether it needs the memory itself, where system calls could read it.
  virtual bool needsMemory() const { return false; }
  // Before the first piece of a block.
  virtual void begin(Worker&, const Piece& /*block*/) {}
  // All of a block. By default, makes its pages ready, calls begin, and then run for each piece.
  virtual void runBlock(Worker& worker, const Piece& block);
  // At most kPieceSize bytes that do not cross a multiple of kPieceSize of the device.
  virtual void run(Worker& worker, const Piece& piece) = 0;
  // Once, after all pieces, unless the job stopped.
  virtual void complete(Job&) {}
};

std::unique_ptr<Operation> makeCopyIn(int fd);
std::unique_ptr<Operation> makeCopyInStream(int fd);
std::unique_ptr<Operation> makeCopyOut(int fd);
std::unique_ptr<Operation> makeCopyOutStream(int fd);
std::unique_ptr<Operation> makeCompare(int fd);
std::unique_ptr<Operation> makeCopyMemory(std::shared_ptr<Mapping> source);
std::unique_ptr<Operation> makeCompareMemory(std::shared_ptr<Mapping> source);
std::unique_ptr<Operation> makeZero();
std::unique_ptr<Operation> makeFillPattern(uint64_t seed);
std::unique_ptr<Operation> makeVerifyPattern(uint64_t seed);
std::unique_ptr<Operation> makeWriteBack();
std::unique_ptr<Operation> makeInvalidate();
std::unique_ptr<Operation> makeRead();

}  // namespace famfs
