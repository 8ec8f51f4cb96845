import { type Break, breaksOf } from '../break.js';

/** The library for programs, and the start of the program. */
export const libraryCallsBreaks: readonly Break[] = [
  ...breaksOf('src/library/check.ts', [
    {
      from: 'clean: errors === 0',
      to: 'clean: true',
      why: 'a program takes a damaged file system for clean',
      killer: 'library/famfs',
      title: 'a check lists',
    },
  ]),
  ...breaksOf('src/library/copyIn.ts', [
    {
      from: 'if (failed.length > 0) throw incomplete(failed, plan.fileCount);',
      to: '',
      why: 'a program does not hear that files were not copied',
      killer: 'library/session',
      title: 'of several files',
    },
  ]),
  ...breaksOf('src/library/makeFamfs.ts', [
    {
      from: 'force: replace === undefined ? 0 : forceOf(replace)',
      to: 'force: 2',
      why: 'makeFamfs replaces a file system without being asked',
      killer: 'library/session',
      title: 'a file system is made',
    },
  ]),
  ...breaksOf('src/library/newFile.ts', [
    {
      from: "requireWhole('uid', given.uid, MOST_ID, `0 to",
      to: "requireWhole('uid', 0, MOST_ID, `0 to",
      why: 'a program gives a file an owner that is none',
      killer: 'library/session',
      title: 'what is refused',
    },
  ]),
  ...breaksOf('src/library/openFamfs.ts', [
    {
      from: 'if (this.#closed) throw',
      to: 'if (false) throw',
      why: 'a closed file system answers with garbage',
      killer: 'library/famfs',
      title: 'a handle that was closed',
    },
  ]),
];
