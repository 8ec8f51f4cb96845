import { type Break, breaksOf } from '../break.js';

/** What the library for programs gives to its callers. */
export const libraryShapesBreaks: readonly Break[] = [
  ...breaksOf('src/library/daxdev.ts', [
    {
      from: 'capacity, used, free, largestHole };',
      to: 'capacity, used: free, free, largestHole };',
      why: 'a program takes the free space of a daxdev for used',
      killer: 'library/famfs',
      title: 'what is read',
    },
  ]),
  ...breaksOf('src/library/entry.ts', [
    {
      from: 'return { type: kind, path, size,',
      to: 'return { type: kind, path, size: 0,',
      why: 'a program sees files without a size',
      killer: 'library/famfs',
      title: 'what is read',
    },
  ]),
  ...breaksOf('src/library/fileMap.ts', [
    {
      from: 'allocated: allocatedBytes(fmap)',
      to: 'allocated: size',
      why: 'a program does not see what a file wastes',
      killer: 'library/famfs',
      title: 'what is read',
    },
  ]),
  ...breaksOf('src/library/host.ts', [
    {
      from: 'onWarning?.({ code, message })',
      to: 'undefined',
      why: 'a program never hears of warnings',
      killer: 'library/famfs',
      title: 'a check lists',
    },
  ]),
  ...breaksOf('src/library/logEntry.ts', [
    {
      from: 'return { type, path, mode, uid, gid };',
      to: "return { type, path: '', mode, uid, gid };",
      why: 'a program sees directories without a name in the log',
      killer: 'library/famfs',
      title: 'the log is',
    },
  ]),
];
