// copyIn, copyOut: between memory and a file that can be read and written anywhere.
#include <cerrno>

#include "copy.h"
#include "file.h"
#include "touch.h"

namespace famfs {
namespace {

class CopyIn : public Operation {
 public:
  explicit CopyIn(int fd) : file_(fd) {}

  bool isWriting() const override { return true; }

  void begin(Worker&, const Piece& block) override { file_.expect(block.fileOffset, block.length); }

  void run(Worker& worker, const Piece& piece) override {
    if (file_.isHole(piece.fileOffset, piece.length)) {
      const auto zero = [](uint8_t* memory, size_t, size_t length) { zeroMemory(memory, length); };
      countGood(worker, piece, touch(worker, piece, true, zero));
      return;
    }
    int error = 0;
    Piece head = piece;
    head.length = file_.readAt(piece.fileOffset, worker.buffer, piece.length, &error);
    if (head.length > 0) storePiece(worker, head, worker.buffer);
    if (head.length == piece.length) return;
    const Piece rest = {piece.device, piece.offset + head.length, piece.fileOffset + head.length,
                        piece.length - head.length};
    worker.report(rest, true, false, error == 0 ? "EUNDERRUN" : nullptr, error);
  }

 private:
  File file_;
};

class CopyOut : public Operation {
 public:
  explicit CopyOut(int fd) : file_(fd) {}

  void run(Worker& worker, const Piece& piece) override {
    const BadPages bad = loadPiece(worker, piece, worker.buffer);
    if (bad.none()) {
      write(worker, piece, worker.buffer);
      return;
    }
    forEachPage(piece, [&](size_t page, uint64_t at, uint64_t length) {
      if (bad.has(page) || worker.job.isStopped()) return;
      write(worker, {piece.device, piece.offset + at, piece.fileOffset + at, length}, worker.buffer + at);
    });
  }

 private:
  void write(Worker& worker, const Piece& piece, const uint8_t* source) const {
    int error = 0;
    const size_t done = file_.writeAt(piece.fileOffset, source, piece.length, &error);
    worker.job.addBytes(done);
    if (done == piece.length) return;
    worker.report({piece.device, piece.offset + done, piece.fileOffset + done, piece.length - done}, true, true, nullptr,
                  error);
    worker.job.stop();  // a target that is full or failing takes no more of it
  }

  File file_;
};

}  // namespace

std::unique_ptr<Operation> makeCopyIn(int fd) { return std::make_unique<CopyIn>(fd); }
std::unique_ptr<Operation> makeCopyOut(int fd) { return std::make_unique<CopyOut>(fd); }

}  // namespace famfs
