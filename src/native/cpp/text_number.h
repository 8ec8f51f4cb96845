// Numbers as text, in the bases that programs know.
#pragma once

#include <endian.h>

#include <cstdint>
#include <cstring>

namespace famfs {

// Hex has 0x in front, and octal a zero. A unit is decimal, in the largest unit that divides the number; a mode is octal with four digits
// or more.
enum class TextBase : uint8_t { kDecimal, kHex, kOctal, kUnit, kMode };

// Characters of the longest number: one in octal, with its sign and the zero in front.
constexpr uint32_t kLongestNumber = 20;

// How far past its end the text of a number may be overwritten.
constexpr uint32_t kPastEnd = 16;

// The most that JavaScript has exactly.
constexpr double kMostSafe = 9007199254740991.0;

template <TextBase kBase>
class TextNumber {
 public:
  // Looks at a number, of which what follows the point is ignored. False if it is none of JavaScript's exact ones.
  bool set(double number) {
    if (!(number >= -kMostSafe && number <= kMostSafe)) return false;
    const int64_t whole = static_cast<int64_t>(number);
    sign_ = whole < 0 ? 1 : 0;
    magnitude_ = static_cast<uint64_t>(whole < 0 ? -whole : whole);
    if (kBase == TextBase::kUnit) {
      while (kUnits[unit_ + 1] != 0 && magnitude_ != 0 && magnitude_ % kUnitBase == 0) {
        magnitude_ /= kUnitBase;
        unit_++;
      }
    }
    digits_ = kBits > 0 ? (bitsOf(magnitude_) + kBits - 1) / kBits : decimalDigits(magnitude_);
    return true;
  }

  // Of the text.
  uint32_t length() const {
    const uint32_t length = sign_ + digits_;
    switch (kBase) {
      case TextBase::kDecimal:
        return length;
      case TextBase::kHex:
        return length + 2;
      case TextBase::kOctal:
        return length + 1;
      case TextBase::kUnit:
        return length + (unit_ > 0 ? 1 : 0);
      case TextBase::kMode:
        return length < kModeDigits ? kModeDigits : length;
    }
    return length;
  }

  // Returns the end of the text, after which up to kPastEnd bytes are overwritten.
  char* print(char* at) const {
    if (kBase == TextBase::kHex || kBase == TextBase::kOctal) *at++ = '0';
    if (kBase == TextBase::kHex) *at++ = 'x';
    if (kBase == TextBase::kMode) {
      for (uint32_t i = sign_ + digits_; i < kModeDigits; i++) *at++ = '0';
    }
    *at = '-';  // another character takes its place if there is none
    at += sign_;
    at = kBits > 0 ? printBits(at) : printDecimal(at);
    if (kBase == TextBase::kUnit && unit_ > 0) *at++ = kUnits[unit_];
    return at;
  }

 private:
  static constexpr uint64_t kEightDigits = 100000000;
  static constexpr uint64_t kUnitBase = 1024;
  static constexpr char kUnits[] = " KMGTP";
  static constexpr uint32_t kModeDigits = 4;
  static constexpr uint32_t kBits = kBase == TextBase::kHex ? 4 : kBase == TextBase::kOctal || kBase == TextBase::kMode ? 3 : 0;  // a digit

  struct Powers {
    uint64_t ofTen[17] = {1};
    constexpr Powers() {
      for (int i = 1; i < 17; i++) ofTen[i] = 10 * ofTen[i - 1];
    }
  };

  static uint32_t bitsOf(uint64_t number) { return 64 - static_cast<uint32_t>(__builtin_clzll(number | 1)); }

  static uint32_t decimalDigits(uint64_t number) {
    static constexpr Powers kPowers;
    const uint32_t least = bitsOf(number) * 1233 >> 12;  // times log10(2): the digits, or one fewer
    return least + (number >= kPowers.ofTen[least] || least == 0 ? 1 : 0);
  }

  // Both print eight digits or more at once, and what is past the last of them is overwritten by what comes next: to count them in a loop
  // would cost more than all else.
  char* printDecimal(char* at) const {
    if (magnitude_ < kEightDigits) {
      // those in front are zeros, which are shifted out
      store(eightDigits(static_cast<uint32_t>(magnitude_)) >> (8 * (8 - digits_)), at);
    } else {
      store(eightDigits(static_cast<uint32_t>(magnitude_ / kEightDigits)) >> (8 * (16 - digits_)), at);
      store(eightDigits(static_cast<uint32_t>(magnitude_ % kEightDigits)), at + digits_ - 8);
    }
    return at + digits_;
  }

  char* printBits(char* at) const {
    if (kBits == 4) {
      const uint64_t shifted = magnitude_ << (64 - 4 * digits_);
      store(eightHexDigits(static_cast<uint32_t>(shifted >> 32)), at);
      store(eightHexDigits(static_cast<uint32_t>(shifted)), at + 8);
    } else {
      uint64_t rest = magnitude_;
      for (char* next = at + digits_; next > at; rest >>= kBits) *--next = static_cast<char>('0' + (rest & 7));
    }
    return at + digits_;
  }

  // The characters of a number below 10^8, the first in the lowest byte. It is divided into halves, then these, and then those.
  static uint64_t eightDigits(uint32_t number) {
    const uint64_t fours = number / 10000 | static_cast<uint64_t>(number % 10000) << 32;
    const uint64_t hundreds = fours * 10486 >> 20 & 0x0000007f0000007f;
    const uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
    const uint64_t tens = twos * 103 >> 10 & 0x000f000f000f000f;
    return (tens | (twos - 10 * tens) << 8) + 0x3030303030303030;
  }

  // The same of four bits each.
  static uint64_t eightHexDigits(uint32_t number) {
    uint64_t digits = number;
    digits = (digits << 16 | digits) & 0x0000ffff0000ffff;
    digits = (digits << 8 | digits) & 0x00ff00ff00ff00ff;
    digits = (digits << 4 | digits) & 0x0f0f0f0f0f0f0f0f;
    const uint64_t letters = (digits + 0x0606060606060606) >> 4 & 0x0101010101010101;
    return __builtin_bswap64(digits + 0x3030303030303030 + letters * ('a' - '0' - 10));
  }

  static void store(uint64_t characters, char* at) {
    characters = htole64(characters);
    std::memcpy(at, &characters, sizeof(characters));
  }

  uint64_t magnitude_ = 0;
  uint32_t sign_ = 0;  // characters of it
  uint32_t digits_ = 0;
  uint32_t length_ = 0;
  uint32_t unit_ = 0;
};

// Calls a function with a TextNumber of a base.
template <typename Use>
auto withNumber(TextBase base, const Use& use) {
  switch (base) {
    case TextBase::kHex:
      return use(TextNumber<TextBase::kHex>());
    case TextBase::kOctal:
      return use(TextNumber<TextBase::kOctal>());
    case TextBase::kUnit:
      return use(TextNumber<TextBase::kUnit>());
    case TextBase::kMode:
      return use(TextNumber<TextBase::kMode>());
    default:
      return use(TextNumber<TextBase::kDecimal>());
  }
}

}  // namespace famfs
