import { type Break, breaksOf } from '../break.js';

export const commandsBreaks: readonly Break[] = [
  ...breaksOf('src/commands/daxdevAdd.ts', [
    {
      from: 'dryRun ? await planOnly(context, dev, add) : await withSession(context, dev, add)',
      to: 'await withSession(context, dev, add)',
      why: 'daxdev add -n completes an append that was cut off',
      killer: 'scenarios/dryRuns',
    },
  ]),
  ...breaksOf('src/commands/logplay.ts', [
    {
      from: 'if (options.dryRun) return',
      to: 'if (!options.dryRun) return',
      why: 'logplay -n --shadow writes the tree',
      killer: 'scenarios/dryRuns',
    },
  ]),
  ...breaksOf('src/fs/transfer/previewOut.ts', [
    {
      from: "if (exists) requireFree('file', path, path, this.images);",
      to: '',
      why: 'get -n does not see what is in the way',
      killer: 'scenarios/dryRuns',
    },
  ]),
  ...breaksOf('src/commands/mkdir.ts', [
    {
      from: '(mode ?? DEFAULT_MODE) & ~umask',
      to: '(mode ?? DEFAULT_MODE)',
      why: 'mkdir ignores the umask',
      killer: 'commands/mkdir',
    },
  ]),
  ...breaksOf('src/commands/options/parentMode.ts', [
    {
      from: '(0o777 & ~umask) | OWNER_WRITE_SEARCH',
      to: '0o777',
      why: 'parents of mkdir -p ignore the umask',
      killer: 'commands/mkdir',
    },
  ]),
  ...breaksOf('src/commands/creat.ts', [
    {
      from: '(given ?? DEFAULT_MODE) & ~umask',
      to: 'given ?? DEFAULT_MODE & ~umask',
      why: 'modes of --from ignore the umask',
      killer: 'commands/creat',
      title: 'the umask applies',
    },
    {
      from: 'mode: given === undefined ? undefined : bits',
      to: 'mode: undefined',
      why: '--exist-ok accepts a file with another mode than was given',
      killer: 'scenarios/idleOptions',
    },
  ]),
  ...breaksOf('src/commands/options/layout.ts', [
    {
      from: 'requested: { stripes: requested, chunkSize: chunk }',
      to: 'requested: {}',
      why: 'a chunk without strips is ignored',
      killer: 'scenarios/idleOptions',
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
