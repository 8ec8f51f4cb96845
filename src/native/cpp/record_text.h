// Text of many records at once, by programs that say what to print of each.
#pragma once

#include <cstddef>
#include <cstdint>

#include "text_buffer.h"

namespace famfs {

// The instructions, each followed by its operands. ../recordText.ts has the same numbers.
enum class TextOp : uint32_t {
  kEnd = 0,
  kText = 1,        // start and length in `texts`, register: right-aligned to it; 0: as it is
  kName = 2,        // the name of the record
  kNumber = 3,      // source, column, base 8, 10, 16, 1024 or 7777, register
  kSetWidth = 4,    // register, width
  kWidenBy = 5,     // register, source, column, base: for the widest number; of all rows, if the source is a row
  kRows = 6,        // length of the instructions to repeat for each row, start and length of the text between rows
  kDump = 7,        // indentation: the image as xxd prints it
  kHex = 8,         // the image, two digits a byte
  kByNumber = 9,    // source, column, start and length of the text where the number is 1, start and length of any other
};

// Where a number comes from.
enum class TextSource : uint32_t { kRecord = 0, kRow = 1, kRowIndex = 2 };

// The columns that every record has before its own: where its program begins, [start, end) of its name and of its image,
// and its rows.
enum RecordColumn : size_t { kProgram, kNameStart, kNameEnd, kImageStart, kImageEnd, kFirstRow, kRowCount, kRecordColumns };

// Programs, and the shape of the records that they print.
struct TextForm {
  const uint32_t* code;
  size_t codeLength;
  const uint8_t* texts;
  size_t textLength;
  size_t columns;     // of each record; at least kRecordColumns
  size_t rowColumns;  // of each row
  const uint8_t* separator;  // between two records
  size_t separatorLength;

  // Prints the separator, and returns where it ends.
  char* separate(char* at) const;
};

struct TextRecords {
  TextForm form;
  const double* numbers;  // columns of each record, one record after the other
  size_t records;
  const double* rows;  // columns of each row
  size_t rowCount;
  const uint8_t* names;
  size_t nameLength;
  const uint8_t* images;
  size_t imageLength;
};

// Why text ends where it does.
enum class TextStop : uint8_t {
  kEnd = 0,    // all is printed
  kFull = 1,   // there is enough text
  kOther = 2,  // what comes next cannot be printed by a program
};

// Adds the text of all records. False for a program or a number that leaves its bounds; the text is then useless.
bool recordText(const TextRecords& records, TextBuffer* text);

}  // namespace famfs
