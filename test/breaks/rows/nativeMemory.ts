import { type Break, breaksOf } from '../break.js';

/** Memory, jobs, tables and bindings of the addon. */
export const nativeMemoryBreaks: readonly Break[] = [
  ...breaksOf('src/native/cpp/addon.cc', [
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
];
