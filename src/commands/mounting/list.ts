/** The famfs file systems that are mounted. */
import type { Host } from '../../fs/host/host.js';
import { famfsMounts } from '../../fs/host/mountTable.js';
import { isDead, MOUNT_TYPE } from '../../fs/serve/mountTree.js';
import type { Context, Result } from '../../ui/command.js';
import { type Column, table } from '../../ui/table.js';

export interface MountRow {
  readonly mountPoint: string;
  readonly device: string;
  readonly type: string;
  /** dead: its server is gone */
  readonly state: 'alive' | 'dead';
}

export interface MountList {
  readonly mounts: readonly MountRow[];
}

const COLUMNS: readonly Column<MountRow>[] = [
  { key: 'mountPoint', label: 'mount point' },
  { key: 'device', label: 'device' },
  { key: 'type', label: 'type' },
  { key: 'state', label: 'state' },
];

export function listMounts(context: Context): Result<MountList> {
  const mounts = mountRows(context);
  return { data: { mounts }, text: (style) => table(context, style, COLUMNS, mounts) };
}

function mountRows(host: Host): MountRow[] {
  return famfsMounts(host).map(({ mountPoint, source, type }) => ({
    mountPoint,
    device: source,
    type,
    state: type === MOUNT_TYPE && isDead(mountPoint) ? 'dead' : 'alive',
  }));
}
