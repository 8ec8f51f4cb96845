#include "record_text.h"

#include <algorithm>
#include <charconv>

namespace famfs {
namespace {

constexpr size_t kRegisters = 16;
constexpr double kMostSafe = 9007199254740991.0;
constexpr size_t kBytesPerLine = 16;
constexpr size_t kOffsetDigits = 8;
constexpr int64_t kUnitBase = 1024;
constexpr uint32_t kModeBase = 7777;
constexpr size_t kModeDigits = 4;
constexpr char kUnits[] = " KMGTP";
constexpr char kDigits[] = "0123456789abcdef";
// The widest table of numbers is far narrower.
constexpr uint32_t kMostWidth = 1024;

class Printer {
 public:
  Printer(const TextRecords& records, std::string* text) : all_(records), text_(*text) {}

  bool print(size_t record) {
    numbers_ = all_.numbers + record * all_.columns;
    size_t head[kRecordColumns];
    for (size_t i = 0; i < kRecordColumns; i++) {
      if (!(numbers_[i] >= 0 && numbers_[i] <= kMostSafe)) return false;
      head[i] = static_cast<size_t>(numbers_[i]);
    }
    const auto within = [](size_t start, size_t end, size_t length) { return start <= end && end <= length; };
    if (!within(head[kNameStart], head[kNameEnd], all_.nameLength)) return false;
    if (!within(head[kImageStart], head[kImageEnd], all_.imageLength)) return false;
    if (head[kFirstRow] > all_.rowCount || head[kRowCount] > all_.rowCount - head[kFirstRow]) return false;
    name_ = all_.names + head[kNameStart];
    nameLength_ = head[kNameEnd] - head[kNameStart];
    image_ = all_.images + head[kImageStart];
    imageLength_ = head[kImageEnd] - head[kImageStart];
    rows_ = all_.rows + head[kFirstRow] * all_.rowColumns;
    rowCount_ = head[kRowCount];
    row_ = 0;
    return run(head[kProgram], all_.codeLength, false);
  }

 private:
  bool run(size_t at, size_t end, bool inRows) {
    at_ = at;
    while (ok_ && at_ < end) {
      switch (static_cast<TextOp>(next())) {
        case TextOp::kEnd:
          return ok_;
        case TextOp::kText:
          aligned(nextText());
          break;
        case TextOp::kName:
          append(name_, nameLength_);
          break;
        case TextOp::kNumber: {
          char digits[32];
          aligned({reinterpret_cast<uint8_t*>(digits), nextNumber(digits, row_)});
          break;
        }
        case TextOp::kSetWidth: {
          uint32_t& width = nextRegister();
          width = std::min(next(), kMostWidth);
          break;
        }
        case TextOp::kWidenBy:
          widen();
          break;
        case TextOp::kRows:
          if (inRows || !repeat()) return false;
          break;
        case TextOp::kDump:
          dump(std::min(next(), kMostWidth));
          break;
        case TextOp::kHex:
          hexBytes();
          break;
        case TextOp::kByNumber: {
          const uint32_t source = next();
          const uint32_t column = next();
          double number = 0;
          ok_ = ok_ && numberOf(source, column, row_, &number);
          const Text one = nextText();
          const Text other = nextText();
          const Text chosen = number == 1 ? one : other;
          append(chosen.bytes, chosen.length);
          break;
        }
        default:
          return false;
      }
    }
    return ok_;
  }

  struct Text {
    const uint8_t* bytes;
    size_t length;
  };

  uint32_t next() {
    if (at_ < all_.codeLength) return all_.code[at_++];
    ok_ = false;
    return 0;
  }

  Text nextText() {
    const uint32_t start = next();
    const uint32_t length = next();
    if (start <= all_.textLength && length <= all_.textLength - start) return {all_.texts + start, length};
    ok_ = false;
    return {nullptr, 0};
  }

  uint32_t& nextRegister() {
    const uint32_t number = next();
    if (number >= kRegisters) ok_ = false;
    return widths_[number % kRegisters];
  }

  bool numberOf(uint32_t source, uint32_t column, size_t row, double* number) const {
    switch (static_cast<TextSource>(source)) {
      case TextSource::kRecord:
        if (column >= all_.columns - kRecordColumns) return false;
        *number = numbers_[kRecordColumns + column];
        break;
      case TextSource::kRow:
        if (column >= all_.rowColumns || row >= rowCount_) return false;
        *number = rows_[row * all_.rowColumns + column];
        break;
      case TextSource::kRowIndex:
        *number = static_cast<double>(row);
        break;
      default:
        return false;
    }
    return *number >= -kMostSafe && *number <= kMostSafe;
  }

  // The digits of a number: with 0x in base 16, with a 0 in front in base 8; in base 1024, decimal in the largest unit that divides
  // it, and the unit; in base 7777, octal with four digits or more.
  size_t format(char* digits, double number, uint32_t base) {
    char* at = digits;
    int64_t whole = static_cast<int64_t>(number);
    if (base == kUnitBase) {
      size_t unit = 0;
      while (kUnits[unit + 1] != 0 && whole != 0 && whole % kUnitBase == 0) {
        whole /= kUnitBase;
        unit++;
      }
      at = std::to_chars(at, digits + 32, whole).ptr;
      if (unit > 0) *at++ = kUnits[unit];
      return static_cast<size_t>(at - digits);
    }
    if (base == kModeBase) {
      char octal[32];
      const size_t length = static_cast<size_t>(std::to_chars(octal, octal + 32, whole, 8).ptr - octal);
      for (size_t i = length; i < kModeDigits; i++) *at++ = '0';
      return static_cast<size_t>(std::copy(octal, octal + length, at) - digits);
    }
    if (base == 16) {
      *at++ = '0';
      *at++ = 'x';
    } else if (base == 8) {
      *at++ = '0';
    } else if (base != 10) {
      ok_ = false;
      return 0;
    }
    return static_cast<size_t>(std::to_chars(at, digits + 32, whole, static_cast<int>(base)).ptr - digits);
  }

  size_t nextNumber(char* digits, size_t row) {
    const uint32_t source = next();
    const uint32_t column = next();
    double number = 0;
    ok_ = ok_ && numberOf(source, column, row, &number);
    return format(digits, number, next());
  }

  void widen() {
    uint32_t& width = nextRegister();
    const size_t operands = at_;
    const bool eachRow = at_ < all_.codeLength && static_cast<TextSource>(all_.code[at_]) != TextSource::kRecord;
    const size_t times = eachRow ? rowCount_ : 1;
    for (size_t row = 0; ok_ && row < times; row++) {
      char digits[32];
      at_ = operands;
      width = std::max(width, static_cast<uint32_t>(nextNumber(digits, row)));
    }
    at_ = operands + 3;
  }

  bool repeat() {
    const uint32_t length = next();
    const Text between = nextText();
    const size_t start = at_;
    if (!ok_ || length > all_.codeLength - start) return false;
    for (row_ = 0; ok_ && row_ < rowCount_; row_++) {
      if (row_ > 0) append(between.bytes, between.length);
      if (!run(start, start + length, true)) return false;
    }
    row_ = 0;
    at_ = start + length;
    return ok_;
  }

  // The last operand is the register.
  void aligned(const Text& what) {
    const uint32_t number = next();
    if (number >= kRegisters) ok_ = false;
    const uint32_t width = number == 0 ? 0 : widths_[number % kRegisters];
    if (what.length < width) text_.append(width - what.length, ' ');
    append(what.bytes, what.length);
  }

  void append(const uint8_t* bytes, size_t length) {
    if (ok_ && length > 0) text_.append(reinterpret_cast<const char*>(bytes), length);
  }

  void hexBytes() {
    const size_t start = text_.size();
    text_.resize(start + 2 * imageLength_);
    char* at = &text_[start];
    for (size_t i = 0; i < imageLength_; i++) at = hexByte(at, image_[i]);
  }

  static char* hexByte(char* at, uint8_t byte) {
    *at++ = kDigits[byte >> 4];
    *at++ = kDigits[byte & 15];
    return at;
  }

  void dump(size_t indent) {
    char line[kOffsetDigits + 2 + kBytesPerLine / 2 * 5 + 1 + kBytesPerLine + 1];
    for (size_t start = 0; start < imageLength_; start += kBytesPerLine) {
      char* at = line;
      for (size_t i = kOffsetDigits; i-- > 0;) *at++ = kDigits[(start >> (4 * i)) & 15];
      *at++ = ':';
      *at++ = ' ';
      const size_t count = std::min(kBytesPerLine, imageLength_ - start);
      for (size_t i = 0; i < kBytesPerLine; i++) {
        if (i < count) {
          at = hexByte(at, image_[start + i]);
        } else {
          *at++ = ' ';
          *at++ = ' ';
        }
        if (i % 2 == 1) *at++ = ' ';
      }
      *at++ = ' ';
      for (size_t i = 0; i < count; i++) {
        const uint8_t byte = image_[start + i];
        *at++ = byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.';
      }
      *at++ = '\n';
      text_.append(indent, ' ');
      text_.append(line, static_cast<size_t>(at - line));
    }
  }

  const TextRecords& all_;
  std::string& text_;
  bool ok_ = true;
  size_t at_ = 0;
  uint32_t widths_[kRegisters] = {};
  // of the record that is printed
  const double* numbers_ = nullptr;
  const uint8_t* name_ = nullptr;
  size_t nameLength_ = 0;
  const uint8_t* image_ = nullptr;
  size_t imageLength_ = 0;
  const double* rows_ = nullptr;
  size_t rowCount_ = 0;
  size_t row_ = 0;
};

}  // namespace

bool recordText(const TextRecords& records, std::string* text) {
  if (records.columns < kRecordColumns) return false;
  Printer printer(records, text);
  for (size_t record = 0; record < records.records; record++) {
    if (record > 0) text->append(reinterpret_cast<const char*>(records.separator), records.separatorLength);
    if (!printer.print(record)) return false;
  }
  return true;
}

}  // namespace famfs
