// Chooses between two ways to do the same work by the processor time that each has taken, where machines differ in which is cheaper.
#pragma once

#include <time.h>

#include <cstddef>
#include <cstdint>

namespace famfs {

class Cheaper {
 public:
  // The way to take next, 0 or 1: the cheaper one, but now and then the other, since what is cheaper may change.
  size_t choose() const {
    const Way& first = ways_[0];
    const Way& second = ways_[1];
    if (first.bytes < kSample || second.bytes < kSample) return first.bytes <= second.bytes ? 0 : 1;
    return first.costPerByte() <= second.costPerByte() ? 0 : 1;
  }

  // Does work on so many bytes in a way, and counts the time that this thread takes. Returns what it returns.
  template <typename Work>
  auto measure(size_t way, uint64_t bytes, Work work) {
    const uint64_t start = now();
    const auto result = work();
    count(way, bytes, now() - start);
    return result;
  }

 private:
  static constexpr uint64_t kSample = uint64_t{4} << 20;
  static constexpr uint64_t kMost = uint64_t{128} << 20;

  struct Way {
    uint64_t bytes;
    uint64_t time;  // nanoseconds of a processor

    double costPerByte() const { return static_cast<double>(time) / static_cast<double>(bytes); }
  };

  void count(size_t way, uint64_t bytes, uint64_t time) {
    ways_[way].bytes += bytes;
    ways_[way].time += time;
    if (ways_[way].bytes < kMost) return;
    // what is long past counts less, until the other way is due again
    for (Way& each : ways_) each = {each.bytes / 2, each.time / 2};
  }

  static uint64_t now() {
    struct timespec time = {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<uint64_t>(time.tv_sec) * 1000000000 + static_cast<uint64_t>(time.tv_nsec);
  }

  Way ways_[2] = {};
};

}  // namespace famfs
