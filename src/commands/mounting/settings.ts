/** How to serve a file system: from the options of mount, those of -o, and the configuration, in this order of precedence. */
import { tmpdir } from 'node:os';
import { checkLayout, type Layout } from '../../fs/allocate/placement.js';
import { hostPath } from '../../fs/host/hostPath.js';
import { type MountFlags, parseMountOptions, VALUED } from '../../fs/serve/mountOptions.js';
import { CACHE_MODES, MAP_MODES, type ServeOptions } from '../../fs/serve/serveOptions.js';
import type { Context, OptionSpec, OptionValues } from '../../ui/command.js';
import { named, UsageError } from '../../ui/errors.js';
import { parseValue } from '../../ui/values.js';
import { layoutOf, layoutOptions } from '../options/layout.js';
import { nameOptions } from '../options/names.js';
import { fmapRow } from '../output/extent.js';

const DEFAULT_THREADS = 2;
const DEFAULT_REFRESH = 1000;
const DEFAULT_LINGER = 1000;

const { stripes } = layoutOptions;
const chunk = {
  ...layoutOptions.chunk,
  details: `${layoutOptions.chunk.details} It is also that of directories with the attribute user.famfs.stripes.`,
} as const;

export const serveOptions = {
  options: {
    type: 'string',
    short: 'o',
    long: 'options',
    value: 'LIST',
    repeat: true,
    summary: 'options of mount(8), separated by commas: ro, allow_other, noexec and others',
    details:
      'Besides the common ones: cache=, maps=, refresh=, threads=, stripes=, chunk=, linger=, staging= and log=, which mean ' +
      'the same as the options with these names, as does allow_bytes. nosuid and nodev are set unless suid and dev are given; allow_other is set for root.',
  },
  cache: {
    type: 'string',
    choices: CACHE_MODES,
    value: 'HOW',
    summary: 'auto: the kernel caches what it reads; none: each read and write reaches the memory',
  },
  maps: {
    type: 'string',
    choices: MAP_MODES,
    value: 'FORM',
    summary: 'give the kernel maps of files in this form, if it supports them; none: it asks for bytes',
    details:
      'With auto, it is the form that the kernel offers, but v2 only if the file system is on one daxdev and has an allocation ' +
      'unit of 2 MiB: published kernels refuse other maps in that form, and then cannot read the files.',
  },
  refresh: {
    type: 'integer',
    value: 'MS',
    min: 1,
    max: 3_600_000,
    summary: `milliseconds between reads of the log; the default is ${DEFAULT_REFRESH}`,
  },
  threads: {
    type: 'integer',
    value: 'N',
    min: 1,
    max: 64,
    summary: `threads that answer the kernel; the default is ${DEFAULT_THREADS}`,
  },
  ...nameOptions,
  stripes,
  chunk,
  linger: {
    type: 'integer',
    value: 'MS',
    min: 0,
    max: 86_400_000,
    summary: `milliseconds from close to commit; the default is ${DEFAULT_LINGER}`,
    details:
      'Mode, owner and name of a new file or directory can be changed until it is committed, and each change restarts the time. ' +
      'Programs such as rsync and cp -a set them last; with a long time, their whole tree can be changed. fsync and ' +
      'unmounting commit at once.',
  },
  staging: {
    type: 'string',
    value: 'DIR',
    summary: 'folder for the bytes of new files until they are committed',
    details:
      'The default is the folder for temporary files (TMPDIR). It must have room for the new files. Files that a server ' +
      'that was killed left there are committed by the next mount of the file system.',
  },
  log: {
    type: 'string',
    value: 'FILE',
    summary: 'append messages to FILE, instead of the system log (with --foreground: standard error)',
  },
} as const;

const OWN: Readonly<Record<(typeof VALUED)[number], OptionSpec>> = {
  cache: serveOptions.cache,
  maps: serveOptions.maps,
  refresh: serveOptions.refresh,
  threads: serveOptions.threads,
  stripes,
  chunk,
  linger: serveOptions.linger,
  staging: serveOptions.staging,
  log: serveOptions.log,
};

export interface Settings {
  readonly flags: MountFlags;
  readonly serve: ServeOptions;
  /** absolute; undefined if none is named */
  readonly logFile: string | undefined;
}

/**
 * Throws UsageError.
 * @param sloppy ignore unknown options of -o
 */
export function settingsOf(context: Context, given: OptionValues<typeof serveOptions>, sloppy: boolean): Settings {
  const { flags, values, unknown } = parseMountOptions(given.options);
  // without this, a sloppy one would be a second mount
  if (unknown.includes('remount'))
    throw new UsageError(
      '-o remount: the options of a mounted file system cannot be changed',
      'unmount it, and mount it again with others',
    );
  if (unknown.length > 0 && !sloppy)
    throw new UsageError(
      `-o ${unknown[0]}: unknown option`,
      `famfs has ${VALUED.map((name) => `${name}=`).join(', ')}`,
    );
  const value = <K extends keyof typeof OWN>(name: K) => given[name] ?? givenValue(name, values.get(name));
  const staging = (value('staging') as string | undefined) ?? tmpdir();
  const log = value('log') as string | undefined;
  return {
    flags,
    serve: {
      readOnly: flags.readOnly,
      cache: (value('cache') as ServeOptions['cache'] | undefined) ?? 'auto',
      mapsOfImages: false,
      rootOwner: { uid: context.uid, gid: context.gid },
      maps: (value('maps') as ServeOptions['maps'] | undefined) ?? 'auto',
      threads: (value('threads') as number | undefined) ?? DEFAULT_THREADS,
      refresh: (value('refresh') as number | undefined) ?? DEFAULT_REFRESH,
      linger: (value('linger') as number | undefined) ?? DEFAULT_LINGER,
      allowBytes: given.allowBytes ?? flags.allowBytes,
      staging: hostPath(context, staging),
      layout: layoutIn(context, value('stripes') as number | undefined, value('chunk') as number | undefined),
      mapText: (entry) => JSON.stringify({ path: entry.path, size: entry.size, ...fmapRow(entry) }),
    },
    logFile: log === undefined ? undefined : hostPath(context, log),
  };
}

function givenValue(name: keyof typeof OWN, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  return named(`-o ${name}=${text}`, () => parseValue(OWN[name], text));
}

function layoutIn(context: Context, stripes: number | undefined, chunk: number | undefined): Layout {
  const nothing = {
    policy: undefined,
    allocSeed: undefined,
    daxdevs: undefined,
    simple: undefined,
    contiguous: undefined,
  };
  // a wrong value would be an error for each new file, which nobody would see
  const { requested: _, ...layout } = layoutOf(context, { ...nothing, stripes, chunk });
  checkLayout(layout);
  return layout;
}
