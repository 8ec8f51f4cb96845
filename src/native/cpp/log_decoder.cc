#include "log_decoder.h"

#include <algorithm>
#include <cstring>

#include "cache.h"
#include "range_io.h"
#include "unaligned.h"

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
    if (done < length) *faulted = offset + done;
    return done == length;
  }
  const uint8_t* source = mapping.base + offset;
  return mapping.touch(offset, length, faulted, [=] {
    invalidateLines(source, length);
    fullFence();
    loadBytes(target, source, length);
  });
}

// Copies a few bytes; most paths are short, and a call of memcpy takes longer.
void copyFew(uint8_t* target, const uint8_t* source, size_t length) {
  if (length < 16 || length > 32) {
    std::memcpy(target, source, length);
    return;
  }
  // both halves may have bytes in common
  uint8_t first[16], last[16];
  std::memcpy(first, source, 16);
  std::memcpy(last, source + length - 16, 16);
  std::memcpy(target, first, 16);
  std::memcpy(target + length - 16, last, 16);
}

// Whether a few bytes are the same, likewise without a call.
bool areFewSame(const uint8_t* a, const uint8_t* b, size_t length) {
  if (length < 8 || length > 16) return std::memcmp(a, b, length) == 0;
  const size_t last = length - 8;
  return ((u64At(a) ^ u64At(b)) | (u64At(a + last) ^ u64At(b + last))) == 0;
}

}  // namespace

void Decoded::reserve(uint32_t count) {
  entries.reserve(count);
  paths.grow(count * kLongestPath);    // as many as there can be; most of it is never touched
  extents.grow(count + kMostExtents);  // most files have one
}

void Decoded::add(const EntryFields& fields, const PathTable& table) {
  const Entry* previous = entries.empty() ? nullptr : &entries.back();
  const bool beside = previous != nullptr && previous->sound && previous->nameStart == fields.nameStart &&
                      areFewSame(pathOf(*previous), fields.path, fields.nameStart);
  Entry& entry = entries.emplace_back();
  entry.sound = true;
  entry.kind = fields.kind;
  entry.mode = fields.mode;
  entry.uid = fields.uid;
  entry.gid = fields.gid;
  entry.flags = fields.flags;
  entry.size = fields.size;
  entry.chunk = fields.chunk;
  entry.pathStart = paths.used;
  entry.pathLength = static_cast<uint8_t>(fields.pathLength);
  entry.nameStart = static_cast<uint8_t>(fields.nameStart);
  entry.besidePrevious = beside;
  entry.extentStart = extents.used;
  entry.extentCount = static_cast<uint8_t>(fields.extentCount);
  entry.hash = table.hashOf(fields.path, fields.pathLength);
  copyFew(paths.all.get() + paths.used, fields.path, fields.pathLength);
  paths.used += fields.pathLength;
  extents.used += fields.extentCount;
  if (extents.size - extents.used < kMostExtents) extents.grow(2 * extents.size);
}

void Decoded::clear() {
  entries.clear();
  paths.used = extents.used = 0;
}

void LogDecoder::decodeInto(const uint8_t* bytes, uint64_t slot, uint64_t count, Decoded* run) const {
  EntryFields fields;
  EntryDigest digests[kSlotsPerRead];
  const uint64_t end = slot + count;
  while (slot < end) {
    const uint64_t some = std::min(kSlotsPerRead, end - slot);
    for (uint64_t i = 0; i < some; i++) digests[i] = digestOf(layout_, bytes + i * layout_.entrySize);
    for (uint64_t i = 0; i < some; i++, slot++, bytes += layout_.entrySize) {
      fields.extents = run->nextExtents();
      if (decodeSound(layout_, bytes, digests[i], slot, unit_, &fields)) {
        run->add(fields, paths_);
      } else {
        run->addUnsound();
      }
    }
  }
}

void LogDecoder::decodeRun(Run* run, Buffer* buffer) const {
  const uint64_t from = first_ + run->number * kSlotsPerRun;
  const uint64_t to = std::min(from + kSlotsPerRun, end_);
  for (uint64_t slot = from; slot < to; slot += kSlotsPerRead) {
    const uint64_t slots = std::min(kSlotsPerRead, to - slot);
    const uint64_t offset = place_.firstSlot + slot * layout_.entrySize;
    uint8_t* const bytes = buffer->placeFor(offset);
    if (!readAfresh(*place_.mapping, offset, bytes, slots * layout_.entrySize, &run->faulted)) return;
    decodeInto(bytes, slot, slots, &run->decoded);
  }
}

void LogDecoder::decodeNext(Lock* lock, size_t thread) {
  Run& run = start(taken_++);
  lock->unlock();
  decodeRun(&run, &buffers_[thread]);
  lock->lock();
  run.ready = true;
  changed_.notify_all();
}

void LogDecoder::help(size_t thread) {
  Lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || taken_ == runs() || canTake(); });
    if (stopping_ || taken_ == runs()) return;
    decodeNext(&lock, thread);
  }
}

const Decoded* LogDecoder::runOf(uint64_t slot, uint64_t* faulted) {
  const uint64_t number = (slot - first_) / kSlotsPerRun;
  if (current_ == nullptr || current_->number != number) {
    Run& run = memoryOf(number);
    Lock lock(mutex_);
    used_ = number;
    changed_.notify_all();
    while (run.number != number || !run.ready) {
      if (canTake()) {
        decodeNext(&lock, 0);
      } else {
        changed_.wait(lock);
      }
    }
    current_ = &run;
  }
  *faulted = current_->faulted;
  return current_->faulted == kReached ? &current_->decoded : nullptr;
}

LogDecoder::Run& LogDecoder::start(uint64_t number) {
  Run& run = memoryOf(number);
  run.number = number;
  run.ready = false;
  run.faulted = kReached;
  run.decoded.clear();
  return run;
}

void LogDecoder::expect(uint64_t from, uint64_t to, uint64_t mostRuns) {
  clear(from);
  end_ = to;
  memory_.resize(std::min(runs(), mostRuns));
  for (Run& run : memory_) run.decoded.reserve(static_cast<uint32_t>(std::min(to - from, kSlotsPerRun)));
}

void LogDecoder::begin(const LogPlace& place, uint64_t from, uint64_t to, unsigned helpers) {
  expect(from, to, (uint64_t{helpers} + 1) * kRunsPerThread);
  place_ = place;
  // the thread that asks for runs does one of them itself
  const size_t useful = std::min<uint64_t>(helpers, runs() > 0 ? runs() - 1 : 0);
  for (size_t i = 0; i <= useful; i++) buffers_.emplace_back(std::min(kSlotsPerRead, to - from) * layout_.entrySize);
  for (size_t i = 1; i <= useful; i++) {
    try {
      helpers_.emplace_back(&LogDecoder::help, this, i);
    } catch (...) {
      break;  // no more threads: those that run do all the work
    }
  }
}

void LogDecoder::clear(uint64_t from) {
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& helper : helpers_) helper.join();
  helpers_.clear();
  stopping_ = false;
  taken_ = used_ = 0;
  current_ = nullptr;
  memory_.clear();
  buffers_.clear();
  place_ = {};
  first_ = end_ = from;
}

void LogDecoder::decodeBytes(const uint8_t* bytes, uint64_t from, uint64_t to) {
  expect(from, to, UINT64_MAX);
  while (taken_ < runs()) {
    const uint64_t at = taken_ * kSlotsPerRun;
    Run& run = start(taken_++);
    decodeInto(bytes + at * layout_.entrySize, from + at, std::min(kSlotsPerRun, to - from - at), &run.decoded);
    run.ready = true;
  }
}

void LogDecoder::add(const EntryFields& fields) {
  if (indexInRun(end_) == 0) {
    memory_.emplace_back().decoded.reserve(kSlotsPerRun);
    start(taken_++).ready = true;
  }
  Decoded& run = memory_.back().decoded;
  std::copy_n(fields.extents, fields.extentCount, run.nextExtents());
  run.add(fields, paths_);
  end_++;
}

}  // namespace famfs
