// copyInStream, copyOutStream: between memory and a pipe, socket or terminal, in the order of the segments.
#include <cerrno>
#include <cstring>

#include "file.h"
#include "touch.h"

namespace famfs {
namespace {

class CopyInStream : public Operation {
 public:
  explicit CopyInStream(int fd) : file_(fd) {}

  bool isOrdered() const override { return true; }
  bool isWriting() const override { return true; }

  void run(Worker& worker, const Piece& piece) override {
    if (ended_) return;
    int error = 0;
    Piece head = piece;
    head.length = fill(worker, piece.length, &error);
    if (head.length > 0) storePiece(worker, head, worker.buffer);
    if (error == 0 || error == ECANCELED) return;
    const uint64_t rest = piece.length - head.length;
    worker.report({piece.device, piece.offset + head.length, piece.fileOffset + head.length, rest}, true, false, nullptr,
                  error);
    worker.job.stop();  // after a failed read, the position of the rest is unknown
  }

  void complete(Job& job) override {
    uint8_t one;
    int error = 0;
    if (!ended_ && file_.readSome(job, &one, 1, &error) == 1) job.setMore();
  }

 private:
  uint64_t fill(Worker& worker, uint64_t length, int* error) {
    uint64_t filled = 0;
    while (filled < length && !ended_) {
      const ssize_t got = file_.readSome(worker.job, worker.buffer + filled, length - filled, error);
      if (got < 0) break;
      ended_ = got == 0;
      filled += static_cast<uint64_t>(got);
    }
    return filled;
  }

  File file_;
  bool ended_ = false;
};

class CopyOutStream : public Operation {
 public:
  explicit CopyOutStream(int fd) : file_(fd) {}

  bool isOrdered() const override { return true; }

  void run(Worker& worker, const Piece& piece) override {
    const BadPages bad = loadPiece(worker, piece, worker.buffer);
    if (worker.job.isStopped()) return;
    if (!bad.none()) {
      forEachPage(piece, [&](size_t page, uint64_t at, uint64_t length) {
        if (bad.has(page)) std::memset(worker.buffer + at, 0, length);
      });
    }
    write(worker, piece);
  }

 private:
  void write(Worker& worker, const Piece& piece) const {
    for (uint64_t at = 0; at < piece.length;) {
      int error = 0;
      const ssize_t put = file_.writeSome(worker.job, worker.buffer + at, piece.length - at, &error);
      if (put < 0) {
        if (error == ECANCELED) return;
        const Piece rest = {piece.device, piece.offset + at, piece.fileOffset + at, piece.length - at};
        worker.report(rest, true, true, nullptr, error);
        worker.job.stop();
        return;
      }
      at += static_cast<uint64_t>(put);
      worker.job.addBytes(static_cast<uint64_t>(put));
    }
  }

  File file_;
};

}  // namespace

std::unique_ptr<Operation> makeCopyInStream(int fd) { return std::make_unique<CopyInStream>(fd); }
std::unique_ptr<Operation> makeCopyOutStream(int fd) { return std::make_unique<CopyOutStream>(fd); }

}  // namespace famfs
