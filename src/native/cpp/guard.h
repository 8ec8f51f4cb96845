// Access to mapped memory may raise SIGBUS: poisoned memory, a truncated file, a full file system, a removed device. A guarded
// body that faults is abandoned and its caller gets the address; the process does not die.
#pragma once

#include <cstddef>
#include <cstdint>

namespace famfs {

// Installs the SIGBUS handler, once per process; faults outside a guard go to the previous handler.
void installGuard();

// Runs body(argument). False if a SIGBUS hit an address inside [base, base + length), which is then in *hit.
// siglongjmp leaves the body: it must hold nothing that needs a destructor, and take no lock.
bool runGuarded(const void* base, size_t length, uintptr_t* hit, void (*body)(void*), void* argument);

template <typename Body>
bool guarded(const void* base, size_t length, uintptr_t* hit, Body body) {
  return runGuarded(base, length, hit, [](void* argument) { (*static_cast<Body*>(argument))(); }, &body);
}

}  // namespace famfs
