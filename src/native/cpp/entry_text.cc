#include "entry_text.h"

#include <algorithm>

#include "text_batch.h"

namespace famfs {
namespace {

constexpr double kMostSafe = 9007199254740991.0;
// Extents of a batch: so many that the text stays short.
constexpr uint64_t kExtentsAtOnce = 512;

enum AppliedColumn : size_t { kSize = 5, kChunk = 6, kExtents = 7, kPathBytes = 8 };

bool isWithin(double number, uint64_t most) { return number >= 0 && number <= static_cast<double>(most); }

}  // namespace

bool entryText(const TextRecords& texts, const EntryPrograms& programs, const AppliedColumns& columns, uint64_t end, size_t most,
               EntryPlace* place, std::string* text, TextStop* stop) {
  constexpr size_t kNumbers = AppliedRecord::kNumbers;
  constexpr size_t kExtentNumbers = AppliedRecord::kExtentNumbers;
  if (end > columns.entries * kNumbers || place->numbers > end || (end - place->numbers) % kNumbers != 0) return false;
  if (place->path > columns.pathBytes || place->extents > columns.extentNumbers) return false;
  TextBatch batch(texts, kEntryColumns, text);
  TextRecords& form = batch.form();
  form.rows = columns.extents;
  form.rowColumns = kExtentNumbers;
  form.rowCount = columns.extentNumbers / kExtentNumbers;
  form.names = columns.paths;
  form.nameLength = columns.pathBytes;
  uint64_t rows = 0;  // of the batch
  *stop = TextStop::kEnd;
  while (place->numbers < end) {
    const double* entry = columns.numbers + place->numbers;
    if (!isWithin(entry[kPathBytes], columns.pathBytes - place->path)) return false;
    if (!isWithin(entry[kExtents], (columns.extentNumbers - place->extents) / kExtentNumbers)) return false;
    const uint64_t pathBytes = static_cast<uint64_t>(entry[kPathBytes]);
    const uint64_t extents = static_cast<uint64_t>(entry[kExtents]);
    const uint32_t program = extents == 0         ? programs.directory
                             : entry[kChunk] == 0 ? programs.simple
                                                  : programs.interleaved;
    if (program != EntryPrograms::kPassOver) {
      double allocated = 0;
      for (uint64_t i = 0; i < extents; i++) allocated += columns.extents[place->extents + i * kExtentNumbers + 2];
      const double stripe = entry[kChunk] * static_cast<double>(extents);
      // JavaScript rounds larger numbers, which no program prints
      if (allocated > kMostSafe || stripe > kMostSafe || !isPlain(columns.paths + place->path, pathBytes, programs.plain)) {
        *stop = TextStop::kOther;
        break;
      }
      double* record = batch.add();
      record[kProgram] = program;
      record[kNameStart] = static_cast<double>(place->path);
      record[kNameEnd] = static_cast<double>(place->path + pathBytes);
      record[kImageStart] = record[kImageEnd] = 0;
      record[kFirstRow] = static_cast<double>(place->extents / kExtentNumbers);
      record[kRowCount] = static_cast<double>(extents);
      std::copy(entry, entry + kNumbers, record + kRecordColumns);
      double* derived = record + kRecordColumns + kNumbers;
      derived[0] = allocated;
      derived[1] = allocated - entry[kSize];
      derived[2] = stripe;
      rows += extents;
    }
    place->numbers += kNumbers;
    place->path += pathBytes;
    place->extents += extents * kExtentNumbers;
    if (!batch.isFull() && rows < kExtentsAtOnce) continue;
    rows = 0;
    if (!batch.print()) return false;
    if (text->size() >= most) {
      *stop = TextStop::kFull;
      break;
    }
  }
  return batch.print();
}

}  // namespace famfs
