// A program that prints a record, decoded and checked once so that each record costs little.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "record_text.h"
#include "text_number.h"

namespace famfs {

// What a program prints: all that it points to is there.
struct TextRecord {
  const double* numbers;  // those after the columns that every record has
  const uint8_t* name;
  size_t nameLength;
  const uint8_t* image;
  size_t imageLength;
  const double* rows;
  size_t rowCount;
};

class TextProgram {
 public:
  // Bytes after the end of a text that may be overwritten: to copy more than is needed is faster.
  static constexpr size_t kSlack = 64;
  static_assert(kSlack >= kPastEnd, "numbers overwrite less");

  // Decodes the program at `start` of the form. False for one that leaves its bounds.
  bool decode(const TextForm& form, size_t start);

  // The most bytes that the text of a record can have, with the slack; SIZE_MAX for more than anyone has memory for.
  size_t bound(size_t nameLength, size_t imageLength, size_t rowCount) const;

  // Prints a record at `at`, where there is room for its bound. Returns the end of the text; nullptr for a number that JavaScript has not
  // exactly.
  char* print(const TextRecord& record, char* at) const;

 private:
  friend class TextDecoder;

  enum class Kind : uint8_t { kText, kName, kNumber, kSetWidth, kWidenBy, kRows, kDump, kHex, kByNumber };
  static constexpr size_t kRegisters = 16;

  // A text among texts_.
  struct Text {
    uint32_t start, length;
  };
  struct Op {
    Kind kind;
    TextBase base;
    uint8_t source;
    uint8_t widthRegister;  // 0: none
    uint32_t column;
    uint32_t value;  // a width, the indentation of a dump, or how many instructions to repeat
    Text before;     // printed before all else
    Text text;
    Text other;
  };
  // Parts of the bound: bytes, how often the name and the image come, and bytes for each line of a dump.
  struct Size {
    uint64_t bytes, names, images, dumpLines;
  };
  struct State;

  static constexpr uint64_t kUsual = 65536;  // two of them have a product that is far from an overflow

  size_t anyBound(size_t nameLength, size_t imageLength, size_t rowCount) const;
  char* run(const Op* op, const Op* end, State* state, char* at) const;
  char* copy(const Text& text, char* at) const;
  bool widen(const Op& op, State* state) const;

  std::vector<Op> ops_;
  std::string texts_;  // followed by the slack
  size_t rowColumns_ = 0;
  Size once_ = {};
  Size eachRow_ = {};
  bool isUsual_ = false;  // whether nothing can overflow where records are small and have no image
};

}  // namespace famfs
