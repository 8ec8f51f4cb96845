#include "from_file.h"

namespace famfs {

void FromFile::begin(Worker&, const Piece& block) { file_.expect(block.fileOffset, block.length); }

void FromFile::run(Worker& worker, const Piece& piece) {
  int error = 0;
  Piece head = piece;
  head.length = file_.readAt(piece.fileOffset, worker.buffer, piece.length, &error);
  if (head.length > 0) take(worker, head);
  if (head.length == piece.length) return;
  const Piece rest = {piece.device, piece.offset + head.length, piece.fileOffset + head.length,
                      piece.length - head.length};
  worker.report(rest, true, false, error == 0 ? "EUNDERRUN" : nullptr, error);
}

}  // namespace famfs
