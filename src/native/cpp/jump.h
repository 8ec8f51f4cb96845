// Jumping ahead in xoroshiro128+: one step is a linear map over GF(2), so n steps are the n-th power of its matrix, and any n is a
// product of the powers 1, 2, 4, 8 ...
#pragma once

#include <cstdint>

namespace famfs {

struct PatternState {
  uint64_t s0;
  uint64_t s1;
};

// One step of the generator's state.
inline void step(PatternState& state) {
  const uint64_t mixed = state.s1 ^ state.s0;
  state.s0 = ((state.s0 << 55) | (state.s0 >> 9)) ^ mixed ^ (mixed << 14);
  state.s1 = (mixed << 36) | (mixed >> 28);
}

// The state 2^exponent steps later; exponent up to kMostExponent.
constexpr unsigned kMostExponent = 53;
PatternState jumpPowerOfTwo(PatternState state, unsigned exponent);

// The state `steps` steps later; steps below 2^(kMostExponent + 1).
PatternState jump(PatternState state, uint64_t steps);

}  // namespace famfs
