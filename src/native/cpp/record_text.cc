#include "record_text.h"

#include <cstring>
#include <unordered_map>

#include "text_program.h"

namespace famfs {
namespace {

// What a record refers to. False for what is not there; the program is then left out of account.
bool readRecord(const TextRecords& all, size_t index, size_t* program, TextRecord* record) {
  const double* numbers = all.numbers + index * all.form.columns;
  size_t head[kRecordColumns];
  for (size_t i = 0; i < kRecordColumns; i++) {
    if (!(numbers[i] >= 0 && numbers[i] <= kMostSafe)) return false;
    head[i] = static_cast<size_t>(numbers[i]);
  }
  const auto within = [](size_t start, size_t end, size_t length) { return start <= end && end <= length; };
  if (!within(head[kNameStart], head[kNameEnd], all.nameLength)) return false;
  if (!within(head[kImageStart], head[kImageEnd], all.imageLength)) return false;
  if (head[kFirstRow] > all.rowCount || head[kRowCount] > all.rowCount - head[kFirstRow]) return false;
  *program = head[kProgram];
  record->numbers = numbers + kRecordColumns;
  record->name = all.names + head[kNameStart];
  record->nameLength = head[kNameEnd] - head[kNameStart];
  record->image = all.images + head[kImageStart];
  record->imageLength = head[kImageEnd] - head[kImageStart];
  record->rows = all.rows + head[kFirstRow] * all.form.rowColumns;
  record->rowCount = head[kRowCount];
  return true;
}

}  // namespace

char* TextForm::separate(char* at) const {
  if (separatorLength > 0) std::memcpy(at, separator, separatorLength);
  return at + separatorLength;
}

bool recordText(const TextRecords& records, TextBuffer* text) {
  const TextForm& form = records.form;
  if (form.columns < kRecordColumns) return false;
  std::unordered_map<size_t, TextProgram> programs;  // by where they begin
  for (size_t i = 0; i < records.records; i++) {
    size_t start = 0;
    TextRecord record = {};
    if (!readRecord(records, i, &start, &record)) return false;
    const auto [found, isNew] = programs.try_emplace(start);
    const TextProgram& program = found->second;
    if (isNew && !found->second.decode(form, start)) return false;
    const size_t bound = program.bound(record.nameLength, record.imageLength, record.rowCount);
    if (bound > SIZE_MAX - form.separatorLength) return false;
    char* at = text->room(bound + form.separatorLength);
    if (i > 0) at = form.separate(at);
    at = program.print(record, at);
    if (at == nullptr) return false;
    text->endAt(at);
  }
  return true;
}

}  // namespace famfs
