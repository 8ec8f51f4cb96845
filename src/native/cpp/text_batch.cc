#include "text_batch.h"

#include <algorithm>

namespace famfs {

TextBatch::TextBatch(const TextRecords& form, size_t columns, std::string* text)
    : form_(form), numbers_(kMost * columns), text_(text) {
  form_.numbers = numbers_.data();
  form_.columns = columns;
  form_.records = 0;
}

bool TextBatch::print() {
  if (form_.records == 0) return true;
  if (!first_) text_->append(reinterpret_cast<const char*>(form_.separator), form_.separatorLength);
  first_ = false;
  const bool printed = recordText(form_, text_);
  form_.records = 0;
  return printed;
}

bool isPlain(const uint8_t* name, size_t length, const uint8_t* plain) {
  return std::all_of(name, name + length, [plain](uint8_t byte) { return plain[byte] != 0; });
}

}  // namespace famfs
