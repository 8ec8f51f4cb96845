// What the addon does to bytes, compared with the simplest implementation: crc, pattern, records, copies, cache lines. The first
// byte of the input chooses. The bytes are at any alignment in a block of exactly their size, so that AddressSanitizer notices
// an access just outside.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "cache.h"
#include "copy.h"
#include "crc.h"
#include "input.h"
#include "pattern.h"
#include "records.h"

namespace famfs {
namespace {

// Bytes that end where a block of memory ends, `shift` bytes after an address that is a multiple of 64.
class Block {
 public:
  Block(size_t shift, size_t length) : memory_(nullptr, std::free), shift_(shift), length_(length) {
    void* memory = nullptr;
    must(posix_memalign(&memory, 64, shift + length) == 0);
    memory_.reset(memory);
  }

  Block(size_t shift, const std::vector<uint8_t>& bytes) : Block(shift, bytes.size()) {
    std::copy(bytes.begin(), bytes.end(), begin());
  }

  uint8_t* begin() const { return static_cast<uint8_t*>(memory_.get()) + shift_; }
  size_t length() const { return length_; }
  std::vector<uint8_t> copy() const { return {begin(), begin() + length_}; }

 private:
  std::unique_ptr<void, decltype(&std::free)> memory_;
  size_t shift_;
  size_t length_;
};

void checkCrc(Input& input) {
  const size_t shift = input.below(64);
  const std::vector<uint8_t> bytes = input.rest();
  uint32_t crc = 0xffffffffu;
  for (const uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0u);
  }
  const Block block(shift, bytes);
  must(crc32(block.begin(), block.length()) == ~crc);
}

struct Generator {
  uint64_t s0;
  uint64_t s1;

  explicit Generator(uint64_t seed) : s0(split(seed)), s1(split(seed)) {}

  uint32_t next() {
    const auto word = static_cast<uint32_t>(s0 + s1);
    const uint64_t mixed = s0 ^ s1;
    s0 = turn(s0, 55) ^ mixed ^ (mixed << 14);
    s1 = turn(mixed, 36);
    return word;
  }

  static uint64_t turn(uint64_t x, unsigned by) { return (x << by) | (x >> (64 - by)); }

  static uint64_t split(uint64_t& state) {
    state += 0x9e3779b97f4a7c15u;
    uint64_t z = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
};

// Near the start of the file, compare with the generator itself; far away, a range must not depend on how it is cut
void checkPattern(Input& input) {
  const uint64_t seed = input.number(UINT64_MAX);
  const Pattern pattern(seed);
  const bool near = input.below(2) == 0;
  const uint64_t offset = input.number(near ? 5000 : (uint64_t{1} << 53) - (1 << 20));
  const size_t length = input.number(input.below(8) == 0 ? 150'000 : 5000);
  const Block buffer(0, length + kPatternSlack);
  const uint8_t* made = pattern.generate(offset, length, buffer.begin());
  must(made >= buffer.begin() && made + length <= buffer.begin() + buffer.length());
  if (near) {
    Generator generator(seed);
    uint32_t word = 0;
    for (uint64_t at = 0; at < offset + length; at++) {
      if (at % 4 == 0) word = generator.next();
      if (at >= offset) must(made[at - offset] == static_cast<uint8_t>(word >> (8 * (at % 4))));
    }
  }
  const size_t cut = input.number(length);
  const Block other(0, length - cut + kPatternSlack);
  const uint8_t* tail = pattern.generate(offset + cut, length - cut, other.begin());
  must(std::equal(made + cut, made + length, tail));
}

void checkRecords(Input& input) {
  const Records records = {input.edge(), input.edge(), input.edge(), input.edge()};
  const uint64_t size = input.edge();
  // With numbers that cannot overflow
  using Wide = unsigned __int128;
  const Wide last = records.count == 0 ? 0 : Wide{records.start} + Wide{records.count - 1} * records.stride + records.length;
  must(records.fitIn(size) == (last <= size));
}

void checkUsedLength(Input& input) {
  const size_t shift = input.below(16);
  std::vector<uint8_t> bytes = input.rest();
  bytes.resize(bytes.size() + input.below(40));
  size_t used = bytes.size();
  while (used > 0 && bytes[used - 1] == 0) used--;
  const Block block(shift, bytes);
  must(usedLength(block.begin(), block.length()) == used);
}

// A range in the middle of memory: it is stored, its surroundings do not change, and the counters are right.
void checkStores(Input& input) {
  const size_t before = input.below(130);
  const size_t after = input.below(130);
  const size_t shift = input.below(64);
  const int kind = static_cast<int>(input.below(3));
  const std::vector<uint8_t> bytes = input.rest();
  const Block source(shift, bytes);
  const Block memory(0, std::vector<uint8_t>(before + bytes.size() + after, 0xa5));
  uint8_t* target = memory.begin() + before;
  const uint64_t stores = counters.stores;
  const uint64_t stored = counters.bytesStored;
  if (kind == 0) copyToMemory(target, source.begin(), bytes.size());
  if (kind == 1) zeroMemory(target, bytes.size());
  if (kind == 2) storeBytes(target, source.begin(), bytes.size());
  fullFence();
  must(counters.stores == stores + 1 && counters.bytesStored == stored + bytes.size());
  std::vector<uint8_t> expected(before + bytes.size() + after, 0xa5);
  if (kind == 1) std::fill_n(expected.begin() + static_cast<ptrdiff_t>(before), bytes.size(), uint8_t{0});
  else std::copy(bytes.begin(), bytes.end(), expected.begin() + static_cast<ptrdiff_t>(before));
  must(memory.copy() == expected);
  const Block back(shift, bytes.size());
  loadBytes(back.begin(), target, bytes.size());
  must(std::equal(target, target + bytes.size(), back.begin()));
}

void checkLines(Input& input) {
  const size_t shift = input.below(256);
  const size_t length = input.number(9000);
  const Block block(shift, length);
  const auto first = reinterpret_cast<uintptr_t>(block.begin());
  uint64_t lines = 0;
  for (uintptr_t line = first / 64 * 64; length > 0 && line < first + length; line += 64) lines++;
  const uint64_t written = counters.linesWrittenBack;
  const uint64_t dropped = counters.linesInvalidated;
  writeBackLines(block.begin(), length);
  invalidateLines(block.begin(), length);
  must(counters.linesWrittenBack == written + lines && counters.linesInvalidated == dropped + lines);
}

void checkDifference(Input& input) {
  const size_t shift = input.below(64);
  const size_t far = input.below(2) == 0 ? 0 : input.number(9000);
  std::vector<uint8_t> left(far);
  const std::vector<uint8_t> rest = input.rest();
  left.insert(left.end(), rest.begin(), rest.end());
  std::vector<uint8_t> right = left;
  for (size_t i = 0; i + 1 < rest.size() && i < 4; i += 2) right[(rest[i] * 257u + rest[i + 1]) % right.size()] ^= rest[i];
  const size_t first = static_cast<size_t>(std::mismatch(left.begin(), left.end(), right.begin()).first - left.begin());
  const Block a(shift, left);
  const Block b(0, right);
  must(firstDifference(a.begin(), b.begin(), left.size()) == first);
}

using Check = void (*)(Input& input);
constexpr Check kChecks[] = {checkCrc, checkPattern, checkRecords, checkUsedLength, checkStores, checkLines, checkDifference};

}  // namespace
}  // namespace famfs

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t length) {
  famfs::Input input(bytes, length);
  famfs::kChecks[input.below(std::size(famfs::kChecks))](input);
  return 0;
}
