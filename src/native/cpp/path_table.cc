#include "path_table.h"

#include <cstring>
#include <iterator>

#include "random_keys.h"

namespace famfs {
namespace {

constexpr uint64_t kFirstPlaces = 256;

// The xor of both halves of a 128-bit product: every bit of both factors affects it.
uint64_t mix(uint64_t a, uint64_t b) {
  const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

// Up to eight bytes as a number.
uint64_t word(const uint8_t* bytes, uint32_t length) {
  uint64_t value = 0;
  std::memcpy(&value, bytes, length < 8 ? length : 8);
  return value;
}

}  // namespace

PathTable::PathTable() : places_(kFirstPlaces) { randomKeys(keys_, std::size(keys_)); }

uint64_t PathTable::hashOf(const uint8_t* path, uint32_t length) const {
  uint64_t hash = keys_[0] ^ length;
  uint32_t key = 1;
  for (uint32_t at = 0; at < length; at += 16, key += 2) {
    const uint32_t left = length - at;
    const uint64_t low = word(path + at, left);
    const uint64_t high = left > 8 ? word(path + at + 8, left - 8) : 0;
    hash ^= mix(low ^ keys_[key], high ^ keys_[key + 1]);
  }
  return mix(hash, keys_[11] | 1);
}

void PathTable::expect(uint64_t hash) const { __builtin_prefetch(&places_[hash & (places_.size() - 1)]); }

bool PathTable::is(uint32_t row, const uint8_t* path, uint32_t length) const {
  return rows_[row].length == length && std::memcmp(bytes(row), path, length) == 0;
}

uint64_t PathTable::placeOf(uint64_t hash, const uint8_t* path, uint32_t length) const {
  const uint64_t mask = places_.size() - 1;
  const uint32_t tag = static_cast<uint32_t>(hash >> 32);
  uint64_t place = hash & mask;
  for (; places_[place].next != 0; place = (place + 1) & mask) {
    if (places_[place].tag == tag && is(places_[place].next - 1, path, length)) break;
  }
  return place;
}

uint32_t PathTable::find(uint64_t hash, const uint8_t* path, uint32_t length) const {
  return places_[placeOf(hash, path, length)].next - 1;
}

uint32_t PathTable::add(uint64_t hash, const uint8_t* path, uint32_t length) {
  if ((uint64_t{count()} + 1) * 2 > places_.size()) grow(places_.size() * 2);
  Place& place = places_[placeOf(hash, path, length)];
  if (place.next != 0) return kNone;
  const uint32_t row = count();
  place = {static_cast<uint32_t>(hash >> 32), row + 1};
  rows_.push_back({hash, arena_.size(), length});
  arena_.insert(arena_.end(), path, path + length);
  return row;
}

void PathTable::reserve(uint64_t paths, uint64_t bytes) {
  uint64_t places = places_.size();
  while (places < paths * 2) places *= 2;
  if (places > places_.size()) grow(places);
  makeRoom(arena_, bytes);
  makeRoom(rows_, paths);
}

void PathTable::grow(uint64_t places) {
  places_.assign(places, Place{0, 0});
  for (uint32_t row = 0; row < count(); row++) {
    const uint64_t hash = rows_[row].hash;
    uint64_t place = hash & (places - 1);
    while (places_[place].next != 0) place = (place + 1) & (places - 1);
    places_[place] = {static_cast<uint32_t>(hash >> 32), row + 1};
  }
}

}  // namespace famfs
