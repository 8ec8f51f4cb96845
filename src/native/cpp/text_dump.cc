#include "text_dump.h"

#include <algorithm>
#include <cstring>

namespace famfs {
namespace {

constexpr char kDigits[] = "0123456789abcdef";
constexpr size_t kOffsetDigits = 8;

}  // namespace

char* printHex(const uint8_t* image, size_t length, char* at) {
  for (size_t i = 0; i < length; i++) {
    *at++ = kDigits[image[i] >> 4];
    *at++ = kDigits[image[i] & 15];
  }
  return at;
}

char* printDump(const uint8_t* image, size_t length, size_t indent, char* at) {
  for (size_t start = 0; start < length; start += kDumpBytesPerLine) {
    std::memset(at, ' ', indent);
    at += indent;
    for (size_t i = kOffsetDigits; i-- > 0;) *at++ = kDigits[(start >> (4 * i)) & 15];
    *at++ = ':';
    *at++ = ' ';
    const size_t count = std::min(kDumpBytesPerLine, length - start);
    for (size_t i = 0; i < kDumpBytesPerLine; i++) {
      if (i < count) {
        at = printHex(image + start + i, 1, at);
      } else {
        *at++ = ' ';
        *at++ = ' ';
      }
      if (i % 2 == 1) *at++ = ' ';
    }
    *at++ = ' ';
    for (size_t i = 0; i < count; i++) {
      const uint8_t byte = image[start + i];
      *at++ = byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.';
    }
    *at++ = '\n';
  }
  return at;
}

}  // namespace famfs
