// What a thread does to mapped memory, step by step, for tests that ask what a crash could leave of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace famfs {

enum class StepKind : uint8_t { kStore, kWriteBack, kFence };

struct Step {
  StepKind kind;
  const uint8_t* address;  // nullptr of a fence
  size_t length;
};

class Trace {
 public:
  // Makes room for what is done to one piece: add() is called where memory may fault, and must not allocate.
  void prepare();
  void add(const Step& step);
  const std::vector<Step>& steps() const { return steps_; }

 private:
  std::vector<Step> steps_;
};

// Where this thread's steps go; nullptr, as everywhere at first, for nowhere.
void traceInto(Trace* trace);

// Notes a step that has been done.
void note(StepKind kind, const uint8_t* address, size_t length);

}  // namespace famfs
