import { type Break, breaksOf } from '../break.js';

export const usageBreaks: readonly Break[] = [
  ...breaksOf('src/fs/usage/range.ts', [
    {
      from: 'bytes += Math.max(end - last.end, 0);',
      to: '',
      why: 'a picture leaves out files that follow each other',
      killer: 'commands/map',
      title: 'map draws every byte once',
    },
  ]),
  ...breaksOf('src/fs/usage/cells.ts', [
    {
      from: 'const end = Math.min(cell.deviceOffset + cell.length, range.end);',
      to: 'const end = range.end;',
      why: 'a cell counts bytes of its neighbours',
      killer: 'commands/map',
      title: 'map draws every byte once',
    },
    {
      from: 'cell.extent = cell.extent === undefined ? number : MANY;',
      to: 'cell.extent = 0;',
      why: 'all strips of a file have the same number',
      killer: 'commands/map',
      title: 'map --file shows where',
    },
  ]),
  ...breaksOf('src/fs/usage/poison.ts', [
    {
      from: 'keepGoing: true, invalidate: true',
      to: 'keepGoing: false, invalidate: true',
      why: 'only the first page of poison is found',
      killer: 'fs/usage/poison',
      title: 'map marks the memory that cannot be read',
    },
    {
      from: 'if ((own[i] as Range).start >= deviceOffset + length) break;',
      to: '',
      why: 'files before poison are said to be in it',
      killer: 'fs/usage/poison',
      title: 'map marks the memory that cannot be read',
    },
  ]),
  ...breaksOf('src/fs/usage/load.ts', [
    {
      from: 'if (this.#last[daxdev] === this.files) return;',
      to: '',
      why: 'a file with several strips on a daxdev is lost more than once',
      killer: 'commands/balance',
      title: 'balance counts what is on each daxdev',
    },
  ]),
  ...breaksOf('src/fs/usage/balance.ts', [
    {
      from: 'next !== undefined && next.slot < slot',
      to: 'next !== undefined',
      why: 'daxdevs are expected to hold files from before they joined',
      killer: 'commands/balance',
      title: 'a daxdev that was added later',
    },
  ]),
  ...breaksOf('src/fs/usage/room.ts', [
    {
      from: "if (files === slots) return { files, limit: 'log' };",
      to: '',
      why: 'more files are promised than the log has slots',
      killer: 'commands/balance',
      title: 'balance counts the slots',
    },
  ]),
  ...breaksOf('src/fs/usage/capacity.ts', [
    {
      from: 'i === 0 ? SUPERBLOCK_REGION + logLength : SUPERBLOCK_REGION',
      to: 'SUPERBLOCK_REGION',
      why: 'a plan gives the space of the log to files',
      killer: 'commands/planCapacity',
      title: 'a prediction equals',
    },
    {
      from: 'lastIndexOf(logLength) + 1 - (daxdevs - 1)',
      to: 'lastIndexOf(logLength) + 1',
      why: 'a plan forgets the log entries of the secondaries',
      killer: 'commands/planCapacity',
      title: 'plan-capacity says how long',
    },
  ]),
  ...breaksOf('src/commands/metrics.ts', [
    {
      from: 'if (size > LARGEST_OUTPUT) return false;',
      to: 'return true;',
      why: 'metrics -o replaces any file',
      killer: 'commands/metrics',
      title: 'metrics -o replaces only',
    },
  ]),
  ...breaksOf('src/fs/transfer/wholeFile.ts', [
    {
      from: 'if (replace) renameSync(at, path);',
      to: '',
      why: 'what is written stays beside the file that it is to replace',
      killer: 'commands/metrics',
      title: 'metrics -o replaces only',
    },
  ]),
  ...breaksOf('src/commands/picture/target.ts', [
    {
      from: 'refuseOwnImage(ownImages(volume), Buffer.from(path), stats);',
      to: '',
      why: 'map --html --force replaces an image of the pool',
      killer: 'commands/map',
      title: 'map replaces a picture only',
    },
  ]),
  ...breaksOf('src/commands/picture/page.ts', [
    {
      from: 'replace(POOL_MARK, () => packed)',
      to: 'replace(POOL_MARK, packed.slice(1))',
      why: 'the page holds a pool that cannot be read',
      killer: 'commands/map',
      title: 'map --html',
    },
  ]),
  ...breaksOf('src/commands/picture/svg.ts', [
    {
      from: '.replace(/[&<>"]/g, (char) => entities[char] as string)',
      to: '',
      why: 'names of directories become markup of an image',
      killer: 'commands/map',
      title: 'map --svg',
    },
  ]),
  ...breaksOf('src/picture/lane.ts', [
    {
      from: 'if (lane.extents === logged) return lane.first(count);',
      to: 'return lane.first(count);',
      why: 'the history of a pool with holes shows files before they were made',
      killer: 'picture/pageData',
      title: 'lanes have the files',
    },
  ]),
  ...breaksOf('src/commands/picture/terminal.ts', [
    {
      from: 'const AROUND_CELLS = 8;',
      to: 'const AROUND_CELLS = 6;',
      why: 'rows are wider than the terminal',
      killer: 'commands/map',
      title: 'map draws a row',
    },
  ]),
  ...breaksOf('src/ui/glob.ts', [
    {
      from: 'from <= char && char <= to) !== negated;',
      to: 'from <= char && char <= to);',
      why: 'find --name [!a] lists what it must leave out',
      killer: 'ui/glob',
    },
  ]),
  ...breaksOf('src/commands/find.ts', [
    {
      from: '    if (!meets(node) || seen.has(node.slot)) continue;',
      to: '    if (!meets(node)) continue;',
      why: 'a file below two of the named directories is counted twice as lost',
      killer: 'commands/find',
    },
  ]),
  ...breaksOf('src/fs/usage/nextTurn.ts', [
    {
      from: '  signal.throwIfAborted();\n',
      to: '',
      why: 'a signal does not end a plan of a million files',
      killer: 'commands/planCapacity',
      title: 'a signal ends',
    },
  ]),
];
