#include "pattern.h"

#include <cstring>

namespace famfs {
namespace {

// Eight generators in parallel, each making its own run of the output, keep a processor's vector units busy; a single
// generator would wait for its own result at every step
constexpr unsigned kLanes = 8;
constexpr unsigned kLaneExponent = 12;
constexpr size_t kLaneWords = size_t{1} << kLaneExponent;
constexpr size_t kRoundWords = kLanes * kLaneWords;

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words are stored as they are");

uint64_t splitmix64(uint64_t& state) {
  uint64_t z = (state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

PatternState generateWords(PatternState state, uint8_t* out, size_t words) {
  for (size_t i = 0; i < words; i++) {
    const uint32_t word = static_cast<uint32_t>(state.s0 + state.s1);
    std::memcpy(out + 4 * i, &word, 4);
    step(state);
  }
  return state;
}

// Vector is a GCC vector of uint64_t; Count of them hold the lanes. Two steps make one 8-byte store per lane
template <typename Vector, unsigned Count>
inline __attribute__((always_inline)) void runLanes(PatternState* lanes, uint8_t* out) {
  constexpr unsigned kWidth = sizeof(Vector) / sizeof(uint64_t);
  static_assert(Count * kWidth == kLanes, "all lanes, no more");
  Vector s0[Count], s1[Count], first[Count];
  for (unsigned v = 0; v < Count; v++) {
    // not element by element: GCC for arm64 warns that the others have no value yet
    uint64_t both[2][kWidth];
    for (unsigned i = 0; i < kWidth; i++) {
      both[0][i] = lanes[v * kWidth + i].s0;
      both[1][i] = lanes[v * kWidth + i].s1;
    }
    std::memcpy(&s0[v], both[0], sizeof(Vector));
    std::memcpy(&s1[v], both[1], sizeof(Vector));
  }
  for (size_t word = 0; word < kLaneWords; word += 2) {
    for (unsigned half = 0; half < 2; half++) {
      for (unsigned v = 0; v < Count; v++) {
        const Vector sum = s0[v] + s1[v];
        first[v] = half == 0 ? sum & 0xffffffffu : first[v] | (sum << 32);
        const Vector mixed = s1[v] ^ s0[v];
        s0[v] = ((s0[v] << 55) | (s0[v] >> 9)) ^ mixed ^ (mixed << 14);
        s1[v] = (mixed << 36) | (mixed >> 28);
      }
    }
    for (unsigned lane = 0; lane < kLanes; lane++) {
      const uint64_t pair = first[lane / kWidth][lane % kWidth];
      std::memcpy(out + 4 * (lane * kLaneWords + word), &pair, 8);
    }
  }
  lanes[kLanes - 1] = {s0[Count - 1][kWidth - 1], s1[Count - 1][kWidth - 1]};
}

using Two = uint64_t __attribute__((vector_size(16)));
void runLanesByTwo(PatternState* lanes, uint8_t* out) { runLanes<Two, 4>(lanes, out); }

#if defined(__x86_64__)

using Four = uint64_t __attribute__((vector_size(32)));
using Eight = uint64_t __attribute__((vector_size(64)));
__attribute__((target("avx2"))) void runLanesByFour(PatternState* lanes, uint8_t* out) { runLanes<Four, 2>(lanes, out); }
__attribute__((target("avx512f"))) void runLanesByEight(PatternState* lanes, uint8_t* out) {
  runLanes<Eight, 1>(lanes, out);
}

using RunLanes = void (*)(PatternState* lanes, uint8_t* out);

RunLanes chooseRunLanes() {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) return runLanesByEight;
  return __builtin_cpu_supports("avx2") ? runLanesByFour : runLanesByTwo;
}

void runRound(PatternState* lanes, uint8_t* out) {
  static const RunLanes chosen = chooseRunLanes();
  chosen(lanes, out);
}

#else

void runRound(PatternState* lanes, uint8_t* out) { runLanesByTwo(lanes, out); }

#endif

// kRoundWords words from the state; leaves the state after them
PatternState generateRound(PatternState state, uint8_t* out) {
  PatternState lanes[kLanes];
  lanes[0] = state;
  for (unsigned i = 1; i < kLanes; i++) lanes[i] = jumpPowerOfTwo(lanes[i - 1], kLaneExponent);
  runRound(lanes, out);
  return lanes[kLanes - 1];
}

}  // namespace

Pattern::Pattern(uint64_t seed) : start_{0, 0} {
  start_.s0 = splitmix64(seed);
  start_.s1 = splitmix64(seed);
}

const uint8_t* Pattern::generate(uint64_t offset, size_t length, uint8_t* buffer) const {
  const size_t skip = offset % 4;
  size_t words = (skip + length + 3) / 4;
  PatternState state = jump(start_, offset / 4);
  uint8_t* out = buffer;
  for (; words >= kRoundWords; words -= kRoundWords, out += 4 * kRoundWords) state = generateRound(state, out);
  generateWords(state, out, words);
  return buffer + skip;
}

}  // namespace famfs
