// Moves bulk data into and out of mapped memory. Callers must guard: each of these may fault.
#pragma once

#include <cstddef>
#include <cstdint>

namespace famfs {

// Stores length bytes past the cache, or writes them back line by line if the processor has no such store. A fence by the same
// thread completes it.
void copyToMemory(uint8_t* target, const uint8_t* source, size_t length);

// The same with zeros.
void zeroMemory(uint8_t* target, size_t length);

// Traces and counts bytes that a system call stored in the file that is mapped at target, as the functions above do.
void noteStored(const uint8_t* target, size_t length);

// Index of the first byte that differs; length if there is none.
size_t firstDifference(const uint8_t* left, const uint8_t* right, size_t length);

}  // namespace famfs
