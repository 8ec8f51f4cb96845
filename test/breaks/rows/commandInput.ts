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
  ...breaksOf('src/commands/options/device.ts', [
    {
      from: 'new EntryRecord(from)',
      to: 'new EntryRecord(0)',
      why: 'log diff shows the entries before the one that it starts at',
      killer: 'commands/output/entryList',
      title: 'many entries',
    },
  ]),
  ...breaksOf('src/commands/options/fileList.ts', [
    {
      from: 'if (fields.length % FIELDS_A_FILE !== 0)',
      to: 'if (fields.length < FIELDS_A_FILE - 1)',
      why: 'the last file of a list with a field too few is left out without a word',
      killer: 'scenarios/fileLists',
      title: 'a field too few',
    },
  ]),
  ...breaksOf('src/commands/options/input.ts', [
    {
      from: "yield* readOwnInput(context, source) ?? (await import('./streamInput.js')).readByStream(context, source);",
      to: "for await (const chunk of readOwnInput(context, source) ?? (await import('./streamInput.js')).readByStream(context, source)) return yield chunk;",
      why: 'only the beginning of a list that comes slowly is carried out',
      killer: 'scenarios/fileLists',
      title: 'a list comes from a FIFO',
    },
  ]),
  ...breaksOf('src/commands/options/streamInput.ts', [
    {
      from: "source === '-' ?",
      to: "source === '' ?",
      why: "creat --from - looks for a file named '-'",
      killer: 'scenarios/fileLists',
      title: 'a list with one file',
    },
  ]),
  ...breaksOf('src/commands/options/ownInput.ts', [
    {
      from: 'read(fd, buffer, 0, size, null,',
      to: 'read(fd, buffer, 0, size, 0,',
      why: 'a list that comes from a pipe cannot be read',
      killer: 'scenarios/fileLists',
      title: 'a line without an end',
    },
  ]),
  ...breaksOf('src/commands/options/records.ts', [
    {
      from: "if (end === '\\0') throw new Error('it does not end with NUL');",
      to: '',
      why: 'a list that was cut short makes a file of the wrong mode',
      killer: 'scenarios/fileLists',
      title: 'a list that is cut short',
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
