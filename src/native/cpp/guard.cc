#include "guard.h"

#include <atomic>
#include <csetjmp>
#include <csignal>
#include <mutex>

namespace famfs {
namespace {

struct Frame {
  sigjmp_buf jump;
  uintptr_t low;
  uintptr_t high;
  volatile uintptr_t hit;
  Frame* outer;
};

// initial-exec: the handler must not trigger the allocation that a first access to lazy TLS can make
thread_local Frame* volatile innermost __attribute__((tls_model("initial-exec"))) = nullptr;

struct sigaction previous;

// A synchronous fault of this thread; BUS_MCEERR_AO and signals sent by kill(2) are notifications, not faults
bool isFault(const siginfo_t* info) { return info->si_code > 0 && info->si_code != BUS_MCEERR_AO; }

void passOn(int signal, siginfo_t* info, void* context) {
  if ((previous.sa_flags & SA_SIGINFO) != 0) {
    previous.sa_sigaction(signal, info, context);
    return;
  }
  if (previous.sa_handler == SIG_IGN && info->si_code <= 0) return;
  if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
    previous.sa_handler(signal);
    return;
  }
  // Default action: a fault recurs when the instruction is retried, but a sent signal must be sent again
  struct sigaction standard = {};
  standard.sa_handler = SIG_DFL;
  sigaction(signal, &standard, nullptr);
  if (!isFault(info)) raise(signal);
}

void onSignal(int signal, siginfo_t* info, void* context) {
  const uintptr_t address = reinterpret_cast<uintptr_t>(info->si_addr);
  Frame* frame = innermost;
  if (frame != nullptr && isFault(info) && address >= frame->low && address < frame->high) {
    frame->hit = address;
    siglongjmp(frame->jump, 1);
  }
  passOn(signal, info, context);
}

}  // namespace

void installGuard() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action = {};
    action.sa_sigaction = onSignal;
    // NODEFER: the mask does not change on entry, so siglongjmp need not restore it, which would cost a system call per guard
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, &previous);
  });
}

__attribute__((noinline)) bool runGuarded(const void* base, size_t length, uintptr_t* hit, void (*body)(void*),
                                          void* argument) {
  Frame frame;
  frame.low = reinterpret_cast<uintptr_t>(base);
  frame.high = frame.low + length;
  frame.outer = innermost;
  if (sigsetjmp(frame.jump, 0) != 0) {
    innermost = frame.outer;
    *hit = frame.hit;
    return false;
  }
  innermost = &frame;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  body(argument);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  innermost = frame.outer;
  return true;
}

}  // namespace famfs
