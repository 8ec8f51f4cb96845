// Decodes programs that print records.
#include <algorithm>

#include "text_dump.h"
#include "text_program.h"

namespace famfs {
namespace {

// The widest table of numbers is far narrower.
constexpr uint32_t kMostWidth = 1024;
// The texts of a program are far shorter.
constexpr size_t kMostText = size_t{1} << 20;

}  // namespace

// Reads the instructions of one program, and adds up what they can print.
class TextDecoder {
 public:
  TextDecoder(const TextForm& form, size_t start, TextProgram* program) : form_(form), at_(start), program_(*program) {}

  bool decode() {
    if (at_ > form_.codeLength || !body(form_.codeLength, false)) return false;
    for (const Aligned& each : aligned_) sizeOf(each.inRows).bytes += std::max(each.length, mostWidth_[each.widthRegister]);
    program_.texts_.append(TextProgram::kSlack, ' ');
    program_.isUsual_ = isUsual(program_.once_) && isUsual(program_.eachRow_);
    return true;
  }

 private:
  using Kind = TextProgram::Kind;
  using Op = TextProgram::Op;
  using Text = TextProgram::Text;

  // Something that is printed as wide as its register says.
  struct Aligned {
    uint32_t length;
    uint32_t widthRegister;
    bool inRows;
  };

  bool body(size_t end, bool inRows) {
    while (ok_ && at_ < end) {
      Op op = {};
      switch (static_cast<TextOp>(next())) {
        case TextOp::kEnd:
          at_ = end;
          break;
        case TextOp::kText:
          text(inRows);
          break;
        case TextOp::kName:
          sizeOf(inRows).names++;
          add(Kind::kName, op);
          break;
        case TextOp::kNumber:
          nextNumber(&op, inRows);
          op.widthRegister = nextRegister();
          aligned_.push_back({kLongestNumber, op.widthRegister, inRows});
          add(Kind::kNumber, op);
          break;
        case TextOp::kSetWidth:
          op.widthRegister = nextWidth();
          op.value = std::min(next(), kMostWidth);
          widen(op);
          add(Kind::kSetWidth, op);
          break;
        case TextOp::kWidenBy:
          op.widthRegister = nextWidth();
          nextNumber(&op, true);
          op.value = kLongestNumber;
          widen(op);
          add(Kind::kWidenBy, op);
          break;
        case TextOp::kRows:
          if (inRows || !rows(end)) return false;
          break;
        case TextOp::kDump:
          op.value = std::min(next(), kMostWidth);
          sizeOf(inRows).dumpLines += op.value + kDumpLine;
          add(Kind::kDump, op);
          break;
        case TextOp::kHex:
          sizeOf(inRows).images += 2;
          add(Kind::kHex, op);
          break;
        case TextOp::kByNumber:
          nextSource(&op, inRows);
          op.text = nextText();
          op.other = nextText();
          sizeOf(inRows).bytes += std::max(op.text.length, op.other.length);
          add(Kind::kByNumber, op);
          break;
        default:
          return false;
      }
    }
    if (before_.length > 0) add(Kind::kText, {});
    return ok_;
  }

  static bool isUsual(const TextProgram::Size& size) {
    return size.bytes < TextProgram::kUsual && size.names < TextProgram::kUsual;
  }

  TextProgram::Size& sizeOf(bool inRows) { return inRows ? program_.eachRow_ : program_.once_; }

  uint32_t next() {
    if (at_ < form_.codeLength) return form_.code[at_++];
    ok_ = false;
    return 0;
  }

  uint8_t nextRegister() {
    const uint32_t number = next();
    if (number >= TextProgram::kRegisters) ok_ = false;
    return static_cast<uint8_t>(number % TextProgram::kRegisters);
  }

  // A register to change: 0 stays 0.
  uint8_t nextWidth() {
    const uint8_t number = nextRegister();
    if (number == 0) ok_ = false;
    return number;
  }

  // A text, which becomes one of the program's.
  Text nextText() {
    const uint32_t start = next();
    const uint32_t length = next();
    const uint32_t place = static_cast<uint32_t>(program_.texts_.size());
    if (start > form_.textLength || length > form_.textLength - start || length > kMostText - place) {
      ok_ = false;
      return {0, 0};
    }
    program_.texts_.append(reinterpret_cast<const char*>(form_.texts) + start, length);
    return {place, length};
  }

  void nextSource(Op* op, bool inRows) {
    const TextSource source = static_cast<TextSource>(next());
    op->column = next();
    op->source = static_cast<uint8_t>(source);
    switch (source) {
      case TextSource::kRecord:
        ok_ = ok_ && op->column < form_.columns - kRecordColumns;
        break;
      case TextSource::kRow:
        ok_ = ok_ && inRows && op->column < form_.rowColumns;
        break;
      case TextSource::kRowIndex:
        ok_ = ok_ && inRows;
        op->column = 0;
        break;
      default:
        ok_ = false;
    }
  }

  void nextNumber(Op* op, bool inRows) {
    nextSource(op, inRows);
    switch (next()) {
      case 8:
        op->base = TextBase::kOctal;
        break;
      case 10:
        op->base = TextBase::kDecimal;
        break;
      case 16:
        op->base = TextBase::kHex;
        break;
      case 1024:
        op->base = TextBase::kUnit;
        break;
      case 7777:
        op->base = TextBase::kMode;
        break;
      default:
        ok_ = false;
    }
  }

  void widen(const Op& op) { mostWidth_[op.widthRegister] = std::max(mostWidth_[op.widthRegister], op.value); }

  // Texts that follow each other become one, which is printed with the next instruction.
  void text(bool inRows) {
    const Text text = nextText();
    const uint8_t widthRegister = nextRegister();
    if (widthRegister == 0) {
      if (before_.length == 0) before_.start = text.start;
      before_.length += text.length;
      sizeOf(inRows).bytes += text.length;
      return;
    }
    Op op = {};
    op.text = text;
    op.widthRegister = widthRegister;
    aligned_.push_back({text.length, widthRegister, inRows});
    add(Kind::kText, op);
  }

  bool rows(size_t end) {
    const uint32_t length = next();
    Op op = {};
    op.text = nextText();
    sizeOf(true).bytes += op.text.length;
    if (!ok_ || length > end - at_) return false;
    add(Kind::kRows, op);
    const size_t first = program_.ops_.size();
    const size_t after = at_ + length;
    if (!body(after, true)) return false;
    program_.ops_[first - 1].value = static_cast<uint32_t>(program_.ops_.size() - first);
    at_ = after;
    return true;
  }

  void add(Kind kind, Op op) {
    op.kind = kind;
    op.before = before_;
    before_ = {0, 0};
    program_.ops_.push_back(op);
  }

  const TextForm& form_;
  size_t at_;
  TextProgram& program_;
  bool ok_ = true;
  Text before_ = {0, 0};
  uint32_t mostWidth_[TextProgram::kRegisters] = {};
  std::vector<Aligned> aligned_;
};

bool TextProgram::decode(const TextForm& form, size_t start) {
  *this = {};
  rowColumns_ = form.rowColumns;
  return TextDecoder(form, start, this).decode();
}

}  // namespace famfs
