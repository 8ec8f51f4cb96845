// Registers of 64 bytes, which not every processor has.
#pragma once

#include <atomic>

namespace famfs {

// Whether they are used: where the processor has all instructions that are, unless a test looks at what is done without.
extern std::atomic<bool> wideRegisters;

// Uses them, or not; where there are none, they are not used in any case.
void useWideRegisters(bool allowed);

}  // namespace famfs
