// What the machine can do: plain loops over warm memory on several threads, as a yardstick for bench/data.ts.
//
// baseline OPERATION FILE BYTES THREADS    prints bytes per second
#include <fcntl.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr size_t kBuffer = size_t{256} << 20;  // bytes of each thread; larger than any cache, and warm
constexpr size_t kStep = size_t{1} << 20;
constexpr size_t kBounce = size_t{128} << 10;  // stays in the cache

// The generator of the seeded pattern as it is defined: one word after the other.
class Pattern {
 public:
  explicit Pattern(uint64_t seed) : s0_(seed * 2 + 1), s1_(~seed) {}

  uint32_t next() {
    const uint32_t word = static_cast<uint32_t>(s0_ + s1_);
    const uint64_t mixed = s1_ ^ s0_;
    s0_ = ((s0_ << 55) | (s0_ >> 9)) ^ mixed ^ (mixed << 14);
    s1_ = (mixed << 36) | (mixed >> 28);
    return word;
  }

 private:
  uint64_t s0_, s1_;
};

void storePattern(Pattern& pattern, char* target, size_t length) {
  for (size_t at = 0; at < length; at += sizeof(uint32_t)) {
    const uint32_t word = pattern.next();
    std::memcpy(target + at, &word, sizeof word);
  }
}

// How many words of memory are those of the pattern.
size_t matches(Pattern& pattern, const char* memory, size_t length) {
  size_t count = 0;
  for (size_t at = 0; at < length; at += sizeof(uint32_t)) {
    uint32_t word;
    std::memcpy(&word, memory + at, sizeof word);
    count += word == pattern.next() ? 1 : 0;
  }
  return count;
}

// Stores that bypass the cache, where the processor has them.
void stream(char* target, const char* source, size_t length) {
#if defined(__x86_64__)
  for (size_t at = 0; at < length; at += 16) {
    const __m128i block = _mm_load_si128(reinterpret_cast<const __m128i*>(source + at));
    _mm_stream_si128(reinterpret_cast<__m128i*>(target + at), block);
  }
#else
  std::memcpy(target, source, length);
#endif
}

char* warmMemory(size_t size) {
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) std::abort();
  madvise(memory, size, MADV_HUGEPAGE);
  std::memset(memory, 1, size);
  return static_cast<char*>(memory);
}

// Calls work(thread, from, to) for a share of the bytes on each thread; returns bytes per second
double run(size_t bytes, unsigned threads, const std::function<void(unsigned, size_t, size_t)>& work) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::thread> running;
  const size_t share = bytes / threads;
  for (unsigned i = 0; i < threads; i++) running.emplace_back([&, i] { work(i, i * share, (i + 1) * share); });
  for (std::thread& thread : running) thread.join();
  return static_cast<double>(bytes) / std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const std::string operation = argv[1];
  const size_t bytes = std::strtoull(argv[3], nullptr, 10);
  const unsigned threads = static_cast<unsigned>(std::atoi(argv[4]));
  std::vector<char*> memory, source;
  std::vector<Pattern> patterns;
  std::atomic<size_t> matching{0};
  for (unsigned i = 0; i < threads; i++) {
    memory.push_back(warmMemory(kBuffer));
    patterns.emplace_back(i);
    source.push_back(operation == "memcpy" ? warmMemory(kBuffer) : nullptr);
  }
  const int fd = open(argv[2], operation == "pwrite" ? O_RDWR | O_CREAT | O_TRUNC : O_RDWR, 0600);
  if (fd < 0) return 1;
  char* mapped = nullptr;
  if (operation == "memset-mapped") {
    mapped = static_cast<char*>(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    if (mapped == MAP_FAILED) return 1;
  }
  const double rate = run(bytes, threads, [&](unsigned thread, size_t from, size_t to) {
    for (size_t at = from; at < to; at += kStep) {
      const size_t length = std::min(kStep, to - at);
      char* target = memory[thread] + (at - from) % kBuffer;
      ssize_t done = static_cast<ssize_t>(length);
      if (operation == "pattern") storePattern(patterns[thread], target, length);
      if (operation == "pattern-compare") matching += matches(patterns[thread], target, length);
      if (operation == "pread-stream") {
        alignas(64) static thread_local char bounce[kBounce];
        for (size_t part = 0; part < length; part += kBounce) {
          const size_t some = std::min(kBounce, length - part);
          if (pread(fd, bounce, some, static_cast<off_t>(at + part)) != static_cast<ssize_t>(some)) std::abort();
          stream(target + part, bounce, some);
        }
      }
      if (operation == "memset") std::memset(target, static_cast<int>(at >> 28), length);
      if (operation == "memset-mapped") std::memset(mapped + at, 0, length);
      if (operation == "memcpy") std::memcpy(target, source[thread] + (at - from) % kBuffer, length);
      if (operation == "pread") done = pread(fd, target, length, static_cast<off_t>(at));
      if (operation == "pwrite") done = pwrite(fd, target, length, static_cast<off_t>(at));
      if (done != static_cast<ssize_t>(length)) std::abort();
    }
  });
  if (matching == bytes) std::abort();  // it is looked at, so that the compiler keeps the comparison
  std::printf("%.0f\n", rate);
  return 0;
}
