// compare, verifyPattern: whether memory holds what a file or the seeded pattern has.
#include "file.h"
#include "pattern.h"
#include "touch.h"

namespace famfs {
namespace {

class Compare : public Operation {
 public:
  explicit Compare(int fd) : file_(fd) {}

  void begin(Worker&, const Piece& block) override { file_.expect(block.fileOffset, block.length); }

  void run(Worker& worker, const Piece& piece) override {
    int error = 0;
    Piece head = piece;
    head.length = file_.readAt(piece.fileOffset, worker.buffer, piece.length, &error);
    if (head.length > 0) comparePiece(worker, head, worker.buffer);
    if (head.length == piece.length) return;
    const Piece rest = {piece.device, piece.offset + head.length, piece.fileOffset + head.length,
                        piece.length - head.length};
    worker.report(rest, true, false, error == 0 ? "EUNDERRUN" : nullptr, error);
  }

 private:
  File file_;
};

class VerifyPattern : public Operation {
 public:
  explicit VerifyPattern(uint64_t seed) : pattern_(seed) {}

  void run(Worker& worker, const Piece& piece) override {
    comparePiece(worker, piece, pattern_.generate(piece.fileOffset, piece.length, worker.buffer));
  }

 private:
  const Pattern pattern_;
};

}  // namespace

std::unique_ptr<Operation> makeCompare(int fd) { return std::make_unique<Compare>(fd); }
std::unique_ptr<Operation> makeVerifyPattern(uint64_t seed) { return std::make_unique<VerifyPattern>(seed); }

}  // namespace famfs
