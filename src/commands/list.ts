import type { MemberState } from '../fs/pool/members.js';
import type { Role } from '../fs/pool/role.js';
import { type InventoriedFileSystem, inventory } from '../fs/usage/inventory.js';
import type { ListedDaxdev } from '../fs/usage/listedFileSystem.js';
import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { type Column, table } from '../ui/table.js';
import { humanBytes } from '../ui/units.js';
import { exportLines } from './output/exportLines.js';

export interface ListDocument {
  readonly fileSystems: readonly FileSystemRow[];
  /** daxdevs of this host that could not be opened */
  readonly unopened: readonly { readonly path: string; readonly reason: string }[];
}

interface FileSystemRow {
  readonly fsUuid: string;
  /** null: none */
  readonly label: string | null;
  /** of this host */
  readonly role: Role;
  /** why its log could not be read; null: it was */
  readonly problem: string | null;
  /** daxdevs that the log names; null: it could not be read */
  readonly members: number | null;
  /** of these, how many are here and usable; without the log, daxdevs that name the file system */
  readonly membersFound: number;
  /** bytes of all members; null: the log could not be read */
  readonly size: number | null;
  /** bytes that files use; null: the log could not be read */
  readonly used: number | null;
  readonly mountPoints: readonly string[];
  readonly daxdevs: readonly DaxdevRow[];
}

interface DaxdevRow {
  /** index in the pool; null: the log does not name it, or could not be read */
  readonly daxdev: number | null;
  readonly uuid: string;
  /** null: not here, or only the kernel has it */
  readonly path: string | null;
  readonly role: 'primary' | 'secondary';
  /** unlisted: its superblock names the file system, but the log does not name it, or could not be read */
  readonly state: MemberState | 'unlisted';
  /** bytes */
  readonly size: number;
  /** bytes that files use; null: unknown */
  readonly used: number | null;
}

export const command = defineCommand({
  name: 'list',
  group: 'Look',
  summary: 'list the famfs file systems of this host',
  details: [
    'Lists each file system on /dev/dax*, on what FAMFS_DEV or the configuration names, and among the mounts, with label, uuid, the role of this ' +
      'host, how many of its daxdevs are here, and where it is mounted. With PATH, only what is named is looked at: daxdevs, images, and ' +
      'directories of images. Nothing is locked or written.',
    'A file system whose log cannot be read is listed with the reason. Daxdevs that cannot be opened are listed last.',
    'With --export, each daxdev is a group of KEY=value lines, as blkid prints them, with an empty line between groups; a shell reads the ' +
      'values back. famfs probe does the same for one device, with the keys of udev.',
  ],
  examples: [
    { command: 'famfs list', explains: 'what is on this host' },
    { command: 'famfs list images/', explains: 'the file systems on images in a directory' },
    { command: "famfs list --json | jq -r '.fileSystems[].label'", explains: 'for a script' },
  ],
  args: [
    {
      name: 'PATH',
      completes: 'daxdev',
      summary: 'daxdev, image, or directory of images',
      required: false,
      repeat: true,
    },
  ],
  options: {
    export: { type: 'boolean', summary: 'KEY=value lines, a group for each daxdev' },
    bytes: { type: 'boolean', short: 'b', summary: 'sizes in bytes' },
  },
  seeAlso: ['probe', 'info', 'daxdev list'],
  async run(context, paths, { export: exported = false, bytes = false }): Promise<Result<ListDocument>> {
    if (exported && context.json)
      throw new UsageError('--export and --json exclude each other', 'leave one of them out');
    if (exported && bytes)
      throw new UsageError('--bytes is for the table: --export has all sizes in bytes', 'leave it out');
    const { fileSystems, unopened } = inventory(context, paths);
    const rows = fileSystems.map(fileSystemRow);
    return {
      data: { fileSystems: rows, unopened },
      text: async (style) => {
        if (exported) return rows.flatMap((row) => [...exportedGroups(row)]);
        const tables =
          rows.length === 0
            ? []
            : await table(
                context,
                style,
                columns(bytes),
                rows.flatMap((row) => [...shownRows(row)]),
              );
        return [
          ...tables,
          ...rows.flatMap(({ fsUuid, problem }) => (problem === null ? [] : [`${fsUuid}: ${problem}`])),
          ...unopened.map(({ path, reason }) => `${path}: cannot be opened: ${reason}`),
          ...(rows.length + unopened.length === 0 ? [nothing(paths)] : []),
        ];
      },
    };
  },
});

function fileSystemRow({ fsUuid, label, role, problem, daxdevs, mountPoints }: InventoriedFileSystem): FileSystemRow {
  const listed = daxdevs.filter(({ index }) => index !== undefined);
  const isKnown = problem === undefined;
  const found = isKnown ? listed.filter(({ state }) => state === 'present') : daxdevs;
  const sum = (key: 'size' | 'used') => (isKnown ? listed.reduce((all, one) => all + (one[key] ?? 0), 0) : null);
  return {
    fsUuid,
    label: label ?? null,
    role,
    problem: problem ?? null,
    members: isKnown ? listed.length : null,
    membersFound: found.length,
    size: sum('size'),
    used: sum('used'),
    mountPoints,
    daxdevs: daxdevs.map(daxdevRow),
  };
}

function daxdevRow({ index, uuid, path, role, state, size, used }: ListedDaxdev): DaxdevRow {
  return { daxdev: index ?? null, uuid, path: path ?? null, role, state, size, used: used ?? null };
}

/** A row of the table: a file system, or a daxdev of a pool of several. */
interface ShownRow {
  readonly name: string;
  readonly label: string;
  readonly role: string;
  readonly members: string;
  readonly size: number | null;
  readonly used: number | null;
  readonly mountPoint: string;
  readonly uuid: string;
}

function* shownRows(row: FileSystemRow): Generator<ShownRow> {
  const { fsUuid, label, role, members, membersFound, size, used, mountPoints, daxdevs } = row;
  const [only] = daxdevs;
  yield {
    name: daxdevs.length === 1 && only?.path ? only.path : 'pool',
    label: label ?? '-',
    role,
    members: members === null ? `${membersFound} of ?` : `${membersFound} of ${members}`,
    size,
    used,
    mountPoint: mountPoints.join(', ') || '-',
    uuid: fsUuid,
  };
  if (daxdevs.length === 1) return;
  for (const [i, daxdev] of daxdevs.entries()) {
    const branch = i === daxdevs.length - 1 ? '└─' : '├─';
    const state = daxdev.state === 'present' ? '' : ` (${daxdev.state})`;
    yield {
      name: `${branch}${daxdev.path ?? `daxdev ${daxdev.daxdev}`}${state}`,
      label: '',
      role: daxdev.role,
      members: '',
      size: daxdev.size,
      used: daxdev.used,
      mountPoint: '',
      uuid: daxdev.uuid,
    };
  }
}

function columns(bytes: boolean): Column<ShownRow>[] {
  const format = (count: number | null) => (count === null ? '-' : bytes ? String(count) : humanBytes(count));
  return [
    { key: 'name', label: 'name' },
    { key: 'label', label: 'label' },
    { key: 'role', label: 'role' },
    { key: 'members', label: 'members', align: 'right' },
    { key: 'size', label: 'size', align: 'right', format },
    { key: 'used', label: 'used', align: 'right', format },
    { key: 'mountPoint', label: 'mounted on' },
    { key: 'uuid', label: 'uuid' },
  ];
}

function* exportedGroups({ fsUuid, label, role, members, daxdevs, mountPoints }: FileSystemRow): Generator<string> {
  for (const daxdev of daxdevs) {
    if (daxdev.path === null) continue;
    yield* exportLines({
      DEVNAME: daxdev.path,
      LABEL: label,
      UUID: fsUuid,
      UUID_SUB: daxdev.uuid,
      TYPE: 'famfs',
      FAMFS_DAXDEV: daxdev.daxdev,
      FAMFS_MEMBERS: members,
      FAMFS_DAXDEV_ROLE: daxdev.role,
      FAMFS_HOST_ROLE: role,
      FAMFS_STATE: daxdev.state,
      SIZE: daxdev.size,
      MOUNTPOINT: mountPoints[0] ?? null,
    });
    yield '';
  }
}

function nothing(paths: readonly string[]): string {
  return paths.length > 0 ? 'no famfs there' : 'no famfs on this host; famfs list DIRECTORY looks at images';
}
