#include "claims.h"

#include <algorithm>

namespace famfs {

uint64_t Claims::claimedByFiles() const {
  uint64_t sum = 0;
  for (const Run& run : runs_) {
    if (run.owner >= 0) sum += run.length * run.count;
  }
  return sum;
}

void Claims::sort() {
  // files placed first-fit come in order, so most claims are never sorted
  if (ascending_) return;
  BigVector<Run> sorted = runs_;
  sortRuns(&sorted);
  if (!ascend(sorted)) {
    // some claims are between those of a run; from the unsorted runs, so that those with equal starts stay in their order
    sorted.clear();
    sorted.reserve(count_);
    for (const Run& run : runs_) {
      for (uint32_t i = 0; i < run.count; i++) sorted.push_back({run.claim(i).start, run.length, run.claim(i).owner, 1});
    }
    sortRuns(&sorted);
  }
  runs_.swap(sorted);
  ascending_ = true;
}

// Whether sorted runs have all claims in order. Equal starts are only in order if the sort compared them.
bool Claims::ascend(const BigVector<Run>& runs) {
  for (size_t i = 1; i < runs.size(); i++) {
    if (runs[i - 1].count > 1 && runs[i - 1].lastStart() >= runs[i].start) return false;
  }
  return true;
}

void Claims::sortRuns(BigVector<Run>* runs) {
  std::stable_sort(runs->begin(), runs->end(), [](const Run& a, const Run& b) { return a.start < b.start; });
}

}  // namespace famfs
