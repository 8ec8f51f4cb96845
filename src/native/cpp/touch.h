// Accesses a piece of mapped memory for an operation: guarded, and page by page where it faults.
#pragma once

#include <algorithm>

#include "operation.h"

namespace famfs {

// The unreachable pages of a piece; page 0 holds the piece's first byte.
struct BadPages {
  uint64_t bits = 0;

  bool none() const { return bits == 0; }
  bool has(size_t page) const { return ((bits >> page) & 1) != 0; }
};

static_assert(kPieceSize / kFaultPage <= 64, "a bit for each page");

// Calls each(at, length) for the part of each page that the piece covers; `at` is relative to the piece.
template <typename Each>
void forEachPage(const Piece& piece, Each each) {
  size_t page = 0;
  for (uint64_t at = 0; at < piece.length; page++) {
    const uint64_t length = std::min(piece.length - at, kFaultPage - (piece.offset + at) % kFaultPage);
    each(page, at, length);
    at += length;
  }
}

// Runs body(memory, at, length) over the piece; `memory` is the address of its byte `at`. Faults are reported. If the job keeps
// going, all other pages are done and the bad ones returned; otherwise the job is stopped and every page is bad.
template <typename Body>
BadPages touch(Worker& worker, const Piece& piece, bool writing, Body body) {
  const Mapping& mapping = worker.job.mapping(piece);
  uint8_t* start = mapping.base + piece.offset;
  uint64_t faulted = 0;
  const auto whole = [&] { body(start, size_t{0}, static_cast<size_t>(piece.length)); };
  if (mapping.touch(piece.offset, piece.length, &faulted, whole)) return {};
  if (!worker.job.options().keepGoing) {
    const uint64_t at = faulted - piece.offset;
    const uint64_t length = std::min(piece.length - at, kFaultPage - (piece.offset + at) % kFaultPage);
    worker.report({piece.device, piece.offset + at, piece.fileOffset + at, length}, false, writing, "SIGBUS", 0);
    return {~uint64_t{0}};
  }
  BadPages bad;
  forEachPage(piece, [&](size_t page, uint64_t at, uint64_t length) {
    const auto part = [&] { body(start + at, static_cast<size_t>(at), static_cast<size_t>(length)); };
    if (mapping.touch(piece.offset + at, length, &faulted, part)) return;
    bad.bits |= uint64_t{1} << page;
    worker.report({piece.device, piece.offset + at, piece.fileOffset + at, length}, false, writing, "SIGBUS", 0);
  });
  return bad;
}

// Drops the lines from the caches, so that a load sees the memory. Call it under a guard.
void refreshLines(const uint8_t* memory, size_t length);

// Copies the piece out of memory into a buffer, invalidating first if the job says so, where other hosts share it.
BadPages loadPiece(Worker& worker, const Piece& piece, uint8_t* target);

// Copies the piece from a buffer into memory, past the cache, and counts it as done.
void storePiece(Worker& worker, const Piece& piece, const uint8_t* source);

// The same with zeros.
void zeroPiece(Worker& worker, const Piece& piece);

// Compares memory with the expected bytes, records the first difference, and counts the piece as done.
void comparePiece(Worker& worker, const Piece& piece, const uint8_t* expected);

// Counts the pages that are not bad as done.
void countGood(Worker& worker, const Piece& piece, BadPages bad);

}  // namespace famfs
