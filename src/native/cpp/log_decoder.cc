#include "log_decoder.h"

#include <algorithm>

#include "cache.h"
#include "range_io.h"

namespace famfs {
namespace {

// About the size of a processor's first-level cache: what was read is processed several times.
constexpr uint64_t kSlotsPerRead = 64;

// Reads memory as the other hosts left it. A file that only this host has is read with a system call, which saves the page table
// entries. False if a byte cannot be reached; the first such byte is then in *faulted.
bool readAfresh(const Mapping& mapping, uint64_t offset, uint8_t* target, uint64_t length, uint64_t* faulted) {
  if (!mapping.isShared()) {
    int error = 0;
    const uint64_t done = readRange(mapping.fd, offset, target, length, &error);
    *faulted = offset + done;
    return done == length;
  }
  const uint8_t* source = mapping.base + offset;
  return mapping.touch(offset, length, faulted, [=] {
    invalidateLines(source, length);
    fullFence();
    loadBytes(target, source, length);
  });
}

}  // namespace

void Decoded::add(const EntryFields& fields, const PathTable& table) {
  Entry& entry = entries.emplace_back();
  entry.sound = true;
  entry.kind = fields.kind;
  entry.mode = fields.mode;
  entry.uid = fields.uid;
  entry.gid = fields.gid;
  entry.flags = fields.flags;
  entry.size = fields.size;
  entry.chunk = fields.chunk;
  entry.pathStart = static_cast<uint32_t>(paths.size());
  entry.pathLength = static_cast<uint8_t>(fields.pathLength);
  entry.extentStart = static_cast<uint32_t>(extents.size());
  entry.extentCount = static_cast<uint8_t>(fields.extentCount);
  entry.hash = table.hashOf(fields.path, fields.pathLength);
  paths.insert(paths.end(), fields.path, fields.path + fields.pathLength);
  extents.insert(extents.end(), fields.extents, fields.extents + fields.extentCount);
}

void Decoded::clear() {
  entries.clear();
  paths.clear();
  extents.clear();
}

void LogDecoder::decodeInto(const uint8_t* bytes, uint64_t slot, uint64_t count, Decoded* run) const {
  EntryFields fields;
  EntryDigest digests[kSlotsPerRead];
  const uint64_t end = slot + count;
  while (slot < end) {
    const uint64_t some = std::min(kSlotsPerRead, end - slot);
    for (uint64_t i = 0; i < some; i++) digests[i] = digestOf(layout_, bytes + i * layout_.entrySize);
    for (uint64_t i = 0; i < some; i++, slot++, bytes += layout_.entrySize) {
      if (decodeSound(layout_, bytes, digests[i], slot, unit_, &fields)) {
        run->add(fields, paths_);
      } else {
        run->entries.push_back({});
      }
    }
  }
}

void LogDecoder::work(std::vector<uint8_t>* buffer) {
  buffer->resize(std::max<size_t>(buffer->size(), std::min(kSlotsPerRead, to_ - first_) * layout_.entrySize));
  for (uint64_t taken = taken_++; taken < count_; taken = taken_++) {
    const uint64_t start = first_ + taken * kSlotsPerRun;
    const uint64_t end = std::min(start + kSlotsPerRun, to_);
    Decoded& run = runs_[taken];
    run.clear();
    run.entries.reserve(end - start);
    run.paths.reserve((end - start) * kUsualPath);
    run.extents.reserve(end - start);
    for (uint64_t slot = start; slot < end; slot += kSlotsPerRead) {
      const uint64_t slots = std::min(kSlotsPerRead, end - slot);
      uint64_t at = 0;
      if (!readAfresh(*place_.mapping, place_.firstSlot + slot * layout_.entrySize, buffer->data(), slots * layout_.entrySize, &at)) {
        uint64_t known = fault_;
        while (at < known && !fault_.compare_exchange_weak(known, at)) {
        }
        taken_ = count_;
        return;
      }
      decodeInto(buffer->data(), slot, slots, &run);
    }
  }
}

void LogDecoder::expect(uint64_t from, uint64_t to) {
  clear(from);
  to_ = to;
  count_ = (to - from + kSlotsPerRun - 1) / kSlotsPerRun;
  if (runs_.size() < count_) runs_.resize(count_);
}

void LogDecoder::begin(const LogPlace& place, uint64_t from, uint64_t to, unsigned helpers) {
  expect(from, to);
  place_ = place;
  taken_ = 0;
  fault_ = UINT64_MAX;
  const size_t useful = std::min<uint64_t>(helpers, count_);
  if (buffers_.size() < useful + 1) buffers_.resize(useful + 1);
  for (size_t i = 1; i <= useful; i++) {
    try {
      helpers_.emplace_back(&LogDecoder::work, this, &buffers_[i]);
    } catch (...) {
      break;  // no more threads: those that run do all the work
    }
  }
}

bool LogDecoder::isOf(const LogPlace& place, uint64_t from, uint64_t to) const {
  return place_.mapping == place.mapping && place_.firstSlot == place.firstSlot && first_ == from && to_ == to;
}

bool LogDecoder::finish(uint64_t* faulted) {
  work(&buffers_[0]);
  join();
  place_ = {};
  *faulted = fault_;
  if (fault_ == UINT64_MAX) end_ = to_;
  return fault_ == UINT64_MAX;
}

void LogDecoder::join() {
  for (std::thread& helper : helpers_) helper.join();
  helpers_.clear();
}

void LogDecoder::clear(uint64_t from) {
  taken_ = count_;
  join();
  place_ = {};
  first_ = end_ = from;
}

void LogDecoder::decodeBytes(const uint8_t* bytes, uint64_t from, uint64_t to) {
  expect(from, to);
  for (uint64_t i = 0; i < count_; i++) {
    const uint64_t slot = from + i * kSlotsPerRun;
    runs_[i].clear();
    decodeInto(bytes + (slot - from) * layout_.entrySize, slot, std::min(kSlotsPerRun, to - slot), &runs_[i]);
  }
  end_ = to;
}

void LogDecoder::add(const EntryFields& fields) {
  const size_t run = (end_ - first_) / kSlotsPerRun;
  if (runs_.size() == run) runs_.emplace_back();
  if (indexInRun(end_) == 0) runs_[run].clear();
  runs_[run].add(fields, paths_);
  end_++;
}

}  // namespace famfs
