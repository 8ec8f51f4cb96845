#include "trace.h"

#include "operation.h"

namespace famfs {
namespace {

// A page of a piece is stored as a head, whole lines and a tail, each with a store and a write-back
constexpr size_t kStepsOfPage = 6;
constexpr size_t kStepsOfPiece = (kPieceSize / kFaultPage + 1) * kStepsOfPage;

thread_local Trace* current = nullptr;

}  // namespace

void Trace::prepare() {
  if (steps_.capacity() - steps_.size() < kStepsOfPiece) steps_.reserve(2 * steps_.capacity() + kStepsOfPiece);
}

void Trace::add(const Step& step) { steps_.push_back(step); }

void traceInto(Trace* trace) { current = trace; }

void note(StepKind kind, const uint8_t* address, size_t length) {
  if (current != nullptr) current->add({kind, address, length});
}

}  // namespace famfs
