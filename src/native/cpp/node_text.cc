#include "node_text.h"

#include <algorithm>
#include <vector>

#include "node_rows.h"

namespace famfs {
namespace {

// Nodes whose numbers are gathered before they are printed: they stay in the first-level cache.
constexpr size_t kAtOnce = 128;

}  // namespace

bool NodeForm::fits(const Node& node) const {
  const auto is = [](int64_t wanted, int64_t found) { return wanted == kAny || wanted == found; };
  return is(kind, static_cast<int64_t>(node.kind)) && is(mode, node.mode) && is(uid, node.uid) && is(gid, node.gid);
}

bool nodeText(const TextRecords& texts, const NodeForms& forms, const LogTable& table, const uint32_t* rows, size_t end, size_t most,
              size_t* next, std::string* text, TextStop* stop) {
  const PathTable& paths = table.paths();
  *stop = TextStop::kEnd;
  if (*next >= end) return *next == end;
  if (paths.count() == 0) return false;
  TextRecords batch = texts;
  // the paths of all rows are consecutive
  batch.names = paths.bytes(0);
  batch.nameLength = static_cast<size_t>(paths.bytes(paths.count() - 1) - batch.names) + paths.length(paths.count() - 1);
  std::vector<double> numbers(kAtOnce * kNodeColumns);
  batch.numbers = numbers.data();
  batch.records = 0;
  bool first = true;
  const auto print = [&] {
    if (batch.records == 0) return true;
    if (!first) text->append(reinterpret_cast<const char*>(texts.separator), texts.separatorLength);
    first = false;
    const bool printed = recordText(batch, text);
    batch.records = 0;
    return printed;
  };
  const NodeForm* form = forms.forms;
  const NodeForm* const last = forms.forms + forms.count;
  for (; *next < end; ++*next) {
    const uint32_t row = rows[*next];
    if (row >= paths.count()) return false;
    const Node& node = table.nodes()[row];
    // that of the previous node is nearly always that of this one too
    if (form == last || !form->fits(node)) form = std::find_if(forms.forms, last, [&](const NodeForm& each) { return each.fits(node); });
    const uint32_t length = paths.length(row);
    const uint8_t* path = paths.bytes(row);
    const uint32_t start = form == last || form->whole ? 0 : nameStart(table, row);
    if (form == last || !std::all_of(path + start, path + length, [&](uint8_t byte) { return forms.plain[byte] != 0; })) {
      *stop = TextStop::kOther;
      break;
    }
    double* record = numbers.data() + batch.records * kNodeColumns;
    record[kProgram] = form->program;
    record[kNameStart] = static_cast<double>(path + start - batch.names);
    record[kNameEnd] = static_cast<double>(path + length - batch.names);
    record[kImageStart] = record[kImageEnd] = record[kFirstRow] = record[kRowCount] = 0;
    double* values = record + kRecordColumns;
    values[0] = static_cast<double>(node.size);
    values[1] = node.mode;
    values[2] = node.uid;
    values[3] = node.gid;
    values[4] = node.slot;
    if (++batch.records < kAtOnce) continue;
    if (!print()) return false;
    if (text->size() >= most) {
      *stop = TextStop::kFull;
      ++*next;
      break;
    }
  }
  return print();
}

}  // namespace famfs
