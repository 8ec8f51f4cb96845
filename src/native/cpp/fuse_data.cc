// READ passes mapped memory to the kernel without copying it here; WRITE uses the same stores as bulk jobs.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "cache.h"
#include "copy.h"
#include "fuse_session.h"

namespace famfs::fuse {
namespace {

bool isInside(const Mapping* mapping, const Run& run) {
  return mapping != nullptr && run.length <= mapping->size && run.offset <= mapping->size - run.length;
}

// Reads every byte of a run from memory; false if one cannot be read, with the first such byte in *faulted.
bool probe(const Mapping& mapping, const Run& run, uint64_t* faulted) {
  constexpr uint64_t kStep = kFaultPage;
  const uint8_t* base = mapping.base;
  return mapping.touch(run.offset, run.length, faulted, [=] {
    for (uint64_t at = run.offset; at < run.offset + run.length; at = (at / kStep + 1) * kStep) {
      (void)*static_cast<const volatile uint8_t*>(base + at);
    }
  });
}

bool refresh(const Mapping& mapping, const Run& run, uint64_t* faulted) {
  const uint8_t* at = mapping.base + run.offset;
  const size_t length = run.length;
  return mapping.touch(run.offset, run.length, faulted, [=] {
    invalidateLines(at, length);
    fullFence();
  });
}

}  // namespace

void Session::read(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  ReadIn in;
  if (!request.take(&in)) return reply(worker.fd, header.unique, EINVAL);
  const uint64_t wanted = std::min<uint64_t>(in.size, kMaxData);
  std::shared_ptr<Staged> staged;
  uint64_t length = 0;
  {
    const std::shared_lock<std::shared_mutex> lock(table_.mutex());
    const uint32_t row = table_.rowOf(header.node);
    if (row == kNone) return reply(worker.fd, header.unique, ESTALE);
    const Node& node = table_.node(row);
    if (node.kind == Kind::kDirectory) return reply(worker.fd, header.unique, EISDIR);
    staged = table_.staged(row);
    if (!staged && in.offset < node.size) length = std::min(wanted, node.size - in.offset);
    if (length > 0) table_.resolve(row, in.offset, length, &worker.runs);
  }
  if (length > 0) return readMapped(worker, request, in.offset, length);
  if (!staged) return reply(worker.fd, header.unique, 0);
  worker.out.resize(wanted);
  const ssize_t done = in.offset > INT64_MAX - kMaxData ? 0 : staged->read(worker.out.data(), wanted, in.offset);
  if (done < 0) return reply(worker.fd, header.unique, static_cast<int>(-done));
  reply(worker.fd, header.unique, 0, worker.out.data(), static_cast<size_t>(done));
}

void Session::readMapped(Worker& worker, const Request& request, uint64_t offset, uint64_t length) {
  const uint64_t unique = request.header().unique;
  const uint64_t node = request.header().node;
  if (!requireIntact()) return reply(worker.fd, unique, EIO);
  std::vector<std::shared_ptr<Mapping>> mappings;  // kept alive while the kernel reads
  mappings.reserve(worker.runs.size());
  {
    const std::shared_lock<std::shared_mutex> lock(table_.mutex());
    for (const Run& run : worker.runs) mappings.push_back(table_.device(run.device));
  }
  worker.parts.clear();
  uint64_t at = offset;
  for (size_t i = 0; i < worker.runs.size(); i++) {
    const Run& run = worker.runs[i];
    const Mapping* mapping = mappings[i].get();
    uint64_t faulted = run.offset;
    if (!isInside(mapping, run) || (mapping->isShared() && !refresh(*mapping, run, &faulted))) {
      tellFault("READ_FAULT", node, at + (faulted - run.offset), run.device, faulted, EIO);
      return reply(worker.fd, unique, EIO);
    }
    worker.parts.push_back({mapping->base + run.offset, run.length});
    at += run.length;
  }
  // Nothing is faulted in before: the kernel looks up each page anyway, and a fault in a system call costs no trap.
  // More parts than one writev takes, which happens with the smallest chunks: their runs are joined below
  constexpr size_t kMostParts = 1000;
  const auto sendMemory = [&] {
    return worker.parts.size() > kMostParts ? EFAULT : send(worker.fd, unique, 0, worker.parts.data(), worker.parts.size());
  };
  int error = Pipe::kNotSent;
  if (fitsPipe(worker, length, mappings)) {
    const size_t way = worker.way.choose();
    error = worker.way.measure(way, length, [&] { return way == 0 ? sendFiles(worker, unique, length) : sendMemory(); });
  }
  if (error == Pipe::kNotSent) error = sendMemory();
  if (error != EFAULT) return;
  // The kernel could not read all of the memory, or was not given it: find out which part
  worker.out.resize(length);
  at = 0;
  for (size_t i = 0; i < worker.runs.size(); i++) {
    const Run& run = worker.runs[i];
    uint64_t faulted = run.offset;
    if (mappings[i]->prefault) mappings[i]->prefault->prepare(run.offset, run.length, false);
    if (!probe(*mappings[i], run, &faulted)) {
      tellFault("READ_FAULT", node, offset + at + (faulted - run.offset), run.device, faulted, EIO);
      return reply(worker.fd, unique, EIO);
    }
    const uint8_t* from = mappings[i]->base + run.offset;
    uint8_t* to = worker.out.data() + at;
    const size_t count = run.length;
    if (!mappings[i]->touch(run.offset, run.length, &faulted, [=] { std::memcpy(to, from, count); }))
      return reply(worker.fd, unique, EIO);
    at += run.length;
  }
  reply(worker.fd, unique, 0, worker.out.data(), length);
}

bool Session::fitsPipe(Worker& worker, uint64_t length, const std::vector<std::shared_ptr<Mapping>>& mappings) const {
  // Fewer bytes take less time than the two further system calls
  constexpr uint64_t kFewBytes = uint64_t{64} << 10;
  if (length < kFewBytes || worker.pipe.pages() == 0) return false;
  worker.fileParts.clear();
  for (size_t i = 0; i < worker.runs.size(); i++) {
    if (mappings[i]->isShared()) return false;
    worker.fileParts.push_back({mappings[i]->fd, worker.runs[i].offset, worker.runs[i].length});
  }
  return worker.pipe.hasRoom(worker.fileParts.data(), worker.fileParts.size());
}

int Session::sendFiles(Worker& worker, uint64_t unique, uint64_t length) {
  const OutHeader header = {static_cast<uint32_t>(sizeof header + length), 0, unique};
  return worker.pipe.send(header, worker.fileParts.data(), worker.fileParts.size());
}

void Session::write(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  const auto answer = [&](int error) { reply(worker.fd, header.unique, error); };
  WriteIn in;
  const uint8_t* bytes;
  if (!request.take(&in) || !request.takeBytes(in.size, &bytes)) return answer(EINVAL);
  if (in.offset > INT64_MAX - kMaxData) return answer(EFBIG);
  if (!options_.writes) return answer(EROFS);
  for (;;) {
    std::shared_ptr<Staged> staged;
    uint64_t length = in.size;
    {
      const std::shared_lock<std::shared_mutex> lock(table_.mutex());
      const uint32_t row = table_.rowOf(header.node);
      if (row == kNone) return answer(ESTALE);
      const Node& node = table_.node(row);
      if (node.kind == Kind::kDirectory) return answer(EISDIR);
      staged = table_.staged(row);
      if (!staged) {
        if ((node.flags & kSealed) != 0) return answer(EPERM);
        // The size is fixed: bytes beyond it are cut off, and a write that begins there is refused
        if (length > 0 && in.offset >= node.size) return answer(EPERM);
        length = std::min(length, length == 0 ? 0 : node.size - in.offset);
        if (length > 0) table_.resolve(row, in.offset, length, &worker.runs);
      }
    }
    WriteOut out = {static_cast<uint32_t>(length), 0};
    if (staged) {
      const ssize_t done = staged->write(bytes, in.size, in.offset);
      if (done == kMoved) continue;  // it was placed meanwhile
      if (done < 0) return answer(static_cast<int>(-done));
      out.size = static_cast<uint32_t>(done);
    } else if (length > 0) {
      const int error = writeMapped(worker, header.node, bytes, in.offset, length);
      if (error != 0) return answer(error);
    }
    return reply(worker.fd, header.unique, 0, &out, sizeof out);
  }
}

int Session::writeMapped(Worker& worker, uint64_t node, const uint8_t* bytes, uint64_t offset, uint64_t length) {
  (void)length;
  if (!requireIntact()) return EIO;
  for (const Run& run : worker.runs) {
    std::shared_ptr<Mapping> mapping;
    {
      const std::shared_lock<std::shared_mutex> lock(table_.mutex());
      mapping = table_.device(run.device);
    }
    if (mapping && !mapping->writable) return EROFS;
    uint64_t faulted = run.offset;
    bool stored = isInside(mapping.get(), run);
    if (stored) {
      if (mapping->prefault) mapping->prefault->prepare(run.offset, run.length, true);
      uint8_t* to = mapping->base + run.offset;
      const size_t count = run.length;
      stored = mapping->touch(run.offset, run.length, &faulted, [=] { copyToMemory(to, bytes, count); });
      if (mapping->prefault) mapping->prefault->settle(run.offset, run.length, true);
    }
    if (!stored) {
      tellFault("WRITE_FAULT", node, offset + (faulted - run.offset), run.device, faulted, EIO);
      return EIO;
    }
    bytes += run.length;
    offset += run.length;
  }
  fullFence();
  return 0;
}

// Every write has reached memory before it is answered; only staged files still have to get there.
void Session::fsync(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  bool staged;
  {
    const std::shared_lock<std::shared_mutex> lock(table_.mutex());
    const uint32_t row = table_.rowOf(header.node);
    staged = row != kNone && table_.staged(row) != nullptr;
  }
  if (!staged) return reply(worker.fd, header.unique, 0);
  pass(worker, request, {header.unique, kFsync, header.node, header.uid, header.gid, {}, {}, {}});
}

void Session::fsyncdir(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  if (!options_.creates) return reply(worker.fd, header.unique, 0);
  pass(worker, request, {header.unique, kFsyncdir, header.node, header.uid, header.gid, {}, {}, {}});
}

void Session::lseek(Worker& worker, Request& request) {
  const InHeader& header = request.header();
  LseekIn in;
  if (!request.take(&in)) return reply(worker.fd, header.unique, EINVAL);
  uint64_t size;
  {
    const std::shared_lock<std::shared_mutex> lock(table_.mutex());
    const uint32_t row = table_.rowOf(header.node);
    if (row == kNone) return reply(worker.fd, header.unique, ESTALE);
    size = table_.sizeOf(row);
  }
  if (in.whence != SEEK_DATA && in.whence != SEEK_HOLE) return reply(worker.fd, header.unique, EINVAL);
  if (in.offset >= size) return reply(worker.fd, header.unique, ENXIO);
  const LseekOut out = {in.whence == SEEK_DATA ? in.offset : size};  // there are no holes
  reply(worker.fd, header.unique, 0, &out, sizeof out);
}

}  // namespace famfs::fuse
