/**
 * Fills files. The bytes of a new file are stored and fenced before its entry is appended: nobody ever sees it half filled, and a
 * crash only changes the bytes of free space (docs/data.md).
 */

import type { SmallFileResult } from '../../native/smallFiles.js';
import type { WriteSession } from '../pool/writeSession.js';
import { storeContent } from './content.js';
import { asFileError } from './failures.js';
import { FileMap } from './fileMap.js';
import type { FilePlan, FillResult, InFile } from './filePlan.js';
import { copyPart, copySmall, isSmall } from './fillSmallFiles.js';
import { type Group, groupsOf } from './groups.js';
import { hasSha256 } from './sha256.js';
import { differenceError, type TransferControl } from './transferFile.js';
import { TreePart } from './treeFiles.js';
import { threadsFor, workWeighted } from './weighted.js';

/** groups of small files that are copied at a time, so that one is copied while the entries of another are appended */
const GROUPS_AT_A_TIME = 2;

/** What became of files of a tree. */
export interface PartResult {
  readonly part: TreePart;
  /** by index, ascending: files that were filled by themselves, or were not filled; all others are done */
  readonly apart: ReadonlyMap<number, FillResult<InFile>>;
}

/**
 * Fills files, several small ones at a time, and appends the entry of each new one once its bytes are in memory. If one fails,
 * the others are still filled; after a cancel, no more are begun. The results are in the order of the plans. The caller has made
 * sure that there are log slots (WriteSession.requireSlots).
 */
export async function fillFiles<T extends FilePlan>(
  session: WriteSession,
  plans: readonly T[],
  control: TransferControl,
): Promise<FillResult<T>[]> {
  return (await fillAll(session, plans, control)) as FillResult<T>[];
}

/** The same, with files of trees among them, whose results come together. */
export function fillPlanned(
  session: WriteSession,
  plans: readonly (InFile | TreePart)[],
  control: TransferControl,
): Promise<(FillResult<InFile> | PartResult)[]> {
  return fillAll(session, plans, control);
}

async function fillAll<T extends FilePlan>(
  session: WriteSession,
  plans: readonly (T | TreePart)[],
  control: TransferControl,
): Promise<(FillResult<T> | PartResult)[]> {
  const { threads: all } = control;
  const threadsOf = ({ isSmall: areSmall, members }: Group<T>) =>
    areSmall ? Math.ceil(all / GROUPS_AT_A_TIME) : threadsFor((members[0] as T).entry.size, all);
  const results = await workWeighted(groupsOf(plans), all, threadsOf, (group, threads) =>
    fillMembers(session, group.members, { ...control, threads }),
  );
  return results.flat();
}

/** Fills the members of a group: those that are plans, and then those of each tree, together. */
async function fillMembers<T extends FilePlan>(
  session: WriteSession,
  members: readonly (T | TreePart)[],
  control: TransferControl,
): Promise<(FillResult<T> | PartResult)[]> {
  const isPart = (member: T | TreePart): member is TreePart => member instanceof TreePart;
  const plans = members.filter((member): member is T => !isPart(member));
  const filled = plans.length > 0 ? await fillGroup(session, plans, control) : [];
  const apart = new Map<TreePart, PartResult>();
  for (const parts of sameTree(members.filter(isPart))) await fillParts(session, parts, control, apart);
  let next = 0;
  return members.map((member) => (isPart(member) ? apart.get(member) : filled[next++]) as FillResult<T> | PartResult);
}

/** Parts that follow each other, by tree. */
function sameTree(parts: readonly TreePart[]): TreePart[][] {
  const all: TreePart[][] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (last?.[0]?.tree === part.tree) last.push(part);
    else all.push([part]);
  }
  return all;
}

/** Fills parts of one tree, each of which begins where the one before ends. */
async function fillParts(
  session: WriteSession,
  parts: readonly TreePart[],
  control: TransferControl,
  results: Map<TreePart, PartResult>,
): Promise<void> {
  const { tree, from } = parts[0] as TreePart;
  const { to } = parts.at(-1) as TreePart;
  const copied = await copyPart(session.volume, new TreePart(tree, from, to), control);
  let filled = from;
  for (const part of parts) {
    const apart = new Map<number, FillResult<InFile>>();
    results.set(part, { part, apart });
    for (let i = part.from; i < part.to; i++) {
      if (copied.isDone(i - from)) continue;
      appendPart(session, new TreePart(tree, filled, i));
      filled = i + 1;
      apart.set(i, await settle(session, tree.plan(i), copied.of(i - from), control));
    }
  }
  appendPart(session, new TreePart(tree, filled, to));
}

/** Appends the entries of files whose bytes are in memory. */
function appendPart(session: WriteSession, { tree, from, to }: TreePart): void {
  if (to > from) session.appendBlock(tree.block(from, to));
}

async function fillGroup<T extends FilePlan>(
  session: WriteSession,
  group: readonly T[],
  control: TransferControl,
): Promise<FillResult<T>[]> {
  const results: FillResult<T>[] = [];
  const copied = group.length > 1 ? await copySmall(session.volume, group.filter(isSmall<T>), control) : [];
  let filled: T[] = [];
  for (const [i, plan] of group.entries()) {
    const result = copied[i] ?? { state: 'failed' };
    if (result.state === 'done') {
      filled.push(plan);
      results.push(doneOf(plan));
      continue;
    }
    appendFilled(session, filled);
    filled = [];
    results.push(await settle(session, plan, result, control));
  }
  appendFilled(session, filled);
  return results;
}

/** What became of a file that was not copied with others. One that failed is tried once more by itself, which tells why. */
async function settle<T extends FilePlan>(
  session: WriteSession,
  plan: T,
  copied: SmallFileResult,
  control: TransferControl,
): Promise<FillResult<T>> {
  const { entry, isNew } = plan;
  const unfinished = isNew ? 'not made' : 'incomplete';
  switch (copied.state) {
    case 'done':
      return doneOf(plan);
    case 'failed':
      return fillFile(session, plan, control);
    case 'differs': {
      // it has one extent, so one device
      const map = new FileMap(session.volume, entry);
      return { plan, state: unfinished, error: differenceError(map, { ...copied.difference, device: 0 }) };
    }
    case 'begun':
      return { plan, state: unfinished, error: undefined };
    case 'untouched':
      return { plan, state: isNew ? 'not made' : 'untouched', error: undefined };
  }
}

/** Appends the entries of new files whose bytes are in memory, unless a rewrite puts one in the place of another. */
function appendFilled(session: WriteSession, plans: readonly FilePlan[]): void {
  session.appendFiles(plans.flatMap(({ entry, isNew, replaces }) => (isNew && !replaces ? [entry] : [])));
}

function doneOf<T extends FilePlan>(plan: T): FillResult<T> {
  return { plan, state: 'done', error: undefined };
}

async function fillFile<T extends FilePlan>(
  session: WriteSession,
  plan: T,
  control: TransferControl,
): Promise<FillResult<T>> {
  const { entry, isNew, content, sha256 } = plan;
  if (control.signal.aborted) return { plan, state: isNew ? 'not made' : 'untouched', error: undefined };
  const unfinished = isNew ? 'not made' : 'incomplete';
  try {
    const map = new FileMap(session.volume, entry);
    const stored = await storeContent(map, content, control);
    const whole = stored && (sha256 === undefined || (await hasSha256(map, sha256, control.signal)));
    if (!whole) return { plan, state: unfinished, error: undefined };
    appendFilled(session, [plan]);
    return doneOf(plan);
  } catch (error) {
    return { plan, state: unfinished, error: asFileError(error) };
  }
}
