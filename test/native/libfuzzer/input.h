// The bytes from libFuzzer, read as numbers; zeros once they are used up.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace famfs {

// Whatever does not hold is a finding.
inline void must(bool holds) {
  if (!holds) std::abort();
}

class Input {
 public:
  Input(const uint8_t* bytes, size_t length) : at_(bytes), end_(bytes + length) {}

  // 0 to below - 1, from one byte
  size_t below(size_t below) { return byte() % below; }

  // 0 to most, from eight bytes
  uint64_t number(uint64_t most) {
    uint64_t number = 0;
    for (int i = 0; i < 8; i++) number = number << 8 | byte();
    return most == UINT64_MAX ? number : number % (most + 1);
  }

  // Small, or near a power of two, up to the largest integer of JavaScript
  uint64_t edge() {
    const uint64_t most = (uint64_t{1} << 53) - 1;
    const uint64_t near = uint64_t{1} << below(54);
    const uint64_t value = near + below(256) - 128;
    return value > most ? below(256) : value;
  }

  std::vector<uint8_t> rest() {
    const std::vector<uint8_t> all(at_, end_);
    at_ = end_;
    return all;
  }

  // The next `length` bytes, or as many as remain, as a separate input.
  Input take(size_t length) {
    const Input taken(at_, std::min(length, static_cast<size_t>(end_ - at_)));
    at_ = taken.end_;
    return taken;
  }

  bool isEmpty() const { return at_ == end_; }

 private:
  uint8_t byte() { return at_ == end_ ? uint8_t{0} : *at_++; }

  const uint8_t* at_;
  const uint8_t* end_;
};

}  // namespace famfs
