#include "touch.h"

#include <cstring>

#include "cache.h"
#include "copy.h"

namespace famfs {

void refreshLines(const uint8_t* memory, size_t length) {
  invalidateLines(memory, length);
  fullFence();
}

BadPages loadPiece(Worker& worker, const Piece& piece, uint8_t* target) {
  if (worker.job.mapping(piece).read(piece.offset, target, piece.length)) return {};
  const bool afresh = worker.job.options().invalidate;
  return touch(worker, piece, false, [=](const uint8_t* memory, size_t at, size_t length) {
    if (afresh) refreshLines(memory, length);
    std::memcpy(target + at, memory, length);
  });
}

void storePiece(Worker& worker, const Piece& piece, const uint8_t* source) {
  const Mapping& mapping = worker.job.mapping(piece);
  if (mapping.takesCalls(piece.offset, piece.length) && mapping.write(piece.offset, source, piece.length)) {
    worker.job.addBytes(piece.length);
    return;
  }
  const BadPages bad = touch(worker, piece, true, [=](uint8_t* memory, size_t at, size_t length) {
    copyToMemory(memory, source + at, length);
  });
  countGood(worker, piece, bad);
}

void zeroPiece(Worker& worker, const Piece& piece) {
  const Mapping& mapping = worker.job.mapping(piece);
  if (mapping.takesCalls(piece.offset, piece.length) && mapping.punch(piece.offset, piece.length)) {
    worker.job.addBytes(piece.length);
    return;
  }
  const auto zero = [](uint8_t* memory, size_t, size_t length) { zeroMemory(memory, length); };
  countGood(worker, piece, touch(worker, piece, true, zero));
}

void comparePiece(Worker& worker, const Piece& piece, const uint8_t* expected) {
  const bool afresh = worker.job.options().invalidate;
  // Set inside the guard, where no lock may be taken, and passed on outside it
  uint64_t differs = piece.length;
  uint8_t found = 0;
  const auto compare = [&](const uint8_t* bytes, size_t at, size_t length) {
    const size_t here = firstDifference(bytes, expected + at, length);
    if (here == length || at + here >= differs) return;
    found = bytes[here];
    differs = at + here;
  };
  BadPages bad;
  if (worker.job.mapping(piece).read(piece.offset, worker.second, piece.length)) {
    compare(worker.second, 0, piece.length);
  } else {
    bad = touch(worker, piece, false, [&](const uint8_t* memory, size_t at, size_t length) {
      if (afresh) refreshLines(memory, length);
      compare(memory, at, length);
    });
  }
  if (differs < piece.length) {
    worker.job.setDifference({piece.device, piece.offset + differs, piece.fileOffset + differs, expected[differs], found});
  }
  countGood(worker, piece, bad);
}

void countGood(Worker& worker, const Piece& piece, BadPages bad) {
  uint64_t good = 0;
  forEachPage(piece, [&](size_t page, uint64_t, uint64_t length) { good += bad.has(page) ? 0 : length; });
  worker.job.addBytes(good);
}

}  // namespace famfs
