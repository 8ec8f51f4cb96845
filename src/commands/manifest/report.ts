/** What plan and apply say of a manifest, item by item. */
import { counted } from '../../format/counted.js';
import { parentPath } from '../../format/path.js';
import type { Declaration } from '../../fs/declared/declaration.js';
import { type NodeAction, type NodeItem, type NodePlan, needsRewrite } from '../../fs/declared/nodePlan.js';
import type { DaxdevItem, PoolPlan } from '../../fs/declared/poolPlan.js';
import type { Volume } from '../../fs/pool/volume.js';
import type { Style } from '../../ui/command.js';
import { humanBytes } from '../../ui/units.js';

/**
 * create: is made by apply; exists: as the manifest says; conflict: not so, or it cannot be made; keep, change, replace: not so, and
 * its onConflict says what becomes of it; extra: not in the manifest.
 */
export type ItemAction = NodeAction | 'extra';

export interface PlannedDaxdevRow {
  readonly action: DaxdevItem['action'];
  /** index in the pool */
  readonly daxdev: number;
  /** on this host; null for a member that is not here */
  readonly path: string | null;
  /** bytes */
  readonly size: number;
  /** whether the image is made too */
  readonly makesImage: boolean;
}

export interface PlannedItemRow {
  readonly action: ItemAction;
  readonly type: 'file' | 'directory';
  readonly path: string;
  /** bytes, as apply leaves it; null for a directory, and where it is not known */
  readonly size: number | null;
  /** how it differs, or why it cannot be made; absent where there is nothing to say */
  readonly reasons?: readonly string[];
}

export interface PlannedPoolRow {
  /** whether there is no file system yet */
  readonly isNew: boolean;
  readonly daxdevs: readonly PlannedDaxdevRow[];
}

/** How many directories, files and daxdevs there are of each kind. */
export interface PlanCounts {
  readonly create: number;
  readonly exists: number;
  readonly conflict: number;
  readonly keep: number;
  readonly change: number;
  readonly replace: number;
  /** what the pool has and the manifest does not name: it is left alone */
  readonly extra: number;
}

export interface ManifestReport {
  /** null: the manifest says nothing of the pool */
  readonly pool: PlannedPoolRow | null;
  readonly items: readonly PlannedItemRow[];
  readonly counts: PlanCounts;
  /** whether apply rewrites the log, to change or replace: nobody may use the file system then (--clients-unmounted) */
  readonly rewritesLog: boolean;
}

const SIGNS: Readonly<Record<ItemAction, string>> = {
  create: '+',
  exists: '',
  conflict: '!',
  keep: '=',
  change: '~',
  replace: '-/+',
  extra: '?',
};

/** A report whose items are made as they are asked for. */
export interface StreamedReport extends Omit<ManifestReport, 'items'> {
  readonly items: Iterable<PlannedItemRow>;
}

export function reportOf(
  pool: PoolPlan | undefined,
  nodes: NodePlan,
  extra: readonly PlannedItemRow[],
): StreamedReport {
  const items = {
    *[Symbol.iterator]() {
      for (const item of nodes.items) yield itemRow(item);
      yield* extra;
    },
  };
  const daxdevs = pool?.daxdevs.map((daxdev) => ({ ...daxdev, path: daxdev.path ?? null })) ?? [];
  const counts = { ...nodes.counts, extra: extra.length };
  for (const { action } of daxdevs) counts[action]++;
  return {
    pool: pool === undefined ? null : { isNew: pool.isNew, daxdevs },
    items,
    counts,
    rewritesLog: needsRewrite(nodes),
  };
}

function itemRow({ action, kind, path, size, reasons }: NodeItem): PlannedItemRow {
  const row = { action, type: kind, path, size: size ?? null };
  return reasons.length === 0 ? row : { ...row, reasons };
}

/** What is in the file system and not in the manifest. */
export function extraItems({ replay }: Volume, { directories, files }: Declaration): PlannedItemRow[] {
  const named = new Set<string>();
  const add = (path: string) => {
    for (let part = path; part !== '' && !named.has(part); part = parentPath(part)) named.add(part);
  };
  for (const { path } of directories) add(path);
  for (const { paths } of files) for (const path of paths) add(path);
  const extra: PlannedItemRow[] = [];
  for (const { path, kind, size } of replay.namespace.nodes()) {
    if (!named.has(path)) extra.push({ action: 'extra', type: kind, path, size: kind === 'file' ? size : null });
  }
  return extra;
}

/** A line for each daxdev and item but those that are as they should be. */
export function* reportLines({ pool, items }: StreamedReport, style: Style): Generator<string> {
  for (const { action, daxdev, path, size, makesImage } of pool?.daxdevs ?? []) {
    if (action === 'exists') continue;
    const image = makesImage ? ', a new image' : '';
    yield line(style, action, `daxdev ${daxdev}: ${path ?? 'not on this host'}, ${humanBytes(size)}${image}`);
  }
  for (const { action, type, path, size, reasons } of items) {
    if (action === 'exists') continue;
    const what = type === 'directory' ? '/' : size === null ? '' : ` ${humanBytes(size)}`;
    yield line(style, action, `${path}${what}${reasons === undefined ? '' : `: ${reasons.join(', ')}`}`);
  }
}

function line(style: Style, action: ItemAction, text: string): string {
  const paint = {
    create: style.green,
    exists: style.dim,
    conflict: style.red,
    keep: style.dim,
    change: style.yellow,
    replace: style.red,
    extra: style.yellow,
  }[action];
  return `${paint(SIGNS[action])} ${text}`;
}

/** `12 to make, 3 as declared, 1 to replace, 1 conflict, 2 not in the manifest` */
export function countsText({ create, exists, conflict, keep, change, replace, extra }: PlanCounts): string {
  const parts = [`${create} to make`, `${exists} as declared`];
  if (replace > 0) parts.push(`${replace} to replace`);
  if (change > 0) parts.push(`${change} to change`);
  if (keep > 0) parts.push(`${keep} to keep as they are`);
  if (conflict > 0) parts.push(counted(conflict, 'conflict'));
  if (extra > 0) parts.push(`${extra} not in the manifest`);
  return parts.join(', ');
}

/** Whether apply has anything to do. */
export function changesAnything({ create, change, replace }: PlanCounts): boolean {
  return create + change + replace > 0;
}

/** What apply asks for where it rewrites the log. */
export function rewriteNote({ rewritesLog }: StreamedReport): string[] {
  return rewritesLog ? ['apply rewrites the log for this: unmount on all hosts, then give --clients-unmounted'] : [];
}
