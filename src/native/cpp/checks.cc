// compare, verifyPattern: whether memory equals a file or the seeded pattern.
#include "from_file.h"
#include "pattern.h"
#include "touch.h"

namespace famfs {
namespace {

class Compare : public FromFile {
 public:
  using FromFile::FromFile;

 private:
  void take(Worker& worker, const Piece& piece) override { comparePiece(worker, piece, worker.buffer); }
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
