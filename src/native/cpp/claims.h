// Which ranges of one daxdev are claimed, and by whom. Offsets in bytes; all below 2^53.
#pragma once

#include <cstdint>

#include "big_memory.h"

namespace famfs {

struct Claim {
  uint64_t start;
  uint64_t end;
  int32_t owner;  // log slot; negative if it is not a file's
};

class Claims {
 public:
  // Records a claim; an empty one is ignored.
  void add(uint64_t start, uint64_t end, int32_t owner) {
    if (end <= start) return;
    count_++;
    if (!runs_.empty()) {
      Run& last = runs_.back();
      const bool follows = start == last.end() && end - start == last.length;
      if (follows && last.owner >= 0 && owner == int64_t{last.owner} + last.count) {
        last.count++;
        return;
      }
      if (start < last.lastStart()) ascending_ = false;
    }
    runs_.push_back({start, end - start, owner, 1});
  }

  // Reserves room for this many claims in total.
  void reserve(uint64_t claims) { makeRoom(runs_, claims); }

  uint64_t count() const { return count_; }
  // Bytes claimed by files; shared space counts once for each file.
  uint64_t claimedByFiles() const;

  // Calls visit(claim) for each claim, ordered by start, then in the order in which they were added.
  template <typename Visit>
  void each(Visit visit) {
    sort();
    for (const Run& run : runs_) {
      for (uint32_t i = 0; i < run.count; i++) visit(run.claim(i));
    }
  }

  // Calls visit(earlier, later) for each claim that begins before the end of the furthest-reaching earlier one.
  template <typename Visit>
  void overlaps(Visit visit) {
    Claim reach = {};
    each([&](const Claim& claim) {
      if (claim.start < reach.end) visit(reach, claim);
      if (claim.end > reach.end) reach = claim;
    });
  }

  // Calls visit(start, end) for each free range of [0, size), rounded inwards to allocation units, in ascending order.
  template <typename Visit>
  void holes(uint64_t size, uint64_t unit, Visit visit) {
    uint64_t reach = 0;
    const auto keep = [&](uint64_t from, uint64_t to) {
      const uint64_t start = (from + unit - 1) / unit * unit;
      const uint64_t end = to / unit * unit;
      if (end > start) visit(start, end);
    };
    each([&](const Claim& claim) {
      const uint64_t start = claim.start < size ? claim.start : size;
      if (start > reach) keep(reach, start);
      if (claim.end > reach) reach = claim.end;
    });
    if (reach < size) keep(reach, size);
  }

 private:
  // Claims of one length, each of which begins where the one before it ends, of consecutive slots: those of files that were placed one
  // after the other.
  struct Run {
    uint64_t start;
    uint64_t length;
    int32_t owner;  // of the first
    uint32_t count;

    uint64_t end() const { return start + length * count; }
    uint64_t lastStart() const { return end() - length; }
    Claim claim(uint32_t i) const { return {start + length * i, start + length * (i + 1), owner + static_cast<int32_t>(i)}; }
  };

  // Makes the claims of all runs, one run after the other, ascend by start.
  void sort();
  static bool ascend(const BigVector<Run>& runs);
  static void sortRuns(BigVector<Run>* runs);

  BigVector<Run> runs_;
  uint64_t count_ = 0;
  bool ascending_ = true;
};

}  // namespace famfs
