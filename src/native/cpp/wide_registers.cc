#include "wide_registers.h"

namespace famfs {
namespace {

bool hasWideRegisters() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("vpclmulqdq");
#else
  return false;
#endif
}

}  // namespace

std::atomic<bool> wideRegisters{hasWideRegisters()};

void useWideRegisters(bool allowed) { wideRegisters = allowed && hasWideRegisters(); }

}  // namespace famfs
