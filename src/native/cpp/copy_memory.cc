// copyMemory, compareMemory: from the memory of another device, where a segment's file offset is the offset on that device.
#include <algorithm>
#include <cstring>

#include "cache.h"
#include "touch.h"

namespace famfs {
namespace {

class FromMemory : public Operation {
 public:
  explicit FromMemory(std::shared_ptr<Mapping> source) : source_(std::move(source)) {}

  void begin(Worker&, const Piece& block) override {
    if (const Prefault* prefault = source_->prefaultToLoad()) prefault->prepare(block.fileOffset, thereOf(block), false);
  }

  // Hands on what the source has of the piece, and reports what it has not.
  void run(Worker& worker, const Piece& piece) override {
    const uint64_t there = thereOf(piece);
    Piece head = piece;
    head.length = load(worker, piece.fileOffset, there);
    if (head.length > 0) take(worker, head);
    if (head.length == piece.length) return;
    const Piece rest = {piece.device, piece.offset + head.length, piece.fileOffset + head.length,
                        piece.length - head.length};
    worker.report(rest, true, false, head.length < there ? "SIGBUS" : "EUNDERRUN", 0);
  }

 private:
  // The bytes of the piece are in the worker's buffer.
  virtual void take(Worker& worker, const Piece& piece) = 0;

  uint64_t thereOf(const Piece& piece) const {
    return piece.fileOffset < source_->size ? std::min<uint64_t>(piece.length, source_->size - piece.fileOffset) : 0;
  }

  // Loads the range into the worker's buffer, as far as it can be read: the bytes that came.
  uint64_t load(Worker& worker, uint64_t offset, uint64_t length) const {
    if (length == 0 || source_->read(offset, worker.buffer, length)) return length;
    const uint8_t* memory = source_->base + offset;
    uint8_t* target = worker.buffer;
    const bool afresh = worker.job.options().invalidate;
    const auto copy = [=](uint64_t count) {
      return [=] {
        if (afresh) {
          invalidateLines(memory, count);
          fullFence();
        }
        std::memcpy(target, memory, count);
      };
    };
    uint64_t faulted = 0;
    uint64_t good = length;
    if (!source_->touch(offset, length, &faulted, copy(length))) {
      good = faulted - offset;
      // It may have lost more pages meanwhile
      if (good > 0 && !source_->touch(offset, good, &faulted, copy(good))) good = 0;
    }
    if (const Prefault* prefault = source_->prefaultToLoad()) prefault->release(offset, length, false);
    return good;
  }

  const std::shared_ptr<Mapping> source_;
};

class CopyMemory : public FromMemory {
 public:
  using FromMemory::FromMemory;

  bool isWriting() const override { return true; }

 private:
  void take(Worker& worker, const Piece& piece) override { storePiece(worker, piece, worker.buffer); }
};

class CompareMemory : public FromMemory {
 public:
  using FromMemory::FromMemory;

 private:
  void take(Worker& worker, const Piece& piece) override { comparePiece(worker, piece, worker.buffer); }
};

}  // namespace

std::unique_ptr<Operation> makeCopyMemory(std::shared_ptr<Mapping> source) {
  return std::make_unique<CopyMemory>(std::move(source));
}

std::unique_ptr<Operation> makeCompareMemory(std::shared_ptr<Mapping> source) {
  return std::make_unique<CompareMemory>(std::move(source));
}

}  // namespace famfs
