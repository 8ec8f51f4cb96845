/**
 * What a user of the library writes, and mistakes that the compiler must find, with the declarations that are shipped. It is
 * compiled with the other tests, and never run.
 */

import type { Readable } from 'node:stream';
import type * as Declared from 'famfs';
import {
  type Check,
  checkFamfs,
  type Entry,
  type ErrorCode,
  type Famfs,
  FamfsError,
  type FamfsSession,
  type FileMap,
  isFamfsError,
  type LogEntry,
  type MadeFamfs,
  makeFamfs,
  openFamfs,
  openSession,
  type Piece,
} from 'famfs';
import type * as Source from '../../src/library/index.js';

/** Whether two types are the same, and not only assignable. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** What sources and declarations have in common; a class with private fields is equal to no other. */
type Common<Library> = Omit<Library, 'FamfsError' | 'isFamfsError'>;

/** Fails to compile if types/famfs.d.ts is not that of the sources: run `npm run docs`. */
export function same(
  declared: Common<typeof import('famfs')>,
  source: Common<typeof import('../../src/library/index.js')>,
): void {
  const both: [typeof source, typeof declared] = [declared, source];
  void both;
  isTrue<Same<Declared.ErrorCode, Source.ErrorCode>>();
  isTrue<Same<Declared.Famfs, Source.Famfs>>();
  isTrue<Same<Declared.FamfsSession, Source.FamfsSession>>();
  isTrue<Same<Declared.LogEntry, Source.LogEntry>>();
  isTrue<Same<Declared.Check, Source.Check>>();
}

function isTrue<_T extends true>(): void {}

export async function reads(): Promise<void> {
  using fs = await openFamfs(['/dev/dax0.0', 'LABEL=x'], { at: 5, onWarning: ({ code }) => void code });
  isTrue<Same<typeof fs, Famfs>>();
  for (const entry of fs.list('/', { recursive: true })) {
    isTrue<Same<typeof entry, Entry>>();
    isTrue<Same<typeof entry.type, 'file' | 'directory'>>();
    isTrue<Same<typeof entry.slot, number | null>>();
    // @ts-expect-error entries are not to be changed
    entry.path = 'x';
  }
  const map: FileMap = fs.map('a');
  isTrue<Same<typeof map.layout, 'simple' | 'interleaved'>>();
  const pieces: Piece[] = [...fs.resolve('a', { offset: 1, length: 2 })];
  const stream: Readable = fs.read('a', { offset: 1 });
  const check: Check = await fs.check({ keep: 3 });
  for await (const entry of fs.follow({ signal: AbortSignal.timeout(1) })) describe(entry);
  void [pieces, stream, check];
  // @ts-expect-error a handle for reading makes nothing
  await fs.mkdir('x');
  // @ts-expect-error offsets are numbers
  fs.read('a', { offset: '1' });
  // @ts-expect-error handles come from openFamfs
  const another: Famfs = {};
  void another;
}

function describe(entry: LogEntry): string {
  switch (entry.type) {
    case 'FILE':
      return `${entry.path} ${entry.extents.length}`;
    case 'MKDIR':
      // @ts-expect-error a directory has no extents
      return `${entry.path} ${entry.extents}`;
    case 'ADD_DAXDEV':
      return entry.uuid;
    case null:
      return 'unreadable';
  }
}

export async function writes(): Promise<void> {
  const made: MadeFamfs = await makeFamfs('/dev/dax0.0', { stripes: 4, replace: 'content' });
  using session: FamfsSession = await openSession(
    made.daxdevs.map(({ path }) => path),
    { wait: 5 },
  );
  const entry: Entry = await session.create('a', { size: 1, fill: { seed: 5n } });
  const copied: Entry[] = await session.cp(new Uint8Array(5), 'b');
  void [entry, copied];
  // @ts-expect-error a file has its size from the start
  await session.create('a', {});
  // @ts-expect-error no such policy
  await session.create('a', { size: 1, policy: 'best' });
  // @ts-expect-error a number is no source
  await session.cp(5, 'b');
  // @ts-expect-error one of the two kinds of content
  await makeFamfs('/dev/dax0.0', { replace: true });
  // @ts-expect-error a file system is made on something
  await makeFamfs();
}

export async function fails(): Promise<ErrorCode | undefined> {
  try {
    await checkFamfs();
  } catch (error) {
    if (!isFamfsError(error)) throw error;
    isTrue<Same<typeof error, FamfsError>>();
    isTrue<Same<typeof error.hint, string | undefined>>();
    switch (error.code) {
      case 'NO_FAMFS':
      case 'BUSY':
        return error.code;
      // @ts-expect-error no such code
      case 'NO_SUCH_CODE':
        return undefined;
    }
    // @ts-expect-error no such code
    isFamfsError(error, 'NO_SUCH_CODE');
  }
  return new FamfsError('BUSY', 'x').code;
}
