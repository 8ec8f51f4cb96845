import { type Break, breaksOf } from '../break.js';

export const libraryBreaks: readonly Break[] = [
  ...breaksOf('src/library/openSession.ts', [
    {
      from: 'this.#last = run.catch(() => {});',
      to: '',
      why: 'calls of a session that overlap give two files the same space',
      killer: 'library/session',
      title: 'calls that overlap',
    },
  ]),
  ...breaksOf('src/library/failures.ts', [
    {
      from: "reason === 'CLOSED' ? 'CLOSED'",
      to: "reason === 'CLOSED' ? 'SIGBUS'",
      why: 'a stream whose file system was closed reports broken memory',
      killer: 'library/famfs',
      title: 'a handle that was closed',
    },
  ]),
  ...breaksOf('src/fs/transfer/fileBytes.ts', [
    {
      from: 'readShared(device, from + at - start, bytes)',
      to: 'readShared(device, from, bytes)',
      why: 'a stream repeats the first part of each piece of a file',
      killer: 'library/famfs',
      title: 'bytes are streamed',
    },
    {
      from: 'bytes.subarray(start - offset, end - offset)',
      to: 'bytes.subarray(0, end - start)',
      why: 'bytes that are copied to several strips are wrong after the first',
      killer: 'library/session',
      title: 'what a session makes',
    },
  ]),
  ...breaksOf('src/fs/transfer/storeChunks.ts', [
    {
      from: 'if (at < map.size) throw',
      to: 'if (at > map.size) throw',
      why: 'a file appears although the bytes for it ended too early',
      killer: 'library/session',
      title: 'what is refused',
    },
  ]),
  ...breaksOf('src/commands/metrics.ts', [
    {
      from: 'if (unread.includes(daxdev)) return [];',
      to: '',
      why: 'metrics says that a daxdev that was not read has no poison',
      killer: 'commands/metrics',
      title: 'metrics --check-poison',
    },
  ]),
];
