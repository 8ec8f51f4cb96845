#include "text_parts.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace famfs {

void onThreads(size_t count, unsigned threads, const std::function<void(size_t)>& work) {
  std::atomic<size_t> taken{0};
  std::mutex mutex;
  std::exception_ptr thrown;
  const auto run = [&] {
    try {
      for (size_t i = taken++; i < count; i = taken++) work(i);
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex);
      thrown = std::current_exception();
    }
  };
  std::vector<std::thread> helpers;
  try {
    while (helpers.size() + 1 < std::min<size_t>(threads, count)) helpers.emplace_back(run);
  } catch (...) {
    // no more threads: those that run do all the work
  }
  run();
  for (std::thread& helper : helpers) helper.join();
  if (thrown) std::rethrow_exception(thrown);
}

bool isPlain(const uint8_t* name, size_t length, const uint8_t* plain) {
  return std::all_of(name, name + length, [plain](uint8_t byte) { return plain[byte] != 0; });
}

}  // namespace famfs
