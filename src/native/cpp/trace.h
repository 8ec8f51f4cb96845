// What a thread does to mapped memory, step by step, for tests of what a crash could leave of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace famfs {

enum class StepKind : uint8_t { kStore, kWriteBack, kFence };

struct Step {
  StepKind kind;
  const uint8_t* address;  // nullptr for a fence
  size_t length;
};

class Trace {
 public:
  // Reserves room for the steps of one piece: add() is called where memory may fault, and must not allocate.
  void prepare();
  void add(const Step& step);
  const std::vector<Step>& steps() const { return steps_; }

 private:
  std::vector<Step> steps_;
};

// The trace of this thread; nullptr, the initial value, if it is not traced.
void traceInto(Trace* trace);

// Records a step that has been done.
void note(StepKind kind, const uint8_t* address, size_t length);

}  // namespace famfs
