import { type Break, breaksOf } from '../break.js';

/** Memory, files, jobs and tables of the addon. */
export const nativeMemoryBreaks: readonly Break[] = [
  ...breaksOf('src/native/cpp/addon.cc', [
    {
      from: '  _exit(static_cast<int>(code));\n',
      to: '  _exit(code > 1);\n',
      why: 'scripts cannot tell wrong usage from a failure',
      killer: 'cli',
      title: 'exit codes reach',
    },
  ]),
  ...breaksOf('src/native/cpp/descriptors.cc', [
    {
      from: '  if (!S_ISFIFO(facts.st_mode)) return -1;\n',
      to: '',
      why: 'Ctrl-C does nothing while the reader at the other end of a socket is slow',
      killer: 'native/addon',
      title: 'what needs no reader',
    },
    {
      from: 'std::max<ssize_t>(written, 0)',
      to: 'written',
      why: 'output that cannot be written ends with an error of the program itself',
      killer: 'native/addon',
      title: 'what needs no reader',
    },
    {
      from: '(POLLERR | POLLHUP | POLLNVAL)',
      to: '(POLLHUP | POLLNVAL)',
      why: 'logplay --follow goes on although nobody reads any more',
      killer: 'native/addon',
      title: 'a descriptor has a reader',
    },
  ]),
  ...breaksOf('src/native/cpp/checks.cc', [
    {
      from: 'comparePiece(worker, piece, worker.buffer);',
      to: '',
      why: 'cp --verify finds every copy right',
      killer: 'native/copy',
      title: 'compare finds',
    },
  ]),
  ...breaksOf('src/native/cpp/copy_streams.cc', [
    {
      from: 'std::memset(worker.buffer + at, 0, length);',
      to: '{}',
      why: 'cat --skip-bad sends bytes of another place',
      killer: 'native/bulkFault',
      title: 'copyOutStream sends',
    },
  ]),
  ...breaksOf('src/native/cpp/folder.cc', [
    {
      from: 'if (name != "." && name != "..") {',
      to: '{',
      why: 'cp -r goes round in circles',
      killer: 'native/folder',
    },
  ]),
  ...breaksOf('src/native/cpp/from_file.cc', [
    {
      from: 'error == 0 ? "EUNDERRUN" : nullptr',
      to: 'nullptr',
      why: 'cp of a source that shrinks does not say why it fails',
      killer: 'native/copy',
      title: 'a source that shrinks',
    },
  ]),
  ...breaksOf('src/native/cpp/job_handle.cc', [
    {
      from: 'if (kind.writes && !mapping.writable)',
      to: 'if (false)',
      why: 'a copy to a device that is open for reading kills the process',
      killer: 'native/addon',
      title: 'C++ checks for itself the jobs',
    },
  ]),
  ...breaksOf('src/native/cpp/job_result.cc', [
    {
      from: 'fault.writing ? "write" : "read"',
      to: '"read"',
      why: 'an error calls a write a read',
      killer: 'native/copy',
      title: 'a failure of the file',
    },
  ]),
  ...breaksOf('src/native/cpp/jump.cc', [
    {
      from: '(bit % 64)) & 1)',
      to: '(bit % 63)) & 1)',
      why: 'verify --seed calls the end of a sound file wrong',
      killer: 'native/pattern',
      title: 'far into',
    },
  ]),
  ...breaksOf('src/native/cpp/pattern.cc', [
    {
      from: 'start_.s1 = splitmix64(seed);',
      to: 'start_.s1 = 1;',
      why: 'the pattern of --seed is another than that of the reference',
      killer: 'native/pattern',
      title: 'the pattern has',
    },
  ]),
  ...breaksOf('src/native/cpp/trace.cc', [
    {
      from: 'if (current != nullptr) current->add({kind, address, length});',
      to: '',
      why: 'the crash tests see no store of a job',
      killer: 'native/observer',
    },
  ]),
  ...breaksOf('src/native/nodeBatch.ts', [
    {
      from: 'numbers[at + 6] = chunk;',
      to: 'numbers[at + 6] = 0;',
      why: 'interleaved files of a mount have bytes of other files',
      killer: 'native/fuse',
      title: 'READ of',
    },
  ]),
  ...breaksOf('src/native/observer.ts', [
    {
      from: 'else current?.fence?.(undefined, thread);',
      to: '',
      why: 'the crash tests see no fence of a job',
      killer: 'native/observer',
    },
  ]),
  ...breaksOf('src/native/smallFiles.ts', [
    {
      from: 'versions[at++] = version.mtimeMs;',
      to: 'versions[at++] = 0;',
      why: 'cp says of every small file that it changed while it was copied',
      killer: 'native/smallFiles',
      title: 'every byte',
    },
    {
      from: 'return this.states[index] === DONE;',
      to: 'return true;',
      why: 'cp of many small files reports those as copied that failed',
      killer: 'fs/transfer/treeFiles',
    },
  ]),
  ...breaksOf('src/native/withResolvers.ts', [
    {
      from: 'settle = { resolve, reject };',
      to: 'settle = { resolve: (value) => reject(value), reject };',
      why: 'every copy is said to have failed',
      killer: 'native/copy',
      title: 'an empty job',
    },
  ]),
  ...breaksOf('src/native/cpp/claims.cc', [
    {
      from: 'if (ascending_) return;',
      to: 'return;',
      why: 'fsck reports the wrong length of an overlap with a file that was placed before',
      killer: 'fs/fsck/overlaps',
      title: 'a part of an extent in another',
    },
    {
      from: 'if (!ascend(sorted)) {',
      to: 'if (false) {',
      why: 'fsck does not see that a file lies between two that were placed one after the other',
      killer: 'native/claims',
    },
    {
      from: 'runs[i - 1].lastStart() >= runs[i].start',
      to: 'runs[i - 1].lastStart() > runs[i].start',
      why: 'fsck takes the later of two files at the same place for the earlier one',
      killer: 'native/claims',
    },
  ]),
  ...breaksOf('src/native/cpp/claims.h', [
    {
      from: 'if (claim.end > reach.end) reach = claim;',
      to: 'reach = claim;',
      why: 'fsck does not see that a file overlaps another if a short one lies between their beginnings',
      killer: 'fs/fsck/overlaps',
      title: 'a file that overlaps two',
    },
    {
      from: 'if (follows && last.owner >= 0 && owner == int64_t{last.owner} + last.count) {',
      to: 'if (follows) {',
      why: 'fsck names the wrong file of those that share space',
      killer: 'native/claims',
    },
    {
      from: 'start == last.end() && end - start == last.length',
      to: 'start == last.end()',
      why: 'space of a long file after a short one is taken as free',
      killer: 'native/claims',
    },
    {
      from: 'if (start < last.lastStart()) ascending_ = false;',
      to: 'if (start < last.start) ascending_ = false;',
      why: 'fsck does not see a file that lies in the middle of those before it',
      killer: 'native/claims',
    },
  ]),
  ...breaksOf('src/native/cpp/copy_files.cc', [
    {
      from: '    worker.job.stop();  // a full or failing target takes nothing more\n',
      to: '',
      why: 'a copy to a full file system tries each of its pieces',
      killer: 'native/copy',
      title: 'a failure of the file',
    },
  ]),
  ...breaksOf('src/native/cpp/file.cc', [
    {
      from: '  if (position_ >= 0) lseek(fd_, position_, SEEK_SET);\n',
      to: '',
      why: 'a sparse source that a program reads again begins somewhere else',
      killer: 'native/copy',
      title: 'holes of a sparse source',
    },
  ]),
  ...breaksOf('src/native/cpp/guard.cc', [
    {
      from: '  if (!isFault(info)) raise(signal);\n',
      to: '',
      why: 'kill -BUS does not end a command',
      killer: 'native/fault',
      title: 'a SIGBUS outside',
    },
  ]),
  ...breaksOf('src/native/cpp/hole.h', [
    {
      from: 'static_cast<uint64_t>(data) >= offset + length;',
      to: 'static_cast<uint64_t>(data) > offset;',
      why: 'data after a hole is read as zeros',
      killer: 'native/hole',
      title: 'what another process has stored',
    },
  ]),
  ...breaksOf('src/native/cpp/live_jobs.h', [
    {
      from: '        job->cancel();\n        job->waitForEnd();\n',
      to: '',
      why: 'a job goes on writing after its worker thread has ended',
      killer: 'native/bulkLife',
      title: 'a worker thread can be terminated',
    },
  ]),
  ...breaksOf('src/native/cpp/mapping.h', [
    {
      from: '*faulted = locateFault(offset, length, hit - reinterpret_cast<uintptr_t>(base));',
      to: '*faulted = offset;',
      why: 'an error about bad memory names the beginning of what was read',
      killer: 'native/fault',
      title: 'bytes before the fault',
    },
  ]),
  ...breaksOf('src/native/cpp/prefault.cc', [
    {
      from: 'advise(base_, offset, length, MADV_DONTNEED);',
      to: 'advise(base_, offset, length, MADV_REMOVE);',
      why: 'what was copied to an image is gone once it is complete',
      killer: 'native/copy',
      title: 'a file is copied in and out',
    },
  ]),
  ...breaksOf('src/native/cpp/range_io.h', [
    {
      from: '*error = put < 0 ? errno : EIO;',
      to: '*error = EIO;',
      why: 'an error about a full file system only says EIO',
      killer: 'native/copy',
      title: 'a failure of the file',
    },
  ]),
  ...breaksOf('src/native/cpp/touch.h', [
    {
      from: 'const uint64_t at = faulted - piece.offset;',
      to: 'const uint64_t at = 0;',
      why: 'a copy that stops at bad memory names a place before it',
      killer: 'native/bulkFault',
      title: 'zero: without keepGoing',
    },
  ]),
  ...breaksOf('src/native/cpp/big_memory.h', [
    {
      from: 'munmap(start + before + wanted, kHugePage - before);',
      to: 'munmap(start + before, kHugePage - before);',
      why: 'famfs crashes on a large log',
      killer: 'native/keptEntries',
      title: 'entries that are kept come back',
    },
  ]),
];
