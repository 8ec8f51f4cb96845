#include "path_table.h"

#include <cstring>

namespace famfs {

void PathTable::expect(uint64_t hash) const { __builtin_prefetch(&places_[hash & (places_.size() - 1)]); }

bool PathTable::is(uint32_t row, const uint8_t* path, uint32_t length) const {
  const uint64_t start = startOf(row);
  return endOf(row) - start == length && std::memcmp(arena_.data() + start, path, length) == 0;
}

uint64_t PathTable::placeOf(uint64_t hash, const uint8_t* path, uint32_t length) const {
  const uint64_t mask = places_.size() - 1;
  uint64_t place = hash & mask;
  for (; places_[place] != 0; place = (place + 1) & mask) {
    const uint32_t row = (places_[place] & rowMask()) - 1;
    if (places_[place] == placed(hash, row) && is(row, path, length)) break;
  }
  return place;
}

uint32_t PathTable::find(uint64_t hash, const uint8_t* path, uint32_t length) const {
  return (places_[placeOf(hash, path, length)] & rowMask()) - 1;
}

uint32_t PathTable::add(uint64_t hash, const uint8_t* path, uint32_t length) {
  if ((uint64_t{count()} + 1) * 2 > places_.size()) grow(places_.size() * 2);
  uint32_t& place = places_[placeOf(hash, path, length)];
  if (place != 0) return kNone;
  const uint32_t row = count();
  place = placed(hash, row);
  if (row % kGroup == 0) groups_.push_back(arena_.size());
  starts_.push_back(static_cast<uint16_t>(arena_.size() - groups_.back()));
  arena_.insert(arena_.end(), path, path + length);
  return row;
}

void PathTable::reserve(uint64_t paths, uint64_t bytes) {
  uint64_t places = places_.size();
  while (places < paths * 2) places *= 2;
  if (places > places_.size()) grow(places);
  makeRoom(arena_, bytes);
  makeRoom(groups_, paths / kGroup + 1);
  makeRoom(starts_, paths);
}

void PathTable::grow(uint64_t places) {
  places_.assign(places, 0);
  for (uint32_t row = 0; row < count(); row++) {
    const uint64_t hash = hashOf(bytes(row), length(row));
    uint64_t place = hash & (places - 1);
    while (places_[place] != 0) place = (place + 1) & (places - 1);
    places_[place] = placed(hash, row);
  }
}

}  // namespace famfs
