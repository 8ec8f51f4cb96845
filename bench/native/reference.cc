// The plain loops that bench/native.ts compares the addon with: memset, memcpy, pread and pwrite, block by block on several
// threads, and nothing else. Not part of the product.
#include <fcntl.h>
#include <napi.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr size_t kBlock = size_t{4} << 20;  // pieces as large as those of the addon's threads
constexpr size_t kCall = size_t{1} << 20;   // bytes per system call

struct Area {
  uint8_t* base = nullptr;
  size_t size = 0;
};

std::vector<Area> areas;

// map(path, size): maps a file shared, or for '' anonymous memory of that size, touched once. Returns an index.
Napi::Value Map(const Napi::CallbackInfo& info) {
  const std::string path = info[0].As<Napi::String>();
  Area area;
  area.size = static_cast<size_t>(info[1].As<Napi::Number>().DoubleValue());
  const int fd = path.empty() ? -1 : open(path.c_str(), O_RDWR | O_CLOEXEC);
  const int flags = path.empty() ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
  void* base = mmap(nullptr, area.size, PROT_READ | PROT_WRITE, flags, fd, 0);
  if (fd >= 0) close(fd);
  if (base == MAP_FAILED) throw Napi::Error::New(info.Env(), "mmap: " + std::string(std::strerror(errno)));
  area.base = static_cast<uint8_t*>(base);
  if (path.empty()) std::memset(area.base, 1, area.size);
  areas.push_back(area);
  return Napi::Number::New(info.Env(), static_cast<double>(areas.size() - 1));
}

void Unmap(const Napi::CallbackInfo& info) {
  Area& area = areas.at(info[0].As<Napi::Number>().Uint32Value());
  munmap(area.base, area.size);
  area = {};
}

void onThreads(unsigned threads, size_t size, const std::function<void(size_t, size_t)>& each) {
  std::atomic<size_t> next{0};
  std::vector<std::thread> all;
  for (unsigned i = 0; i < threads; i++) {
    all.emplace_back([&] {
      for (size_t at = next.fetch_add(kBlock); at < size; at = next.fetch_add(kBlock)) each(at, std::min(kBlock, size - at));
    });
  }
  for (std::thread& one : all) one.join();
}

// run(operation, area, other, threads): `other` is the area that memcpy copies from, or the descriptor for pread and pwrite
void Run(const Napi::CallbackInfo& info) {
  const std::string what = info[0].As<Napi::String>();
  const Area area = areas.at(info[1].As<Napi::Number>().Uint32Value());
  const int other = info[2].As<Napi::Number>();
  const unsigned threads = info[3].As<Napi::Number>();
  std::atomic<int> wrong{0};
  onThreads(threads, area.size, [&](size_t at, size_t length) {
    uint8_t* here = area.base + at;
    if (what == "memset") {
      std::memset(here, 0, length);
    } else if (what == "memcpy") {
      std::memcpy(here, areas.at(other).base + at, length);
    } else {
      for (size_t done = 0; done < length; done += kCall) {
        const size_t count = std::min(kCall, length - done);
        const off_t place = static_cast<off_t>(at + done);
        const ssize_t moved = what == "pread" ? pread(other, here + done, count, place) : pwrite(other, here + done, count, place);
        wrong += moved != static_cast<ssize_t>(count);
      }
    }
  });
  if (wrong != 0) throw Napi::Error::New(info.Env(), what + " went wrong");
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("map", Napi::Function::New<Map>(env));
  exports.Set("unmap", Napi::Function::New<Unmap>(env));
  exports.Set("run", Napi::Function::New<Run>(env));
  return exports;
}

}  // namespace

NODE_API_MODULE(famfs_bench, Init)
