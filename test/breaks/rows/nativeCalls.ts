import { type Break, breaksOf } from '../break.js';

/** Breaks of the TypeScript side of the addon: src/native without src/native/cpp. */
export const nativeCallsBreaks: readonly Break[] = [
  ...breaksOf('src/native/addon.ts', [
    {
      from: 'if (found.setErrorClass === undefined || found.LogTable === undefined)',
      to: 'if (found.setErrorClass === null)',
      why: 'an addon of another version ends the program with an internal error',
      killer: 'native/addon',
      title: 'an addon of another version',
    },
  ]),
  ...breaksOf('src/native/bulk.ts', [
    {
      from: "    signal?.removeEventListener('abort', cancel);\n",
      to: '',
      why: 'each job of a long command leaves a listener, until memory is short',
      killer: 'native/bulkLife',
      title: 'a signal that outlives',
    },
    {
      from: 'job.signal?.aborted ? NOT_RUN : await runJob(request, job)',
      to: 'await runJob(request, job)',
      why: 'a copy that was interrupted before it began is carried out',
      killer: 'native/bulkLife',
      title: 'a signal aborted before',
    },
    {
      from: 'if (!whole || seed < 0 || seed >= 2n ** 64n) throw',
      to: 'if (!whole || seed < 0) throw',
      why: 'a seed over 2^64 - 1 is cut off, and verify compares with another pattern',
      killer: 'native/pattern',
      title: 'each seed up to',
    },
    {
      from: 'if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS)',
      to: 'if (!Number.isInteger(threads) || threads < 1)',
      why: 'a job with any number of threads is begun',
      killer: 'native/copy',
      title: 'impossible segments',
    },
  ]),
  ...breaksOf('src/native/device.ts', [
    {
      from: 'offset <= this.size - length) return;',
      to: 'offset <= this.size) return;',
      why: 'a range that leaves the device is passed to C++, whose error names no path',
      killer: 'native/device',
      title: 'ranges beyond the device',
    },
    {
      from: '    this.writeBack(offset, bytes.length);\n    this.fence();\n',
      to: '    this.fence();\n    this.writeBack(offset, bytes.length);\n',
      why: 'the crash tests believe in another order of steps than the processor gets',
      killer: 'native/cache',
      title: 'an observer sees persist',
    },
    {
      from: 'if (driver === DEVICE_DAX || !UNMAPPABLE.has(cause.code)) throw cause;',
      to: 'if (driver === DEVICE_DAX || driver === undefined || !UNMAPPABLE.has(cause.code)) throw cause;',
      why: 'the error for a dax device without a driver is only an errno',
      killer: 'fs/host/openDevice',
    },
  ]),
  ...breaksOf('src/native/error.ts', [
    {
      from: 'const where = offset === undefined ?',
      to: 'const where = offset !== undefined ?',
      why: 'errors about bad memory do not say where it is',
      killer: 'native/fault',
      title: 'lost memory',
    },
    {
      from: 'named?.[0] ?? `errno',
      to: '`errno',
      why: 'errnos that libuv does not know are printed as numbers',
      killer: 'native/device',
      title: 'an errno keeps',
    },
  ]),
  ...breaksOf('src/native/folder.ts', [
    {
      from: 'return this.#number(index, 7);',
      to: 'return this.#number(index, 6);',
      why: 'cp takes each source for one that was replaced meanwhile, or a link for the file that it leads to',
      killer: 'native/folder',
    },
  ]),
  ...breaksOf('src/native/fuse.ts', [
    {
      from: 'return this.#native.find(parent, name) || undefined;',
      to: 'return this.#native.find(parent, name);',
      why: 'no file can be made in a mount: every name is taken',
      killer: 'fs/serve/staging',
      title: 'a file is committed after',
    },
  ]),
  ...breaksOf('src/native/fuseMount.ts', [
    {
      from: 'return received < 0 ? undefined : received;',
      to: 'return received;',
      why: 'a mount that fusermount3 has refused is served by descriptor -1',
      killer: 'scenarios/mount/users',
      title: 'another user mounts',
      equivalent:
        'fusermount3 exits with 0 only after it has sent the descriptor; the check is for a helper that breaks that',
    },
    {
      from: 'Buffer.from(text)) === 0',
      to: 'Buffer.from(text.slice(0, 8))) === 0',
      why: 'the system log gets the beginning of each line',
      killer: 'scenarios/mount/users',
      title: 'a server in the background',
    },
  ]),
  ...breaksOf('src/native/identify.ts', [
    {
      from: 'if (!stats.isFile())\n',
      to: 'if (stats.isDirectory())\n',
      why: 'a FIFO or a disk that is named as a daxdev is called empty',
      killer: 'native/device',
      title: 'something that is neither',
    },
  ]),
  ...breaksOf('src/native/logTable.ts', [
    {
      from: '      this.#native.dropDecoded();\n',
      to: '',
      why: 'after an error, threads wait without end, and their memory is kept',
      killer: 'native/logTable',
      title: 'after a caller has failed, no thread',
    },
    {
      from: 'this.#native.resume(slot + 1);',
      to: 'this.#native.resume(slot + 2);',
      why: 'the file after each damaged entry disappears',
      killer: 'fs/log/applyLog',
    },
  ]),
  ...breaksOf('src/native/segment.ts', [
    {
      from: 'isCount(length) && isCount(fileOffset + length)',
      to: 'isCount(length)',
      why: 'a segment that ends beyond 2^53 in its file is passed to C++',
      killer: 'native/copy',
      title: 'impossible segments',
    },
  ]),
  ...breaksOf('src/native/sysfs.ts', [
    {
      from: "return subsystem === 'dax' ? byNumber : undefined;",
      to: 'return byNumber;',
      why: 'a character device of another kind is taken for a dax device, and mapped',
      killer: 'native/sysfs',
      title: 'a character device that is not',
    },
  ]),
  ...breaksOf('src/native/recordText.ts', [
    {
      from: '  larger.set(numbers);\n  return larger;',
      to: '  return larger;',
      why: 'a long listing of maps has zeros in it',
      killer: 'commands/showfmap',
      title: 'all files are listed',
    },
  ]),
  ...breaksOf('src/native/columnText.ts', [
    {
      from: 'Number(isPlain(String.fromCharCode(byte)))',
      to: '1',
      why: 'a hostile name in a long listing drives the terminal',
      killer: 'commands/output/nodeList',
    },
  ]),
  ...breaksOf('src/native/entryText.ts', [
    {
      from: 'directory ?? PASS_OVER',
      to: 'PASS_OVER',
      why: 'logplay leaves out directories',
      killer: 'commands/output/entryList',
      title: 'many entries',
    },
  ]),
  ...breaksOf('src/native/nodeText.ts', [
    {
      from: 'Number(whole)',
      to: 'Number(!whole)',
      why: 'ls -R prints the path of each file, not its name',
      killer: 'commands/output/nodeList',
    },
  ]),
];
