#include "text_program.h"

#include <algorithm>
#include <cstring>

#include "text_dump.h"

namespace famfs {
namespace {

// Short lengths are copied by instructions that copy more.
constexpr size_t kShort = 16;

}  // namespace

struct TextProgram::State {
  const TextRecord& record;
  const double* numbers[3];  // by TextSource
  double row;
  uint32_t widths[kRegisters];
};

size_t TextProgram::bound(size_t nameLength, size_t imageLength, size_t rowCount) const {
  if (isUsual_ && imageLength == 0 && nameLength < kUsual && rowCount < kUsual)
    return kSlack + once_.bytes + once_.names * nameLength + (eachRow_.bytes + eachRow_.names * nameLength) * rowCount;
  return anyBound(nameLength, imageLength, rowCount);
}

size_t TextProgram::anyBound(size_t nameLength, size_t imageLength, size_t rowCount) const {
  size_t total = kSlack;
  const auto add = [&total](uint64_t count, uint64_t length, uint64_t times) {
    uint64_t bytes = 0;
    if (__builtin_mul_overflow(count, length, &bytes) || __builtin_mul_overflow(bytes, times, &bytes) ||
        __builtin_add_overflow(total, bytes, &total)) {
      total = SIZE_MAX;
    }
  };
  for (const Size* size : {&once_, &eachRow_}) {
    const uint64_t times = size == &once_ ? 1 : rowCount;
    add(size->bytes, 1, times);
    add(size->names, nameLength, times);
    add(size->images, imageLength, times);
    add(size->dumpLines, imageLength / kDumpBytesPerLine + 1, times);
  }
  return total;
}

char* TextProgram::print(const TextRecord& record, char* at) const {
  State state = {record, {record.numbers, record.rows, nullptr}, 0, {}};
  state.numbers[static_cast<size_t>(TextSource::kRowIndex)] = &state.row;
  return run(ops_.data(), ops_.data() + ops_.size(), &state, at);
}

char* TextProgram::copy(const Text& text, char* at) const {
  const char* const from = texts_.data() + text.start;
  if (text.length <= kShort) {
    std::memcpy(at, from, kShort);
  } else if (text.length <= kSlack) {
    std::memcpy(at, from, kSlack);
  } else {
    std::memcpy(at, from, text.length);
  }
  return at + text.length;
}

char* TextProgram::run(const Op* op, const Op* end, State* state, char* at) const {
  const auto blanks = [&at](uint32_t width, uint32_t length) {
    if (length >= width) return;
    const uint32_t count = width - length;
    std::memset(at, ' ', kShort);
    if (count > kShort) std::memset(at, ' ', count);
    at += count;
  };
  const auto numberOf = [state](const Op& which) { return state->numbers[which.source][which.column]; };
  for (; op != end; ++op) {
    at = copy(op->before, at);
    switch (op->kind) {
      case Kind::kText:
        blanks(state->widths[op->widthRegister], op->text.length);
        at = copy(op->text, at);
        break;
      case Kind::kName:
        if (state->record.nameLength > 0) std::memcpy(at, state->record.name, state->record.nameLength);
        at += state->record.nameLength;
        break;
      case Kind::kNumber:
        at = withNumber(op->base, [&](auto number) -> char* {
          if (!number.set(numberOf(*op))) return nullptr;
          blanks(state->widths[op->widthRegister], number.length());
          return number.print(at);
        });
        if (at == nullptr) return nullptr;
        break;
      case Kind::kSetWidth:
        state->widths[op->widthRegister] = op->value;
        break;
      case Kind::kWidenBy:
        if (!widen(*op, state)) return nullptr;
        break;
      case Kind::kRows:
        for (size_t row = 0; row < state->record.rowCount; row++) {
          if (row > 0) at = copy(op->text, at);
          state->numbers[static_cast<size_t>(TextSource::kRow)] = state->record.rows + row * rowColumns_;
          state->row = static_cast<double>(row);
          at = run(op + 1, op + 1 + op->value, state, at);
          if (at == nullptr) return nullptr;
        }
        op += op->value;
        break;
      case Kind::kDump:
        at = printDump(state->record.image, state->record.imageLength, op->value, at);
        break;
      case Kind::kHex:
        at = printHex(state->record.image, state->record.imageLength, at);
        break;
      case Kind::kByNumber: {
        const double number = numberOf(*op);
        if (!(number >= -kMostSafe && number <= kMostSafe)) return nullptr;
        at = copy(number == 1 ? op->text : op->other, at);
        break;
      }
    }
  }
  return at;
}

bool TextProgram::widen(const Op& op, State* state) const {
  const TextSource source = static_cast<TextSource>(op.source);
  const size_t times = source == TextSource::kRecord ? 1 : state->record.rowCount;
  return withNumber(op.base, [&](auto number) {
    uint32_t width = state->widths[op.widthRegister];
    for (size_t row = 0; row < times; row++) {
      const double value = source == TextSource::kRecord ? state->record.numbers[op.column]
                           : source == TextSource::kRow  ? state->record.rows[row * rowColumns_ + op.column]
                                                         : static_cast<double>(row);
      decltype(number) each;
      if (!each.set(value)) return false;
      width = std::max(width, each.length());
    }
    state->widths[op.widthRegister] = width;
    return true;
  });
}

}  // namespace famfs
