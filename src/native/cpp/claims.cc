#include "claims.h"

#include <algorithm>

namespace famfs {

void Claims::add(uint64_t start, uint64_t end, int32_t owner) {
  if (end <= start) return;
  if (!claims_.empty() && start < claims_.back().start) ascending_ = false;
  claims_.push_back({start, end, owner});
}

uint64_t Claims::claimedByFiles() const {
  uint64_t sum = 0;
  for (const Claim& claim : claims_) {
    if (claim.owner >= 0) sum += claim.end - claim.start;
  }
  return sum;
}

const BigVector<Claim>& Claims::sorted() {
  // files placed first-fit come in order, so most claims are never sorted
  if (!ascending_) std::stable_sort(claims_.begin(), claims_.end(), [](const Claim& a, const Claim& b) { return a.start < b.start; });
  ascending_ = true;
  return claims_;
}

}  // namespace famfs
