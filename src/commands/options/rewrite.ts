/** Shared by the commands that rewrite the log. */
import { FamfsError } from '../../fs/errors.js';
import type { Volume } from '../../fs/pool/volume.js';
import { WriteSession } from '../../fs/pool/writeSession.js';
import type { EditedTree } from '../../fs/rewrite/editedTree.js';
import { type JournalUsed, rewriteLog } from '../../fs/rewrite/rewriteLog.js';
import { planRewrite, type RewritePlan } from '../../fs/rewrite/rewritePlan.js';
import type { Context, OptionValues } from '../../ui/command.js';
import { deviceOptions } from './dev.js';
import { explained, withVolume } from './device.js';
import { dryRunOption } from './dryRun.js';

/** A paragraph for the man page of each of these commands. */
export const REWRITE_DETAILS =
  'The log is rewritten as a whole: a new one is written to free space, verified, and put in place of the old one. A crash ' +
  'leaves one of them; the next writer, or fsck -p, completes an interrupted rewrite. Nobody may use the file system meanwhile, since maps ' +
  'that were read before become wrong. Mounts and mappings on this host are found and refused; those on other hosts cannot be seen, so ' +
  '--clients-unmounted must be given each time.';

/** What every rewrite needs to know, also one that a command makes only now and then. */
export const rewriteConsent = {
  clientsUnmounted: {
    type: 'boolean',
    summary: 'confirm that no other host has the file system mounted or uses it',
    details: 'No configuration can set it: a host that continues with old maps reads and overwrites the wrong files.',
  },
  journal: {
    type: 'string',
    value: 'FILE',
    summary: 'write the new log to this new file first, instead of free space of the primary',
    details:
      'For a primary without free space. The file must be on a disk that survives a crash of this host; if the command is interrupted, ' +
      'only fsck --journal FILE completes it.',
  },
} as const;

export const rewriteOptions = {
  ...rewriteConsent,
  dryRun: {
    ...dryRunOption.dryRun,
    summary: 'only show what would change; others may keep using the file system',
  },
  ...deviceOptions,
} as const;

type Options = OptionValues<typeof rewriteOptions>;

/** What became of the log. */
export interface LogRewriteRow {
  /** false: nothing was written, because of --dry-run or because the log stays the same */
  readonly written: boolean;
  /** the new log would equal the old one: there is nothing to do */
  readonly unchanged: boolean;
  /** log entries before and after */
  readonly entriesBefore: number;
  readonly entriesAfter: number;
  /** where the new log was written first; null if nothing was written */
  readonly journal: { readonly path: string; readonly deviceOffset: number } | null;
}

/** The result of a rewrite of the log. */
export interface RewriteRow extends LogRewriteRow {
  /** unusable log entries that were dropped */
  readonly dropped: number;
  /** bytes of files' space that are now free */
  readonly freed: number;
}

export interface RewriteResult<T> {
  /** the return value of the edit */
  readonly edited: T;
  readonly row: RewriteRow;
}

export interface RewriteChoices<T> {
  /** unusable entries are dropped */
  readonly dropSkipped?: boolean;
  /** the primary may have another size than is recorded */
  readonly anySize?: boolean;
  /** work on free space that the new log needs done, or on space that it frees; the old log is still whole, the new one begins a history */
  readonly beforeCommit?: ((volume: Volume, plan: RewritePlan<T>, historyUuid: string) => Promise<void>) | undefined;
  /** work that remains once the log says what the edit wants, also where it did before; the volume is that of the old log */
  readonly afterCommit?: (volume: Volume, edited: T) => void;
}

/**
 * Edits the file system and rewrites its log; with --dry-run, only plans that. `paths` are the arguments. Throws CLIENTS_UNKNOWN
 * and what `edit`, planRewrite and rewriteLog throw.
 */
export async function withRewrite<T>(
  context: Context,
  { clientsUnmounted, dryRun = false, journal, dev }: Options,
  paths: readonly string[],
  edit: (tree: EditedTree, volume: Volume) => T,
  { dropSkipped = false, anySize = false, beforeCommit, afterCommit }: RewriteChoices<T> = {},
): Promise<RewriteResult<T>> {
  const planOf = (volume: Volume) => planRewrite(volume, (tree) => edit(tree, volume), dropSkipped);
  if (dryRun) return withVolume(context, dev, (volume) => rewritten(volume, planOf(volume)), paths);
  if (!clientsUnmounted) throw clientsUnknown();
  let session: WriteSession | undefined;
  try {
    const { signal } = context;
    session = await WriteSession.openWhenFree(context, dev, signal, anySize);
    const { volume } = session;
    const plan = planOf(volume);
    const work = beforeCommit && { beforeCommit: (history: string) => beforeCommit(volume, plan, history) };
    const used = plan.isOld ? undefined : await rewriteLog(session, plan, { journal, signal, ...work });
    afterCommit?.(volume, plan.edited);
    return rewritten(volume, plan, used);
  } catch (error) {
    throw await explained(context, paths, error);
  } finally {
    session?.close();
  }
}

/** `10 log entries before, 7 after, 2097152 bytes freed`, or the same in the conditional. */
export function rewriteText({ written, unchanged, entriesBefore, entriesAfter, freed }: RewriteRow): string {
  if (unchanged) return 'the log is unchanged';
  const would = written ? '' : 'not written: ';
  return `${would}${entriesBefore} log entries before, ${entriesAfter} after, ${freed} bytes freed`;
}

export function clientsUnknown(): FamfsError {
  return new FamfsError('CLIENTS_UNKNOWN', 'other hosts may have the file system mounted, which this host cannot see', {
    hint: 'unmount it on all hosts, then give --clients-unmounted; -n only shows what would change',
  });
}

/** @param volume as it was before the rewrite */
function rewritten<T>({ replay: old }: Volume, plan: RewritePlan<T>, used?: JournalUsed): RewriteResult<T> {
  const row = {
    written: used !== undefined,
    unchanged: plan.isOld,
    entriesBefore: old.next,
    entriesAfter: plan.wanted.length,
    dropped: plan.dropped,
    freed: plan.freed,
    journal: used === undefined ? null : { path: used.path, deviceOffset: used.offset },
  };
  return { edited: plan.edited, row };
}
