import { type Break, breaksOf } from '../break.js';

/** What commands read: options, settings, and lists of files. */
export const commandInputBreaks: readonly Break[] = [
  ...breaksOf('src/commands/options/alone.ts', [
    {
      from: 'return Array.isArray(value) ? value.length > 0 : value !== undefined;',
      to: 'return value !== undefined;',
      why: 'fsck --list-checks is refused because of options that nobody gave',
      killer: 'fs/fsck/catalogue',
    },
  ]),
  ...breaksOf('src/commands/options/settings.ts', [
    {
      from: 'if (TRUE.includes(word)) return true;',
      to: 'if (TRUE.includes(word)) return false;',
      why: 'output.json = true has no effect',
      killer: 'scenarios/settings',
      title: 'output is',
    },
  ]),
];
