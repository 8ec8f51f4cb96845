#include "jump.h"

#include <array>
#include <memory>

namespace famfs {
namespace {

// Column i is the image of the state with only bit i set
using Matrix = std::array<PatternState, 128>;
using Powers = std::array<Matrix, kMostExponent + 1>;

PatternState apply(const Matrix& matrix, PatternState state) {
  PatternState sum = {0, 0};
  for (unsigned bit = 0; bit < 128; bit++) {
    const uint64_t word = bit < 64 ? state.s0 : state.s1;
    const uint64_t mask = 0 - ((word >> (bit % 64)) & 1);
    sum.s0 ^= matrix[bit].s0 & mask;
    sum.s1 ^= matrix[bit].s1 & mask;
  }
  return sum;
}

std::unique_ptr<const Powers> makePowers() {
  auto powers = std::make_unique<Powers>();
  for (unsigned bit = 0; bit < 128; bit++) {
    PatternState state = bit < 64 ? PatternState{uint64_t{1} << bit, 0} : PatternState{0, uint64_t{1} << (bit - 64)};
    step(state);
    (*powers)[0][bit] = state;
  }
  for (unsigned k = 1; k <= kMostExponent; k++) {
    const Matrix& half = (*powers)[k - 1];
    for (unsigned bit = 0; bit < 128; bit++) (*powers)[k][bit] = apply(half, half[bit]);
  }
  return powers;
}

// Made at first use (well under a millisecond) and never destroyed: threads may still run when the process exits
const Powers& powers() {
  static const Powers& made = *makePowers().release();
  return made;
}

}  // namespace

PatternState jumpPowerOfTwo(PatternState state, unsigned exponent) { return apply(powers()[exponent], state); }

PatternState jump(PatternState state, uint64_t steps) {
  for (unsigned k = 0; steps != 0; k++, steps >>= 1) {
    if ((steps & 1) != 0) state = apply(powers()[k], state);
  }
  return state;
}

}  // namespace famfs
