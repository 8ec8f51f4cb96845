// Text that several threads print, each a part at a time, into memory of the caller.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <vector>

#include "record_text.h"

namespace famfs {

// Memory for text.
struct TextSpace {
  char* data;
  size_t size;
};

// Records that follow each other, from the one at a place on.
template <typename Place>
struct TextPart {
  Place from;
  Place end;
  char* start;  // where its text goes
  size_t room;
  // what comes of it
  size_t length = 0;
  Place stopped = {};  // where it ended early, at what no program can print
  TextStop stop = TextStop::kEnd;
  bool failed = false;  // a number left its bounds
};

// Runs `work` for each of [0, count) on up to so many threads, this one among them; where no more threads can be had, on fewer. Throws
// what `work` throws, when all have ended.
void onThreads(size_t count, unsigned threads, const std::function<void(size_t)>& work);

// Records that are given out to parts, by the most bytes that each can need, so that no part can run out of room.
template <typename Place>
class TextParts {
 public:
  // `form` has the separator, which comes between records of different parts as of the same.
  TextParts(const TextForm& form, const TextSpace& space) : form_(form), space_(space) {}

  // Adds the record between two places, which needs `bound` bytes at most, the slack among them. False if the memory does not suffice.
  bool add(const Place& from, const Place& end, size_t bound) {
    if (bound > space_.size - used_ || form_.separatorLength > space_.size - used_ - bound) return false;
    if (parts_.empty() || parts_.back().room >= kRoom) parts_.push_back({from, from, space_.data + used_, 0});
    used_ += bound + form_.separatorLength;
    parts_.back().room += bound + form_.separatorLength;
    parts_.back().end = end;
    return true;
  }

  bool isEmpty() const { return parts_.empty(); }

  // Prints all parts by `print`, and makes them one text at the start of the memory. It ends where one stopped, whose place is then in
  // *end. False for a number that left its bounds.
  template <typename Print>
  bool print(unsigned threads, Print print, Place* end, TextStop* stop, size_t* length) {
    onThreads(parts_.size(), threads, [&](size_t i) { print(&parts_[i]); });
    char* at = space_.data;
    for (const TextPart<Place>& part : parts_) {
      if (part.failed) return false;
      if (part.length > 0) {
        if (at > space_.data) at = form_.separate(at);
        if (at != part.start) std::memmove(at, part.start, part.length);
        at += part.length;
      }
      *end = part.end;
      if (part.stop == TextStop::kEnd) continue;
      *end = part.stopped;
      *stop = part.stop;
      break;
    }
    *length = static_cast<size_t>(at - space_.data);
    return true;
  }

 private:
  static constexpr size_t kRoom = size_t{1} << 18;  // enough text to be worth a thread, and little enough for its cache

  const TextForm& form_;
  const TextSpace space_;
  std::vector<TextPart<Place>> parts_;
  size_t used_ = 0;
};

// Whether programs can print a name: `plain` says so for each of the 256 bytes.
bool isPlain(const uint8_t* name, size_t length, const uint8_t* plain);

}  // namespace famfs
