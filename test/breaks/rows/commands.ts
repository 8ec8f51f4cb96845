import { type Break, breaksOf } from '../break.js';

export const commandsBreaks: readonly Break[] = [
  ...breaksOf('src/commands/mkdir.ts', [
    { from: 'mode: mode & ~umask', to: 'mode', why: 'mkdir ignores the umask', killer: 'commands/mkdir' },
    {
      from: '(DEFAULT_MODE & ~umask) | OWNER_WRITE_SEARCH',
      to: 'DEFAULT_MODE',
      why: 'parents of mkdir -p ignore the umask',
      killer: 'commands/mkdir',
    },
  ]),
  ...breaksOf('src/commands/creat.ts', [
    {
      from: '(file.mode ?? mode) & ~umask',
      to: 'file.mode ?? mode & ~umask',
      why: 'modes of --from ignore the umask',
      killer: 'commands/creat',
      title: 'the umask applies',
    },
  ]),
  ...breaksOf('src/commands/logplay.ts', [
    {
      from: 'more.filter(({ slot }) => slot >= from)',
      to: 'more',
      why: '--follow --from prints entries before the slot',
      killer: 'scenarios/follow',
      title: 'with a slot that is not yet',
    },
  ]),
];
