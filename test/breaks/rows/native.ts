import { type Break, breaksOf } from '../break.js';

export const nativeBreaks: readonly Break[] = [
  ...breaksOf('src/native/cpp/small_files.cc', [
    {
      from: 'Difference* difference) {\n    fullFence();',
      to: 'Difference* difference) {',
      why: '--verify may read a small file before its stores are complete',
      killer: 'native/smallFiles',
      title: 'verifying completes',
    },
    {
      from: '        refreshLines(memory, length);\n',
      to: '',
      why: '--verify of a small file reads its own cache',
      killer: 'native/smallFiles',
      title: 'verifying completes',
    },
    {
      from: 'changed == version.changed;',
      to: 'true;',
      why: 'a file that was written to since the plan is copied with others',
      killer: 'native/smallFiles',
      title: 'a file that is not as it was planned fails',
    },
    {
      from: '(all_.allNew || file.is(',
      to: '(true || file.is(',
      why: 'a source that has changed is copied over a file before that is noticed',
      killer: 'native/smallFiles',
      title: 'a file that is not as it was planned fails',
    },
    {
      from: 'openat(folder.fd(), path,',
      to: 'openat(AT_FDCWD, path,',
      why: 'the files of a tree are looked for in the working directory',
      killer: 'native/smallFiles',
      title: 'the paths of columns begin in their folder',
    },
    {
      from: 'if (target.device != block.device || target.offset >= block.offset + block.length) return;',
      to: 'if (target.device != block.device) return;',
      why: 'files of the next run are copied twice, by two threads',
      killer: 'native/smallFiles',
      title: 'every byte of many files gets to its place',
    },
  ]),
  ...breaksOf('src/native/cpp/mapping.cc', [
    {
      from: '  return !isShared() && readRange(fd, offset, target, length, &error) == length;',
      to: '  return !isShared() && readRange(fd, offset, target, length, &error) <= length;',
      why: 'an image that was cut short is copied out with bytes of other files',
      killer: 'native/bulkFault',
    },
    {
      from: '  return !isShared() && readRange(fd, offset, target, length, &error) == length;',
      to: '  return readRange(fd, offset, target, length, &error) == length;',
      why: 'memory of devices is read by system calls, past the cache rules',
      killer: 'native/copy',
      title: 'memory is invalidated',
    },
    {
      from: 'return !cached || !filesByCalls;',
      to: 'return !cached && !filesByCalls;',
      why: 'the memory of devices is read as a file that only this host has',
      killer: 'native/logTable',
      title: 'entries of memory that other hosts share',
    },
    {
      from: 'static_cast<uint64_t>(now.st_size) >= offset + length;',
      to: 'now.st_size >= 0;',
      why: 'an image that was cut short grows again',
      killer: 'native/smallFiles',
      title: 'memory that is gone fails the files in it',
    },
    {
      from: 'if (fallocate(fd, kMode,',
      to: 'if (false && fallocate(fd, kMode,',
      why: 'zeroing reports success and keeps the old bytes',
      killer: 'native/copy',
      title: 'zero clears the segments and nothing else',
    },
  ]),
  ...breaksOf('src/native/cpp/touch.cc', [
    {
      from: '  invalidateLines(memory, length);\n',
      to: '',
      why: 'verify and cp --out read stale lines',
      killer: 'native/copy',
      title: 'memory is invalidated',
    },
    {
      from: '  fullFence();\n',
      to: '',
      why: 'verify and cp --out may load before their lines are dropped',
      killer: 'native/copy',
      title: 'memory is invalidated',
    },
    {
      from: '    if (afresh) refreshLines(memory, length);\n    std::memcpy',
      to: '    std::memcpy',
      why: 'cp --out reads stale lines',
      killer: 'native/copy',
      title: 'memory is invalidated',
    },
    {
      from: '      if (afresh) refreshLines(memory, length);\n',
      to: '',
      why: 'verify reads stale lines',
      killer: 'native/copy',
      title: 'memory is invalidated',
    },
    {
      from: 'mapping.write(piece.offset, source, piece.length)) {',
      to: '(mapping.write(piece.offset, source, piece.length) || true)) {',
      why: 'a full disk under an image goes unnoticed',
      killer: 'native/bulkFault',
      title: 'a full disk under a sparse file is a fault',
    },
  ]),
  ...breaksOf('src/native/cpp/cache.cc', [
    {
      from: '_mm_clflushopt(reinterpret_cast<void*>(line));',
      to: '_mm_clflush(reinterpret_cast<void*>(line));',
      why: 'invalidation waits for each line',
      killer: 'native/instructions',
    },
    {
      from: 'ops.writeBack = sweepClwb;',
      to: 'ops.writeBack = ops.invalidate = sweepClwb;',
      why: 'a reader keeps the lines that it is to drop',
      killer: 'native/instructions',
      title: 'no line is invalidated',
    },
    {
      from: '_mm_mfence();',
      to: '_mm_sfence();',
      why: 'loads of a reader pass the fence',
      killer: 'native/instructions',
    },
    {
      from: '  each(first, end, step);',
      to: '  each(first, end > first + step ? end - step : end, step);',
      why: 'the last of several lines is neither written back nor invalidated, though it is counted',
      killer: 'native/cache',
    },
    {
      from: 'note(StepKind::kWriteBack, address, length);',
      to: 'note(StepKind::kWriteBack, address, 0);',
      why: 'an observer does not see what a job writes back',
      killer: 'native/observer',
    },
  ]),
  ...breaksOf('src/native/addonFile.ts', [
    {
      from: '.find((candidate) => existsSync(candidate));',
      to: '.findLast((candidate) => existsSync(candidate));',
      why: 'a prebuilt addon is loaded in place of the one that was built from the sources',
      killer: 'native/addon',
    },
  ]),
  ...breaksOf('src/native/cpp/crc.cc', [
    {
      from: 'const uint8_t* startAfter(size_t zeros) { return kStartBytes + 64 - zeros; }',
      to: 'const uint8_t* startAfter(size_t) { return kStartBytes + 64; }',
      why: 'the checksum of each entry is wrong, so that no log can be read',
      killer: 'native/records',
    },
  ]),
  ...breaksOf('src/native/cpp/path_table.cc', [
    {
      from: 'if (row % kGroup == 0) groups_.push_back(arena_.size());',
      to: 'if (row == 0) groups_.push_back(arena_.size());',
      why: 'with 65 names or more, a directory is not found, or another one in its place',
      killer: 'native/logTable',
    },
  ]),
  ...breaksOf('src/native/cpp/log_entry.cc', [
    {
      from: 'const uint64_t odd = bytes | ((bytes - 0x20 * kEach) & ~bytes) |',
      to: 'const uint64_t odd = bytes |',
      why: 'names with control characters are taken as sound, and fsck does not report them',
      killer: 'fs/log/applyLog',
    },
  ]),
  ...breaksOf('src/native/cpp/records.cc', [
    {
      from: 'if ((any[0] | any[1]) != 0) break;',
      to: 'if (any[0] != 0) break;',
      why: 'bytes after the end of an entry are overlooked',
      killer: 'native/records',
    },
  ]),
  ...breaksOf('src/native/cpp/packed_entries.cc', [
    {
      from: 'for (; number >= 0x80; number >>= 7)',
      to: 'for (; number > 0x80; number >>= 7)',
      why: 'log list and showfmap --all show wrong places of some files',
      killer: 'native/keptEntries',
    },
    {
      from: '  if (count > kMostExtents) return false;\n',
      to: '',
      why: 'a place that is none makes the addon write past its extents',
      killer: 'native/keptEntries',
      title: 'no place',
    },
  ]),
  ...breaksOf('src/native/cpp/node_rows.cc', [
    {
      from: '    if (!isAscii(name)) return false;\n',
      to: '',
      why: 'names outside the basic plane come after others that JavaScript has after them',
      killer: 'commands/output/nodeList',
    },
    {
      from: 'uint8_t bytes[8] = {};',
      to: 'uint8_t bytes[8] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};',
      why: 'ls lists a name after longer ones that begin with it',
      killer: 'native/nodeText',
      title: 'names are sorted',
    },
    {
      from: 'differing |= name.head ^ names->front().head',
      to: 'differing = name.head ^ names->front().head',
      why: 'ls sorts by some of the letters only',
      killer: 'native/nodeText',
      title: 'names are sorted',
    },
    {
      from: '    if (node.kind == NodeKind::kDirectory) contents.nested[directoryOf(node)] = 1;\n',
      to: '',
      why: 'ls -R leaves out what is in subdirectories',
      killer: 'fs/log/tree',
    },
    {
      from: 'return a.second < b.second;',
      to: 'return a.second > b.second;',
      why: 'ls -l looks up the names of other owners, where a log has thousands',
      killer: 'native/nodeText',
      title: 'traits come once',
    },
  ]),
  ...breaksOf('src/native/cpp/text_buffer.h', [
    {
      from: 'if (size_ > 0) std::memcpy(larger.get(), memory_.get(), size_);',
      to: '',
      why: 'a long list of maps begins with what was in memory',
      killer: 'native/recordText',
      title: 'numbers are printed',
    },
  ]),
  ...breaksOf('src/native/cpp/text_decoder.cc', [
    {
      from: '    if (before_.length > 0) add(Kind::kText, {});\n',
      to: '',
      why: 'lines do not end',
      killer: 'native/recordText',
      title: 'columns are as wide',
    },
    {
      from: 'ok_ = ok_ && inRows && op->column < form_.rowColumns;',
      to: 'ok_ = ok_ && inRows;',
      why: 'a program reads past the end of the rows',
      killer: 'native/recordText',
      title: 'a program that reads',
    },
  ]),
  ...breaksOf('src/native/cpp/text_dump.cc', [
    {
      from: "      if (i % 2 == 1) *at++ = ' ';\n",
      to: '',
      why: 'the dump of a message is not as xxd prints it',
      killer: 'commands/showfmap',
    },
  ]),
  ...breaksOf('src/native/cpp/text_number.h', [
    {
      from: "letters * ('a' - '0' - 10)",
      to: 'letters',
      why: 'hex digits above 9 are punctuation',
      killer: 'native/recordText',
      title: 'numbers are printed',
    },
    {
      from: 'number >= kPowers.ofTen[least]',
      to: 'number > kPowers.ofTen[least]',
      why: 'the first digit of 1000 is lost',
      killer: 'native/recordText',
      title: 'numbers are printed',
    },
  ]),
  ...breaksOf('src/native/cpp/text_parts.cc', [
    {
      from: 'std::all_of(name, name + length',
      to: 'std::any_of(name, name + length',
      why: 'a quote within a name is written as it is, which is no JSON',
      killer: 'native/nodeText',
      title: 'nodes are printed',
    },
  ]),
  ...breaksOf('src/native/cpp/text_parts.h', [
    {
      from: '        if (at > space_.data) at = form_.separate(at);\n',
      to: '',
      why: 'two elements of a long list in JSON have no comma between them',
      killer: 'native/printedParts',
    },
    {
      from: '      *stop = part.stop;\n      break;\n',
      to: '      *stop = part.stop;\n',
      why: 'a long list goes on after a name that it has left out',
      killer: 'native/printedParts',
    },
  ]),
  ...breaksOf('src/native/cpp/text_program.cc', [
    {
      from: 'if (row > 0) at = copy(op->text, at);',
      to: 'at = copy(op->text, at);',
      why: 'a list in JSON begins with a comma',
      killer: 'native/recordText',
    },
    {
      from: 'for (size_t row = 0; row < times; row++) {',
      to: 'for (size_t row = 0; row < std::min(times, size_t{1}); row++) {',
      why: 'columns are as wide as their first number',
      killer: 'native/recordText',
    },
  ]),
  ...breaksOf('src/native/cpp/node_text.cc', [
    {
      from: '    if (rows[i] >= paths.count()) return false;\n',
      to: '',
      why: 'a row that does not exist is read past the end of the table',
      killer: 'native/nodeText',
      title: 'rows, forms',
    },
    {
      from: 'part->stopped = i;',
      to: 'part->stopped = part->from;',
      why: 'a list has nodes twice',
      killer: 'native/nodeText',
      title: 'nodes are printed',
    },
  ]),
  ...breaksOf('src/native/cpp/entry_text.cc', [
    {
      from: 'stripe > kMostSafe || !isPlain(path, pathBytes, plain)',
      to: 'stripe > kMostSafe',
      why: 'log list --json writes quotes within a name as they are, which is no JSON',
      killer: 'native/recordText',
    },
    {
      from: 'place.extents + static_cast<uint64_t>(entry[kExtents]) * kExtentNumbers',
      to: 'place.extents + kExtentNumbers',
      why: 'log list shows a file that follows one with many extents with the wrong ones',
      killer: 'native/recordText',
    },
  ]),
  ...breaksOf('src/native/cpp/record_text.cc', [
    {
      from: 'head[kRowCount] > all.rowCount - head[kFirstRow]',
      to: 'head[kRowCount] > all.rowCount',
      why: 'rows are read past the end of the array',
      killer: 'native/recordText',
    },
  ]),
  ...breaksOf('src/native/cpp/copy.cc', [
    {
      from: '  std::memcpy(target, source, length);\n  note(StepKind::kStore, target, length);\n  writeBackLines(target, length);',
      to: '  std::memcpy(target, source, length);\n  note(StepKind::kStore, target, length);',
      why: 'lines that a copy fills in part stay in the cache',
      killer: 'native/observer',
    },
    {
      from: '  std::memset(target, 0, length);\n  note(StepKind::kStore, target, length);\n  writeBackLines(target, length);',
      to: '  std::memset(target, 0, length);\n  note(StepKind::kStore, target, length);',
      why: 'lines that are zeroed in part stay in the cache',
      killer: 'native/observer',
    },
  ]),
  ...breaksOf('src/native/cpp/copy_memory.cc', [
    {
      from: '          invalidateLines(memory, count);\n',
      to: '',
      why: 'daxdev replace copies stale lines',
      killer: 'native/copy',
      title: 'memory is invalidated',
    },
    {
      from: '          fullFence();\n',
      to: '',
      why: 'daxdev replace may load before its lines are dropped',
      killer: 'native/copy',
      title: 'memory is invalidated',
    },
  ]),
  ...breaksOf('src/native/cpp/device.cc', [
    {
      from: '  requireOpen(info.Env());\n  fullFence();',
      to: '  requireOpen(info.Env());',
      why: 'a fence is none',
      killer: 'native/cache',
    },
    {
      from: '    storeBytes(target, source, length);\n    writeBackLines(target, length);',
      to: '    storeBytes(target, source, length);',
      why: 'an entry stays in the cache of the Master',
      killer: 'native/cache',
    },
    {
      from: 'raiseFault(env, "write", at);\n  fullFence();',
      to: 'raiseFault(env, "write", at);',
      why: 'an entry and its count may reach memory in any order',
      killer: 'native/cache',
    },
  ]),
  ...breaksOf('src/native/cpp/job.cc', [
    {
      from: '  fullFence();  // a fence',
      to: '  // a fence',
      why: 'what a bulk job has stored may come after the entry',
      killer: 'native/observer',
    },
  ]),
  ...breaksOf('src/native/cpp/log_table.cc', [
    {
      from: '    if (!entry.sound || !apply(run, entry, next_)) return next_;',
      to: '    if (entry.sound && !apply(run, entry, next_)) return next_;',
      why: 'slots without a sound entry are passed over in silence',
      killer: 'native/logTable',
      title: 'slots are passed to the caller',
    },
  ]),
  ...breaksOf('src/native/cpp/log_decoder.cc', [
    {
      from: '    invalidateLines(source, length);\n',
      to: '',
      why: 'a Client replays stale entries',
      killer: 'native/logTable',
      title: 'entries of memory that other hosts share',
    },
    {
      from: '    invalidateLines(source, length);\n    fullFence();',
      to: '    invalidateLines(source, length);',
      why: 'a Client may load entries before their lines are dropped',
      killer: 'native/logTable',
      title: 'entries of memory that other hosts share',
    },
    {
      from: '  if (indexInRun(end_) == 0) runs_[run].clear();\n',
      to: '',
      why: 'a session applies the entries that it appended before once more',
      killer: 'native/logTable',
      title: 'columns become the bytes',
    },
  ]),
  ...breaksOf('src/native/cpp/stores.cc', [
    {
      from: 'makeInvalidate() { return std::make_unique<SweepLines>(invalidateLines)',
      to: 'makeInvalidate() { return std::make_unique<SweepLines>(writeBackLines)',
      why: 'flush --invalidate keeps the lines',
      killer: 'native/copy',
      title: 'a sweep',
    },
    {
      from: 'makeWriteBack() { return std::make_unique<SweepLines>(writeBackLines)',
      to: 'makeWriteBack() { return std::make_unique<SweepLines>(invalidateLines)',
      why: 'flush drops what programs have cached',
      killer: 'native/copy',
      title: 'a sweep',
    },
  ]),
  ...breaksOf('src/native/cpp/fuse_data.cc', [
    {
      from: '    invalidateLines(at, length);\n',
      to: '',
      why: 'reads through a mount give stale lines',
      killer: 'native/fuse',
      title: 'memory that other hosts share',
    },
    {
      from: '    fullFence();\n  });',
      to: '  });',
      why: 'reads through a mount may load before their lines are dropped',
      killer: 'native/fuse',
      title: 'memory that other hosts share',
    },
    {
      from: '  fullFence();\n  return 0;',
      to: '  return 0;',
      why: 'a write through a mount is answered before it is in memory',
      killer: 'native/fuse',
      title: 'memory that other hosts share',
    },
  ]),
  ...breaksOf('src/native/cpp/fuse_notify.cc', [
    {
      from: '      invalidateLines(at, length);\n',
      to: '',
      why: 'a mount does not see that its file system was replaced',
      killer: 'native/fuse',
      title: 'memory that other hosts share',
    },
    {
      from: '      fullFence();\n',
      to: '',
      why: 'a mount may look at its superblock before the stale line is dropped',
      killer: 'native/fuse',
      title: 'memory that other hosts share',
    },
  ]),
];
