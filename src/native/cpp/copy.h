// Moving bulk data into and out of mapped memory. Callers guard: every one of these may fault.
#pragma once

#include <cstddef>
#include <cstdint>

namespace famfs {

// Stores length bytes so that they are on their way to memory, past the cache (or written back line by line where the
// processor has no such store). A fence by the same thread completes it.
void copyToMemory(uint8_t* target, const uint8_t* source, size_t length);

// The same with zeros.
void zeroMemory(uint8_t* target, size_t length);

// Index of the first byte that differs; length when none does.
size_t firstDifference(const uint8_t* left, const uint8_t* right, size_t length);

}  // namespace famfs
