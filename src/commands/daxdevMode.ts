import { type DaxDevice, daxDeviceNamed, daxDevices } from '../fs/host/daxDevices.js';
import { type ModeChange, planDaxMode, setDaxMode } from '../fs/host/daxMode.js';
import { type Context, defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { type Column, table } from '../ui/table.js';
import { dryRunOption } from './options/dryRun.js';

/** With --set-daxmode: the changed devices; otherwise the dax devices. */
export type DaxdevModeDocument = { readonly daxdevs: readonly DaxDevice[] } | ChangedModes;

interface ChangedModes {
  readonly changes: readonly ModeChange[];
  /** false with --dry-run: `changes` are those that would be made */
  readonly written: boolean;
}

export const command = defineCommand({
  name: 'daxdev mode',
  group: 'Kernel',
  summary: 'print or set the drivers of dax devices',
  details: [
    'Prints the driver of each dax device of this host, and its mode: devdax (device_dax: tools can map it), famfs ' +
      '(fsdev_dax: kernel 7.0 and later can mount it, but tools cannot map it), system-ram (kmem) or unbound.',
    'With --set-daxmode, binds the named devices to another driver. All are checked first; if one cannot be switched, all ' +
      'get their old drivers back. A device is refused if a mounted famfs uses it or may use it, if any process has it mapped, ' +
      'and if it is system RAM.',
  ],
  examples: [
    { command: 'famfs daxdev mode', explains: 'all dax devices of this host' },
    { command: 'famfs daxdev mode --set-daxmode devdax dax0.0', explains: 'let tools map it' },
  ],
  args: [
    {
      name: 'DAXDEV',
      completes: 'daxdev',
      summary: 'dax0.0 or /dev/dax0.0; without it, all',
      required: false,
      repeat: true,
    },
  ],
  options: {
    setDaxmode: {
      type: 'string',
      value: 'MODE',
      choices: ['devdax', 'famfs'],
      summary: 'bind each DAXDEV to the driver of this mode: devdax or famfs',
    },
    ...dryRunOption,
  },
  seeAlso: ['daxdev list', 'mkfs'],
  changes: true,
  async run(context, args, { setDaxmode, dryRun = false }): Promise<Result<DaxdevModeDocument>> {
    if (dryRun && setDaxmode === undefined)
      throw new UsageError('--dry-run is for --set-daxmode', 'leave it out: nothing is changed');
    const devices = args.length === 0 ? daxDevices(context) : uniqueDevices(context, args);
    if (setDaxmode === undefined)
      return { data: { daxdevs: devices }, text: (style) => table(context, style, COLUMNS, devices) };
    if (args.length === 0) throw new UsageError('no device is named', 'name each DAXDEV whose mode to set');
    const changes = dryRun
      ? planDaxMode(context, devices, setDaxmode)
      : await uninterrupted(context, () => setDaxMode(context, devices, setDaxmode));
    return { data: { changes, written: !dryRun }, text: () => changes.map((change) => changeLine(change, dryRun)) };
  },
});

const COLUMNS: readonly Column<DaxDevice>[] = [
  { key: 'name', label: 'daxdev' },
  { key: 'mode', label: 'mode' },
  { key: 'driver', label: 'driver', format: (driver) => driver ?? '-' },
  { key: 'size', label: 'size', align: 'right', format: (size) => (size === null ? '-' : String(size)) },
];

function uniqueDevices(context: Context, args: readonly string[]): DaxDevice[] {
  const devices = args.map((text) => daxDeviceNamed(context, text));
  return [...new Map(devices.map((device) => [device.name, device])).values()];
}

/** While a device is between two drivers, a signal does not end the command; first the device gets its driver back. */
async function uninterrupted<T>({ signal }: Context, work: () => Promise<T>): Promise<T> {
  const wait = () => {};
  signal.addEventListener('abort', wait);
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', wait);
  }
}

function changeLine({ name, from, to, changed }: ModeChange, dryRun: boolean): string {
  if (!changed) return `${name}: ${dryRun ? 'is' : 'was'} ${to} already`;
  return `${name}: ${dryRun ? 'would be ' : ''}${from} -> ${to}`;
}
