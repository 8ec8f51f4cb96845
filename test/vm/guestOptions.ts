/** Seconds after which run-vm.sh ends a guest in any case. */
const TIME_LIMIT = 1200;

export type Kernel = 'stock' | 'fsdev';

/** The hardware and environment of a guest; the defaults are those of run-vm.sh. */
export interface GuestOptions {
  /** dax devices (2) */
  devices?: number;
  /** MiB of each device; the last repeats (256) */
  sizes?: readonly number[];
  /** soft-reserved memory or NVDIMMs (hmem) */
  kind?: 'hmem' | 'nvdimm';
  /** that of this machine's Debian, or a newer one that has fsdev_dax (stock) */
  kernel?: Kernel;
  /** alignments of NVDIMMs; the last repeats (2M) */
  aligns?: readonly ('4K' | '2M' | '1G')[];
  /** folder of the devices' memory, which is kept, and shared by all guests that name it */
  backing?: string;
  /** host folders that the guest may write to */
  shares?: readonly string[];
  hostname?: string;
  /** environment of all commands */
  environment?: Readonly<Record<string, string>>;
  /** MiB of RAM (1536) */
  memory?: number;
  /** files that make up the guest's root, with bash, busybox and libraries, in place of the host's root */
  carry?: readonly string[];
  /** seconds */
  timeLimit?: number;
}

export interface RestoreOptions {
  /** folder that saveGuest() wrote */
  saved: string;
  backing: string;
  /** seconds */
  timeLimit?: number;
}

function hardware(options: GuestOptions): string[] {
  const values: [flag: string, value: string | number | undefined][] = [
    ['-n', options.devices],
    ['-s', options.sizes?.join()],
    ['-k', options.kind],
    ['-K', options.kernel],
    ['-A', options.aligns?.join()],
    ['-d', options.backing],
    ['-H', options.hostname],
    ['-m', options.memory],
    ['-t', options.timeLimit ?? TIME_LIMIT],
    ...(options.shares ?? []).map((folder): [string, string] => ['-o', folder]),
    ...Object.entries(options.environment ?? {}).map(([name, value]): [string, string] => ['-E', `${name}=${value}`]),
    ...(options.carry ?? []).map((file): [string, string] => ['-f', file]),
  ];
  return values.flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)]));
}

/** run-vm.sh's arguments for a guest that serves. */
export function bootArguments(options: GuestOptions): string[] {
  return [...hardware(options), '--serve'];
}

/** run-vm.sh's arguments for saving a guest in a folder. */
export function saveArguments(options: GuestOptions, folder: string): string[] {
  return [...hardware(options), '--save', folder];
}

/** run-vm.sh's arguments for resuming a saved guest. */
export function restoreArguments({ saved, backing, timeLimit = TIME_LIMIT }: RestoreOptions): string[] {
  return ['-d', backing, '-t', String(timeLimit), '--restore', saved];
}
