// zero, fillPattern, writeBack, invalidate, read: operations on memory without a file.
#include "cache.h"
#include "copy.h"
#include "pattern.h"
#include "touch.h"

namespace famfs {
namespace {

class Zero : public Operation {
 public:
  bool isWriting() const override { return true; }

  void run(Worker& worker, const Piece& piece) override { zeroPiece(worker, piece); }
};

class FillPattern : public Operation {
 public:
  explicit FillPattern(uint64_t seed) : pattern_(seed) {}

  bool isWriting() const override { return true; }

  void run(Worker& worker, const Piece& piece) override {
    storePiece(worker, piece, pattern_.generate(piece.fileOffset, piece.length, worker.buffer));
  }

 private:
  const Pattern pattern_;
};

using Sweep = void (*)(const uint8_t* address, size_t length);

class SweepLines : public Operation {
 public:
  explicit SweepLines(Sweep sweep) : sweep_(sweep) {}

  bool needsMemory() const override { return true; }

  void run(Worker& worker, const Piece& piece) override {
    const Sweep sweep = sweep_;
    const auto each = [=](const uint8_t* memory, size_t, size_t length) { sweep(memory, length); };
    countGood(worker, piece, touch(worker, piece, false, each));
  }

 private:
  const Sweep sweep_;
};

// Every byte is loaded, so that memory that cannot be read is found; what was read is dropped.
class Read : public Operation {
 public:
  void run(Worker& worker, const Piece& piece) override {
    countGood(worker, piece, loadPiece(worker, piece, worker.buffer));
  }
};

}  // namespace

std::unique_ptr<Operation> makeZero() { return std::make_unique<Zero>(); }
std::unique_ptr<Operation> makeFillPattern(uint64_t seed) { return std::make_unique<FillPattern>(seed); }
std::unique_ptr<Operation> makeWriteBack() { return std::make_unique<SweepLines>(writeBackLines); }
std::unique_ptr<Operation> makeInvalidate() { return std::make_unique<SweepLines>(invalidateLines); }
std::unique_ptr<Operation> makeRead() { return std::make_unique<Read>(); }

}  // namespace famfs
