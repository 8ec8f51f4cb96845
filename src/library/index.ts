/**
 * famfs as a library: file systems are made, read, checked and written as the commands of `famfs` do it, in this process. It prints
 * nothing, ends no process and listens to no signals.
 *
 * {@link openFamfs} and {@link checkFamfs} read, {@link openSession} and {@link makeFamfs} write.
 * @packageDocumentation
 */
export type { ErrorCode, WarningCode } from '../fs/errors.js';
export { FamfsError } from '../fs/errors.js';
export { version } from '../version.js';
export type { Check, CheckOptions, Finding, FindingCode, RepairKind, Severity } from './check.js';
export { checkFamfs } from './check.js';
export type { Daxdev, DaxdevState } from './daxdev.js';
export type { Entry } from './entry.js';
export { isFamfsError } from './failures.js';
export type { Famfs, FollowOptions, ListOptions, LogFacts, LogOptions } from './famfs.js';
export type { ByteRange, Extent, FileMap, Piece } from './fileMap.js';
export type { Devices, HostOptions, Warning } from './host.js';
export type {
  AddDaxdevLogEntry,
  FileLogEntry,
  LogEntry,
  LogEntryOwner,
  LogEntryPlace,
  MkdirLogEntry,
  UnreadableLogEntry,
} from './logEntry.js';
export type { MadeDaxdev, MadeFamfs, MakeOptions } from './makeFamfs.js';
export { makeFamfs } from './makeFamfs.js';
export type { AttributeOptions, PlacementOptions } from './newFile.js';
export type { OpenOptions } from './openFamfs.js';
export { openFamfs } from './openFamfs.js';
export type { SessionOptions } from './openSession.js';
export { openSession } from './openSession.js';
export type { Bytes, CopyOptions, CreateOptions, FamfsSession, Fill, MkdirOptions, Source } from './session.js';
