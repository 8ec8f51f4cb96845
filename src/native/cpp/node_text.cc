#include "node_text.h"

#include <algorithm>

#include "node_rows.h"
#include "text_batch.h"

namespace famfs {

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
  TextBatch batch(texts, kNodeColumns, text);
  // the paths of all rows are consecutive
  const uint8_t* names = paths.bytes(0);
  batch.form().names = names;
  batch.form().nameLength = static_cast<size_t>(paths.bytes(paths.count() - 1) - names) + paths.length(paths.count() - 1);
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
    if (form == last || !isPlain(path + start, length - start, forms.plain)) {
      *stop = TextStop::kOther;
      break;
    }
    double* record = batch.add();
    record[kProgram] = form->program;
    record[kNameStart] = static_cast<double>(path + start - names);
    record[kNameEnd] = static_cast<double>(path + length - names);
    record[kImageStart] = record[kImageEnd] = record[kFirstRow] = record[kRowCount] = 0;
    double* values = record + kRecordColumns;
    values[0] = static_cast<double>(node.size);
    values[1] = node.mode;
    values[2] = node.uid;
    values[3] = node.gid;
    values[4] = node.slot;
    if (!batch.isFull()) continue;
    if (!batch.print()) return false;
    if (text->size() >= most) {
      *stop = TextStop::kFull;
      ++*next;
      break;
    }
  }
  return batch.print();
}

}  // namespace famfs
