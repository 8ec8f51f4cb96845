// Images in hex.
#pragma once

#include <cstddef>
#include <cstdint>

namespace famfs {

constexpr size_t kDumpBytesPerLine = 16;
// Characters of a line, with its end and without indentation.
constexpr size_t kDumpLine = 8 + 2 + kDumpBytesPerLine / 2 * 5 + 1 + kDumpBytesPerLine + 1;

// Both return the end of the text.
char* printHex(const uint8_t* image, size_t length, char* at);
// Lines as xxd prints them.
char* printDump(const uint8_t* image, size_t length, size_t indent, char* at);

}  // namespace famfs
