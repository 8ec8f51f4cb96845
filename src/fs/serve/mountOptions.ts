/** The options of -o, in the form of mount(8) and fstab. */

/** The meaning of each word that has no value. */
export interface MountFlags {
  readOnly: boolean;
  /** for files: whether set-user-id bits, device nodes and programs count */
  suid: boolean;
  dev: boolean;
  exec: boolean;
  noatime: boolean;
  /** users other than the one who mounts may use it; undefined: the default for that user */
  allowOther: boolean | undefined;
  /** new names need not be UTF-8 */
  allowBytes: boolean;
}

export interface MountOptions {
  readonly flags: MountFlags;
  /** cache=, maps=, refresh=, threads=, stripes=, chunk=, linger=, staging=, log=: as text */
  readonly values: ReadonlyMap<string, string>;
  /** unknown words */
  readonly unknown: readonly string[];
}

export const VALUED = ['cache', 'maps', 'refresh', 'threads', 'stripes', 'chunk', 'linger', 'staging', 'log'] as const;

const FLAGS: Readonly<Record<string, (flags: MountFlags) => void>> = {
  ro: (flags) => (flags.readOnly = true),
  rw: (flags) => (flags.readOnly = false),
  suid: (flags) => (flags.suid = true),
  nosuid: (flags) => (flags.suid = false),
  dev: (flags) => (flags.dev = true),
  nodev: (flags) => (flags.dev = false),
  exec: (flags) => (flags.exec = true),
  noexec: (flags) => (flags.exec = false),
  noatime: (flags) => (flags.noatime = true),
  allow_other: (flags) => (flags.allowOther = true),
  noallow_other: (flags) => (flags.allowOther = false),
  allow_bytes: (flags) => (flags.allowBytes = true),
};

/** For mount(8), systemd and fstab only; the times of files do not change here anyway. */
const FOR_OTHERS = new Set(
  'defaults auto noauto nofail _netdev user nouser users owner group atime relatime norelatime strictatime nostrictatime diratime nodiratime lazytime nolazytime default_permissions'.split(
    ' ',
  ),
);

/** Parses the texts of all -o; later words win. */
export function parseMountOptions(texts: readonly string[]): MountOptions {
  const flags: MountFlags = {
    readOnly: false,
    suid: false,
    dev: false,
    exec: true,
    noatime: false,
    allowOther: undefined,
    allowBytes: false,
  };
  const values = new Map<string, string>();
  const unknown: string[] = [];
  for (const word of texts.flatMap((text) => text.split(',')).filter((text) => text !== '')) {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const set = FLAGS[word];
    if (set !== undefined) set(flags);
    else if (equals > 0 && VALUED.some((known) => known === name)) values.set(name, word.slice(equals + 1));
    else if (!FOR_OTHERS.has(word) && !word.startsWith('x-') && name !== 'comment') unknown.push(word);
  }
  return { flags, values, unknown };
}
