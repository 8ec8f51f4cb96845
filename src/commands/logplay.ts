import { allocatedBytes } from '../format/fmap.js';
import type { LogEntry } from '../format/logEntry.js';
import type { Replayed } from '../fs/replay.js';
import { openVolume } from '../fs/volume.js';
import { defineCommand, type Style } from '../ui/command.js';
import { octal } from '../ui/units.js';
import { deviceOptions } from './shared.js';

export const command = defineCommand({
  name: 'logplay',
  group: 'Look',
  summary: 'replay the log and print what it does',
  details: [
    'Replays the log in order and prints the operation of each entry: a directory made, a file made, a daxdev added. An ' +
      'entry that cannot be used is printed as skipped. Nothing is changed anywhere; --dry-run is accepted for scripts ' +
      'written for the reference tool.',
  ],
  examples: [
    { command: 'famfs logplay', explains: 'all entries' },
    { command: 'famfs logplay --from 1000 --json', explains: 'entries from slot 1000 on, for a script' },
  ],
  args: [],
  options: {
    from: {
      type: 'integer',
      value: 'N',
      default: 0,
      summary: 'print entries from slot N on; those before are replayed but not printed',
    },
    dryRun: { type: 'boolean', short: 'n', summary: 'print only, which is what happens anyway' },
    ...deviceOptions,
  },
  seeAlso: ['ls', 'fsck'],
  async run(context, _args, { from, dev, dryRun = true }) {
    const replayed: Replayed[] = [];
    const volume = openVolume(context, dev, (entry) => {
      if (entry.slot >= from) replayed.push(entry);
    });
    volume.close();
    const { fileCount, directoryCount } = volume.replay.namespace;
    const { next, skipped } = volume.replay;
    const summary = { entries: next, skipped, files: fileCount, directories: directoryCount, dryRun };
    return {
      data: { ...summary, operations: operations(replayed) },
      text: (style) => lines(replayed, style, summary),
    };
  },
});

function* operations(replayed: readonly Replayed[]): Generator<object> {
  for (const { slot, entry, applied } of replayed) {
    if (entry === undefined) yield { slot, type: null, applied };
    else if (entry.type === 'ADD_DAXDEV') yield { slot, applied, ...entry };
    else yield { slot, applied, ...entry, mode: octal(entry.mode) };
  }
}

function* lines(
  replayed: readonly Replayed[],
  style: Style,
  summary: { entries: number; skipped: number; files: number; directories: number },
): Generator<string> {
  for (const { slot, entry, applied } of replayed) {
    const text = `${String(slot).padStart(6)}  ${entry === undefined ? 'unreadable' : describe(entry)}`;
    yield applied ? text : style.red(`${text}  (skipped: run famfs fsck)`);
  }
  yield `${summary.entries} entries, ${summary.skipped} skipped: ${summary.files} files, ${summary.directories} directories`;
}

function describe(entry: LogEntry): string {
  if (entry.type === 'ADD_DAXDEV')
    return `daxdev  index ${entry.deviceIndex} uuid ${entry.deviceUuid} size ${entry.deviceSize}`;
  const owner = `${octal(entry.mode)} ${entry.uid}:${entry.gid}`;
  if (entry.type === 'MKDIR') return `mkdir   ${owner} ${entry.path}`;
  const { fmap, size, path } = entry;
  const layout =
    fmap.kind === 'simple'
      ? `${fmap.extents.length} extents`
      : `${fmap.extents.length} strips of chunk ${fmap.chunkSize}`;
  return `creat   ${owner} ${path} size ${size} in ${layout}, ${allocatedBytes(fmap)} bytes`;
}
