import { counted } from '../format/counted.js';
import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { isReleased, startInBackground } from './mounting/background.js';
import { listMounts, type MountList } from './mounting/list.js';
import { type MountedRow, previewMount, serveMount } from './mounting/serve.js';
import { dropServer } from './mounting/serverProcess.js';
import { serveOptions, settingsOf } from './mounting/settings.js';
import { ABSENT_ACCESS, ABSENT_DAXMODE, absentOption } from './options/absent.js';
import { refuseOthers } from './options/alone.js';
import { deviceOptions } from './options/device.js';
import { dryRunOption } from './options/dryRun.js';

/** With --list, the mounted file systems. */
export type MountDocument = MountedRow | MountList;

const options = {
  foreground: { type: 'boolean', short: 'f', summary: 'stay, and unmount when interrupted' },
  list: { type: 'boolean', short: 'l', summary: 'list the famfs file systems that are mounted' },
  ...serveOptions,
  fuseFd: {
    type: 'integer',
    value: 'N',
    summary: 'serve descriptor N, which is mounted already, or is a socket',
    details: 'As a MOUNTPOINT of the form /dev/fd/N does.',
  },
  sloppy: { type: 'boolean', short: 's', summary: 'ignore unknown options of -o' },
  dryRun: {
    type: 'boolean',
    aliases: dryRunOption.dryRun.aliases,
    summary: dryRunOption.dryRun.summary,
    details: 'There is no short form: mount(8) passes -n on with another meaning.',
  },
  withoutMtab: { type: 'boolean', short: 'n', summary: 'accepted for mount(8); there is no /etc/mtab to write' },
  ...deviceOptions,
} as const;

export const command = defineCommand({
  name: 'mount',
  group: 'Mount',
  summary: 'mount a file system through FUSE',
  details: [
    'Serves a famfs at MOUNTPOINT, on any Linux with FUSE: files are read, written and mapped like those of any file ' +
      'system. A kernel that supports maps of files gets them; any other asks for the bytes. On a Client, files that ' +
      'the Master makes appear within the time given by --refresh.',
    'On the Master, directories and files can be made. A new file is staged in a temporary file, and committed (placed, ' +
      'copied and appended to the log) some time (--linger) after its last writer has closed it, or on fsync. After that, ' +
      'its size is fixed: truncating, appending, removing and renaming fail with EPERM. docs/fuse.md has a table of ' +
      'what is refused. Files that a killed server has not committed are committed by the next mount.',
    'The command returns once the mount can be used. With --foreground, it stays, and unmounts when it is interrupted.',
    'If it is called as mount.famfs, or with two arguments, the first one is the daxdev: mount(8) and fstab call it like this. ' +
      'As mount.famfs, it takes -f as mount(8) means it: everything is checked, and nothing is mounted.',
  ],
  examples: [
    { command: 'famfs mount /mnt/famfs', explains: 'the only famfs of this host' },
    { command: 'famfs mount --dev pool0.img -o ro /mnt/famfs', explains: 'an image, read-only' },
    {
      command: 'mount -t famfs /dev/dax0.0 /mnt/famfs -o nofail,_netdev,cache=none',
      explains: 'as fstab and systemd do; every read reaches the memory',
    },
    { command: 'famfs mount --list --json', explains: 'what is mounted' },
  ],
  args: [
    {
      name: 'MOUNTPOINT',
      summary: 'the directory; a daxdev may precede it',
      required: false,
      repeat: true,
    },
  ],
  options,
  absentOptions: {
    ...absentOption('F', 'nofuse', "leave it out: the kernel's own famfs is mounted by mount(8)"),
    ...absentOption(
      't',
      'timeout',
      '--cache none and --refresh MS say for how long the kernel may keep what it has read',
    ),
    ...absentOption(
      'S',
      'shadow',
      'leave it out: no shadow tree is needed; famfs logplay --shadow makes one for the server of the reference',
    ),
    ...absentOption('L', 'load-module', 'load the module before: modprobe fuse'),
    ...absentOption('R', 'remount', 'unmount it first: famfs umount MOUNTPOINT'),
    ...absentOption(
      'u',
      'nouseraccess',
      'leave it out: without -o allow_other, only the user who mounts has access, except that root gives it to all',
    ),
    ...absentOption('p', 'nodefaultperm', 'leave it out: the kernel always checks permissions'),
    ...absentOption('d', 'debug', '--verbose says what is done, and --foreground keeps its messages on standard error'),
    '-c': 'give it as --cache auto or --cache none',
    ...ABSENT_DAXMODE,
    ...ABSENT_ACCESS,
    '-r': 'read-only is -o ro; the log is always mapped',
  },
  seeAlso: ['umount', 'info', 'fsck'],
  changes: true,
  async run(context, args, given): Promise<Result<MountDocument>> {
    const { list = false, foreground = false, sloppy = false, withoutMtab = false, dryRun = false } = given;
    if (list) {
      if (args.length > 0) throw new UsageError('--list takes no MOUNTPOINT', 'leave it out');
      refuseOthers(options, given, 'list');
      return listMounts(context);
    }
    if (withoutMtab && args.length !== 2)
      throw new UsageError('-n is for mount(8), which names a daxdev and a MOUNTPOINT', 'leave it out');
    const { dev, directory } = placeOf(args, given.dev);
    const settings = settingsOf(context, given, sloppy);
    const fd = given.fuseFd ?? descriptorOf(directory);
    if (dryRun) {
      if (fd !== undefined)
        throw new UsageError('--dry-run is for a MOUNTPOINT, not for a descriptor', 'leave one of them out');
      const data = previewMount(context, { dev, directory, fd }, settings);
      return { data, text: () => [previewLine(data)] };
    }
    const released = isReleased(context);
    const inFront = fd !== undefined || foreground || released;
    if (inFront) dropServer();
    const data = inFront
      ? await serveMount(context, { dev, directory, fd }, settings)
      : await startInBackground<MountedRow>(context);
    return { data, text: () => [] };
  },
});

function previewLine({ device, mountPoint, role, readOnly, files }: MountedRow): string {
  const how = `${role}, ${counted(files, 'file')}${readOnly ? ', read-only' : ''}`;
  return `would mount ${device} on ${mountPoint} (${how})`;
}

function placeOf(args: readonly string[], dev: readonly string[]): { dev: readonly string[]; directory: string } {
  const [first, second, ...more] = args;
  if (first === undefined) throw new UsageError('MOUNTPOINT is missing', 'name a directory');
  if (second === undefined) return { dev, directory: first };
  if (more.length > 0 || dev.length > 0)
    throw new UsageError(`'${more[0] ?? second}' is one argument too many`, 'give a daxdev and a MOUNTPOINT');
  return { dev: [first], directory: second };
}

function descriptorOf(directory: string): number | undefined {
  const digits = /^\/dev\/fd\/(\d{1,6})$/.exec(directory)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
