// Touching mapped memory may raise SIGBUS: poisoned memory, a file cut short, a full file system, a device that went
// away. A guarded body that faults is abandoned and its caller learns where; the process does not die.
#pragma once

#include <cstddef>
#include <cstdint>

namespace famfs {

// Installs the SIGBUS handler, once in the life of the process; faults that are not ours go to the handler before it.
void installGuard();

// Runs body(argument). False when a SIGBUS hit an address inside [base, base + length); that address is left in *hit.
// The body is left by siglongjmp: it must hold nothing that needs a destructor, and take no lock.
bool runGuarded(const void* base, size_t length, uintptr_t* hit, void (*body)(void*), void* argument);

template <typename Body>
bool guarded(const void* base, size_t length, uintptr_t* hit, Body body) {
  return runGuarded(base, length, hit, [](void* argument) { (*static_cast<Body*>(argument))(); }, &body);
}

}  // namespace famfs
