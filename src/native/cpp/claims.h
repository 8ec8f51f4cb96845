// Which ranges of one daxdev are claimed, and by whom. Offsets in bytes; all below 2^53.
#pragma once

#include <cstdint>
#include "big_memory.h"

namespace famfs {

// packed, as there are many
#pragma pack(push, 4)
struct Claim {
  uint64_t start;
  uint64_t end;
  int32_t owner;  // log slot; negative if it is not a file's
};
#pragma pack(pop)

class Claims {
 public:
  // Records a claim; an empty one is ignored.
  void add(uint64_t start, uint64_t end, int32_t owner);

  // Reserves room for this many claims in total.
  void reserve(uint64_t claims) { makeRoom(claims_, claims); }

  uint64_t count() const { return claims_.size(); }
  // Bytes claimed by files; shared space counts once for each file.
  uint64_t claimedByFiles() const;
  // Ordered by start, then in the order in which they were added.
  const BigVector<Claim>& sorted();

  // Calls visit(earlier, later) for each claim that begins before the end of the furthest-reaching earlier one.
  template <typename Visit>
  void overlaps(Visit visit) {
    const BigVector<Claim>& claims = sorted();
    const Claim* reach = nullptr;
    for (const Claim& claim : claims) {
      if (reach != nullptr && claim.start < reach->end) visit(*reach, claim);
      if (reach == nullptr || claim.end > reach->end) reach = &claim;
    }
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
    for (const Claim& claim : sorted()) {
      const uint64_t start = claim.start < size ? claim.start : size;
      if (start > reach) keep(reach, start);
      if (claim.end > reach) reach = claim.end;
    }
    if (reach < size) keep(reach, size);
  }

 private:
  BigVector<Claim> claims_;
  bool ascending_ = true;
};

}  // namespace famfs
