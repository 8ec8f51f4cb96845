import { type DaxDevice, daxDeviceNamed, daxDevices, type ModeChange, setDaxMode } from '../fs/host/daxDrivers.js';
import { type Context, defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { type Column, table } from '../ui/table.js';

/** With --set-daxmode: what was changed; else the dax devices. */
export type DaxdevModeDocument =
  | { readonly daxdevs: readonly DaxDevice[] }
  | { readonly changes: readonly ModeChange[] };

export const command = defineCommand({
  name: 'daxdev mode',
  group: 'Kernel',
  summary: 'print or set which driver holds dax devices',
  details: [
    'Prints the driver of each dax device of this host, and what it makes of it: devdax (device_dax: tools can map it), ' +
      'famfs (fsdev_dax: it can be mounted, from kernel 7.0 on, and not mapped), system-ram (kmem) or unbound.',
    'With --set-daxmode, gives the named devices to another driver. All are checked first; when one cannot be switched, ' +
      'all get back the driver that they had. A device that a mounted famfs uses, or may use, is refused, and so is one ' +
      'that is memory of this host.',
  ],
  examples: [
    { command: 'famfs daxdev mode', explains: 'all dax devices of this host' },
    { command: 'famfs daxdev mode --set-daxmode devdax dax0.0', explains: 'make it one that tools can map' },
  ],
  args: [{ name: 'DAXDEV', summary: 'dax0.0 or /dev/dax0.0; without it, all', required: false, repeat: true }],
  options: {
    setDaxmode: {
      type: 'string',
      value: 'MODE',
      choices: ['devdax', 'famfs'],
      summary: 'give each DAXDEV to the driver of this mode: devdax or famfs',
    },
  },
  seeAlso: ['daxdev list', 'mkfs'],
  changes: true,
  async run(context, args, { setDaxmode }): Promise<Result<DaxdevModeDocument>> {
    const devices = args.length === 0 ? daxDevices(context) : uniqueDevices(context, args);
    if (setDaxmode === undefined)
      return { data: { daxdevs: devices }, text: (style) => table(context, style, COLUMNS, devices) };
    if (args.length === 0) throw new UsageError('no device is named', 'name each DAXDEV whose mode is to be set');
    const changes = await uninterrupted(context, () => setDaxMode(context, devices, setDaxmode));
    return { data: { changes }, text: () => changes.map(changeLine) };
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

/** While a device is between two drivers, a signal does not end the command; what it found is put back first. */
async function uninterrupted<T>({ signal }: Context, work: () => Promise<T>): Promise<T> {
  const wait = () => {};
  signal.addEventListener('abort', wait);
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', wait);
  }
}

function changeLine({ name, from, to, changed }: ModeChange): string {
  return changed ? `${name}: ${from} -> ${to}` : `${name}: was ${to} already`;
}
