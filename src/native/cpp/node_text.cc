#include "node_text.h"

#include <algorithm>
#include <vector>

#include "node_rows.h"
#include "text_program.h"

namespace famfs {
namespace {

uint32_t rowOf(uint32_t given) { return given & ~kHeading; }

bool isHeading(uint32_t given) { return (given & kHeading) != 0; }

// The forms with their programs, which are decoded when a node needs them first: there may be hundreds.
class Programs {
 public:
  Programs(const TextForm& form, const NodeForms& forms)
      : form_(form), forms_(forms), programs_(forms.count), isDecoded_(forms.count, false) {}

  size_t none() const { return forms_.count; }

  // The first form that fits a node, or none().
  size_t find(const Node& node, bool heading) const {
    const NodeForm* const end = forms_.forms + forms_.count;
    const auto fits = [&](const NodeForm& each) { return each.heading == heading && each.fits(node); };
    return static_cast<size_t>(std::find_if(forms_.forms, end, fits) - forms_.forms);
  }

  // False for a program that leaves its bounds.
  bool decode(size_t index) {
    if (isDecoded_[index]) return true;
    isDecoded_[index] = true;
    return programs_[index].decode(form_, forms_.forms[index].program);
  }

  const NodeForm& form(size_t index) const { return forms_.forms[index]; }
  // It must be decoded.
  const TextProgram& program(size_t index) const { return programs_[index]; }

 private:
  const TextForm& form_;
  const NodeForms& forms_;
  std::vector<TextProgram> programs_;
  std::vector<bool> isDecoded_;
};

// Finds forms for nodes that follow each other, most of which are like the one before.
class Finder {
 public:
  explicit Finder(const Programs& programs) : programs_(programs), index_(programs.none()) {}

  size_t find(const Node& node, bool heading) {
    if (heading) return programs_.find(node, true);
    if (last_ == nullptr || !isLike(node, *last_)) index_ = programs_.find(node, false);
    last_ = &node;
    return index_;
  }

 private:
  static bool isLike(const Node& a, const Node& b) { return a.kind == b.kind && a.mode == b.mode && a.uid == b.uid && a.gid == b.gid; }

  const Programs& programs_;
  const Node* last_ = nullptr;
  size_t index_;
};

// Prints a part whose rows are in the table, and whose programs are decoded.
void printPart(const TextForm& form, const NodeForms& forms, const Programs& programs, const LogTable& table, const uint32_t* rows,
               TextPart<size_t>* part) {
  const PathTable& paths = table.paths();
  Finder finder(programs);
  char* at = part->start;
  for (size_t i = part->from; i < part->end; i++) {
    const uint32_t row = rowOf(rows[i]);
    const Node& node = table.nodes()[row];
    const size_t index = finder.find(node, isHeading(rows[i]));
    const uint32_t start = programs.form(index).whole ? 0 : nameStart(table, row);
    const uint8_t* name = paths.bytes(row) + start;
    const uint32_t nameLength = paths.length(row) - start;
    if (!isPlain(name, nameLength, forms.plain)) {
      part->stopped = i;
      part->stop = TextStop::kOther;
      break;
    }
    const double numbers[kNodeNumbers] = {static_cast<double>(node.size), static_cast<double>(node.mode), static_cast<double>(node.uid),
                                          static_cast<double>(node.gid), static_cast<double>(node.slot)};
    if (at > part->start) at = form.separate(at);
    at = programs.program(index).print({numbers, name, nameLength, nullptr, 0, nullptr, 0}, at);
    if (at == nullptr) {
      part->failed = true;
      return;
    }
  }
  part->length = static_cast<size_t>(at - part->start);
}

}  // namespace

bool NodeForm::fits(const Node& node) const {
  const auto is = [](int64_t wanted, int64_t found) { return wanted == kAny || wanted == found; };
  return is(kind, static_cast<int64_t>(node.kind)) && is(mode, node.mode) && is(uid, node.uid) && is(gid, node.gid);
}

bool nodeText(const TextForm& form, const NodeForms& forms, const LogTable& table, const uint32_t* rows, size_t end, unsigned threads,
              const TextSpace& space, size_t* next, size_t* length, TextStop* stop) {
  const PathTable& paths = table.paths();
  *stop = TextStop::kEnd;
  *length = 0;
  if (*next > end) return false;
  Programs programs(form, forms);
  TextParts<size_t> parts(form, space);
  Finder finder(programs);
  for (size_t i = *next; i < end; i++) {
    const uint32_t row = rowOf(rows[i]);
    if (row >= paths.count()) return false;
    const size_t index = finder.find(table.nodes()[row], isHeading(rows[i]));
    if (index == programs.none()) {
      *stop = TextStop::kOther;
      break;
    }
    if (!programs.decode(index)) return false;
    if (parts.add(i, i + 1, programs.program(index).bound(paths.length(row), 0, 0))) continue;
    if (parts.isEmpty()) return false;
    *stop = TextStop::kFull;
    break;
  }
  const auto print = [&](TextPart<size_t>* part) { printPart(form, forms, programs, table, rows, part); };
  return parts.print(threads, print, next, stop, length);
}

}  // namespace famfs
