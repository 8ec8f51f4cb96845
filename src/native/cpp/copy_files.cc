// copyIn, copyOut: between memory and a seekable file.
#include "file.h"
#include "from_file.h"
#include "touch.h"

namespace famfs {
namespace {

class CopyIn : public FromFile {
 public:
  using FromFile::FromFile;

  bool isWriting() const override { return true; }

  void run(Worker& worker, const Piece& piece) override {
    if (file().isHole(piece.fileOffset, piece.length)) zeroPiece(worker, piece);
    else FromFile::run(worker, piece);
  }

 private:
  void take(Worker& worker, const Piece& piece) override { storePiece(worker, piece, worker.buffer); }
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
    worker.job.stop();  // a full or failing target takes nothing more
  }

  File file_;
};

}  // namespace

std::unique_ptr<Operation> makeCopyIn(int fd) { return std::make_unique<CopyIn>(fd); }
std::unique_ptr<Operation> makeCopyOut(int fd) { return std::make_unique<CopyOut>(fd); }

}  // namespace famfs
