#include "entry_text.h"

#include <algorithm>

#include "text_program.h"

namespace famfs {
namespace {

constexpr size_t kNumbers = AppliedRecord::kNumbers;
constexpr size_t kExtentNumbers = AppliedRecord::kExtentNumbers;

enum AppliedColumn : size_t { kSize = 5, kChunk = 6, kExtents = 7, kPathBytes = 8 };

bool isWithin(double number, uint64_t most) { return number >= 0 && number <= static_cast<double>(most); }

// The programs of each kind of entry; none for those that are passed over.
class Kinds {
 public:
  bool decode(const TextForm& form, const EntryPrograms& programs) {
    return decode(form, programs.directory, &directory_) && decode(form, programs.simple, &simple_) &&
           decode(form, programs.interleaved, &interleaved_);
  }

  const TextProgram* of(const double* entry) const {
    const Kind& kind = entry[kExtents] == 0 ? directory_ : entry[kChunk] == 0 ? simple_ : interleaved_;
    return kind.isPrinted ? &kind.program : nullptr;
  }

 private:
  struct Kind {
    bool isPrinted;
    TextProgram program;
  };

  static bool decode(const TextForm& form, uint32_t start, Kind* kind) {
    kind->isPrinted = start != EntryPrograms::kPassOver;
    return !kind->isPrinted || kind->program.decode(form, start);
  }

  Kind directory_ = {}, simple_ = {}, interleaved_ = {};
};

// The place after that of an entry; false for one whose columns end before.
bool nextPlace(const AppliedColumns& columns, const EntryPlace& place, EntryPlace* next) {
  const double* entry = columns.numbers + place.numbers;
  if (!isWithin(entry[kPathBytes], columns.pathBytes - place.path)) return false;
  if (!isWithin(entry[kExtents], (columns.extentNumbers - place.extents) / kExtentNumbers)) return false;
  *next = {place.numbers + kNumbers, place.path + static_cast<uint64_t>(entry[kPathBytes]),
           place.extents + static_cast<uint64_t>(entry[kExtents]) * kExtentNumbers};
  return true;
}

// Prints a part whose entries are known to fit their columns.
void printPart(const TextForm& form, const Kinds& kinds, const AppliedColumns& columns, const uint8_t* plain, TextPart<EntryPlace>* part) {
  char* at = part->start;
  EntryPlace next = {};
  for (EntryPlace place = part->from; place.numbers < part->end.numbers; place = next) {
    nextPlace(columns, place, &next);
    const double* entry = columns.numbers + place.numbers;
    const TextProgram* program = kinds.of(entry);
    if (program == nullptr) continue;
    const double* extents = columns.extents + place.extents;
    const uint64_t extentNumbers = next.extents - place.extents;
    double allocated = 0;
    for (uint64_t i = 0; i < extentNumbers; i += kExtentNumbers) allocated += extents[i + 2];
    const double stripe = entry[kChunk] * static_cast<double>(extentNumbers / kExtentNumbers);
    const uint8_t* path = columns.paths + place.path;
    const uint64_t pathBytes = next.path - place.path;
    // JavaScript rounds larger numbers, which no program prints
    if (allocated > kMostSafe || stripe > kMostSafe || !isPlain(path, pathBytes, plain)) {
      part->stopped = place;
      part->stop = TextStop::kOther;
      break;
    }
    double numbers[kNumbers + kDerivedNumbers];
    std::copy(entry, entry + kNumbers, numbers);
    numbers[kNumbers] = allocated;
    numbers[kNumbers + 1] = allocated - entry[kSize];
    numbers[kNumbers + 2] = stripe;
    if (at > part->start) at = form.separate(at);
    at = program->print({numbers, path, pathBytes, nullptr, 0, extents, extentNumbers / kExtentNumbers}, at);
    if (at == nullptr) {
      part->failed = true;
      return;
    }
  }
  part->length = static_cast<size_t>(at - part->start);
}

}  // namespace

bool entryText(const TextForm& form, const EntryPrograms& programs, const AppliedColumns& columns, uint64_t end, unsigned threads,
               const TextSpace& space, EntryPlace* place, size_t* length, TextStop* stop) {
  if (end > columns.entries * kNumbers || place->numbers > end || (end - place->numbers) % kNumbers != 0) return false;
  if (place->path > columns.pathBytes || place->extents > columns.extentNumbers) return false;
  Kinds kinds;
  if (!kinds.decode(form, programs)) return false;
  TextParts<EntryPlace> parts(form, space);
  *stop = TextStop::kEnd;
  EntryPlace next = {};
  for (EntryPlace at = *place; at.numbers < end; at = next) {
    if (!nextPlace(columns, at, &next)) return false;
    const TextProgram* program = kinds.of(columns.numbers + at.numbers);
    const size_t bound = program == nullptr ? 0 : program->bound(next.path - at.path, 0, (next.extents - at.extents) / kExtentNumbers);
    if (parts.add(at, next, bound)) continue;
    if (parts.isEmpty()) return false;
    *stop = TextStop::kFull;
    break;
  }
  const auto print = [&](TextPart<EntryPlace>* part) { printPart(form, kinds, columns, programs.plain, part); };
  return parts.print(threads, print, place, stop, length);
}

}  // namespace famfs
