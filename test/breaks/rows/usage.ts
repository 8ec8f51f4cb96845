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
  ...breaksOf('src/commands/picture/terminal.ts', [
    {
      from: 'const AROUND_CELLS = 8;',
      to: 'const AROUND_CELLS = 6;',
      why: 'rows are wider than the terminal',
      killer: 'commands/map',
      title: 'map draws a row',
    },
  ]),
];
