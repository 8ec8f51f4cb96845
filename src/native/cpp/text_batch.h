// Records that are gathered, and printed a batch at a time.
#pragma once

#include <vector>

#include "record_text.h"

namespace famfs {

class TextBatch {
 public:
  // `form` has the programs; each record gets so many columns. The text is appended to.
  TextBatch(const TextRecords& form, size_t columns, std::string* text);

  // What the records refer to: names and rows are up to the caller, and stay until all is printed.
  TextRecords& form() { return form_; }
  // The columns of one more record, to be filled; the batch must not be full.
  double* add() { return numbers_.data() + form_.records++ * form_.columns; }
  bool isFull() const { return form_.records == kMost; }
  // Prints what was gathered, with the separator before it unless it is the first. False as recordText.
  bool print();

 private:
  static constexpr size_t kMost = 128;  // their numbers stay in the first-level cache

  TextRecords form_;
  std::vector<double> numbers_;
  std::string* const text_;
  bool first_ = true;
};

// Whether programs can print a name: `plain` says so for each of the 256 bytes.
bool isPlain(const uint8_t* name, size_t length, const uint8_t* plain);

}  // namespace famfs
