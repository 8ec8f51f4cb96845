// How a job is cut up: the pieces cover all segments, each byte once, none across a boundary; and faults that are reported for
// pieces come out sorted by file offset and joined. No memory is touched, so none is allocated.
#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <tuple>

#include "input.h"
#include "operation.h"

namespace famfs {
namespace {

constexpr uint64_t kMostOffset = (uint64_t{1} << 53) - 1;
constexpr uint64_t kMostLength = uint64_t{20} << 20;

// Records its pieces, and reports faults in bytes that the input chooses.
class Note : public Operation {
 public:
  Note(Input& input, bool ordered) : input_(input), ordered_(ordered) {}

  bool isOrdered() const override { return ordered_; }
  void begin(Worker&, const Piece& block) override { blocks.push_back(block); }

  void run(Worker& worker, const Piece& piece) override {
    pieces.push_back(piece);
    worker.job.addBytes(piece.length);
    if (input_.below(4) != 0) return;
    const uint64_t from = input_.below(2) == 0 ? 0 : input_.number(piece.length - 1);
    const uint64_t length = input_.below(2) == 0 ? piece.length - from : 1 + input_.number(piece.length - from - 1);
    const Piece bad = {piece.device, piece.offset + from, piece.fileOffset + from, length};
    reported.push_back(bad);
    worker.report(bad, false, false, "SIGBUS", 0);
  }

  std::vector<Piece> blocks;
  std::vector<Piece> pieces;
  std::vector<Piece> reported;

 private:
  Input& input_;
  bool ordered_;
};

// Gives the test access to private parts of the job.
class Borrowed : public Operation {
 public:
  explicit Borrowed(Note& note) : note_(note) {}
  bool isOrdered() const override { return note_.isOrdered(); }
  void begin(Worker& worker, const Piece& block) override { note_.begin(worker, block); }
  void run(Worker& worker, const Piece& piece) override { note_.run(worker, piece); }

 private:
  Note& note_;
};

std::vector<Piece> takeSegments(Input& input, uint32_t devices) {
  std::vector<Piece> segments;
  uint64_t fileOffset = 0;
  uint64_t left = kMostLength;
  while (!input.isEmpty() && segments.size() < 40 && left > 0) {
    const auto device = static_cast<uint32_t>(input.below(devices));
    const uint64_t length = input.number(std::min(left, input.below(3) == 0 ? kMostLength : uint64_t{200'000}));
    const uint64_t offset = input.below(2) == 0 ? std::min(input.edge(), kMostOffset - length) : input.number(kMostOffset - length);
    if (input.below(4) == 0) fileOffset = std::min(input.edge(), kMostOffset - kMostLength);
    segments.push_back({device, offset, fileOffset, length});
    fileOffset = std::min(fileOffset + length, kMostOffset - kMostLength);
    left -= length;
  }
  return segments;
}

// On one thread the pieces come in the order of the segments, and each segment from start to end
void checkCut(const std::vector<Piece>& segments, const std::vector<Piece>& cuts, uint64_t most, bool aligned) {
  size_t at = 0;
  for (const Piece& segment : segments) {
    for (uint64_t done = 0; done < segment.length; at++) {
      must(at < cuts.size());
      const Piece& cut = cuts[at];
      must(cut.device == segment.device && cut.offset == segment.offset + done && cut.fileOffset == segment.fileOffset + done);
      must(cut.length > 0 && cut.length <= most && cut.length <= segment.length - done);
      if (aligned) must(cut.offset / most == (cut.offset + cut.length - 1) / most);
      done += cut.length;
    }
  }
  must(at == cuts.size());
}

bool continues(const Piece& a, const Piece& b) {
  return a.device == b.device && a.offset + a.length == b.offset && a.fileOffset + a.length == b.fileOffset;
}

// The same bytes in as few pieces as possible, however they were cut and however often they were listed
std::vector<Piece> merge(std::vector<Piece> pieces) {
  const auto key = [](const Piece& piece) { return std::make_tuple(piece.device, piece.fileOffset - piece.offset, piece.offset); };
  std::sort(pieces.begin(), pieces.end(), [&](const Piece& a, const Piece& b) { return key(a) < key(b); });
  std::vector<Piece> merged;
  for (const Piece& piece : pieces) {
    Piece* last = merged.empty() ? nullptr : &merged.back();
    if (last != nullptr && std::get<0>(key(*last)) == std::get<0>(key(piece)) && std::get<1>(key(*last)) == std::get<1>(key(piece)) &&
        piece.offset <= last->offset + last->length) {
      last->length = std::max(last->length, piece.offset + piece.length - last->offset);
    } else {
      merged.push_back(piece);
    }
  }
  return merged;
}

bool isSame(const Piece& a, const Piece& b) {
  return a.device == b.device && a.offset == b.offset && a.fileOffset == b.fileOffset && a.length == b.length;
}

uint64_t sum(const std::vector<Piece>& pieces) {
  uint64_t sum = 0;
  for (const Piece& piece : pieces) sum += piece.length;
  return sum;
}

// The reported bytes, sorted by file offset, neighbours joined
void checkFaults(const std::vector<Fault>& faults, const std::vector<Piece>& reported) {
  std::vector<Piece> found;
  for (const Fault& fault : faults) {
    must(found.empty() || (found.back().fileOffset <= fault.where.fileOffset && !continues(found.back(), fault.where)));
    found.push_back(fault.where);
  }
  must(sum(found) == sum(reported));
  const std::vector<Piece> a = merge(found);
  const std::vector<Piece> b = merge(reported);
  must(std::equal(a.begin(), a.end(), b.begin(), b.end(), isSame));
}

void check(Input& input) {
  JobOptions options;
  options.threads = 1;
  options.keepGoing = true;
  const uint32_t devices = 1 + static_cast<uint32_t>(input.below(3));
  const bool ordered = input.below(2) == 0;
  std::vector<std::shared_ptr<Mapping>> mappings;
  for (uint32_t i = 0; i < devices; i++) mappings.push_back(std::make_shared<Mapping>());
  const size_t half = input.below(200);
  Input forSegments = input.take(half);
  const std::vector<Piece> segments = takeSegments(forSegments, devices);
  Note note(input, ordered);
  Job job(mappings, segments, std::make_unique<Borrowed>(note), options);
  sigset_t before;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  job.run();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  must(job.bytes() == sum(segments));
  checkCut(segments, note.blocks, uint64_t{4} << 20, false);
  checkCut(segments, note.pieces, kPieceSize, true);
  checkFaults(job.faults(), note.reported);
}

}  // namespace
}  // namespace famfs

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t length) {
  famfs::Input input(bytes, length);
  famfs::check(input);
  return 0;
}
