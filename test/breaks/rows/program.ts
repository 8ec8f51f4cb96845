import { type Break, breaksOf } from '../break.js';

/** The start of the program, and the command line. */
export const programBreaks: readonly Break[] = [
  ...breaksOf('src/argv.ts', [
    {
      from: 'words.slice(-count)',
      to: 'words.slice(0, count)',
      why: 'a name that is not UTF-8 on the command line is taken for the name of the program',
      killer: 'cli',
      title: 'bytes of the command line',
    },
  ]),
  ...breaksOf('src/cli.ts', [
    {
      from: '.then(main.leave)',
      to: '.then(() => main.leave(0))',
      why: 'every command ends with 0 for the shell',
      killer: 'cli',
      title: 'exit codes reach',
    },
  ]),
  ...breaksOf('src/main.ts', [
    {
      from: 'if (plain && process.listenerCount',
      to: 'if (process.listenerCount',
      why: 'the coverage of tests that run the program is never written',
      killer: 'cli',
      title: 'what Node.js is asked',
    },
    {
      from: '[link, ...given.map(',
      to: '[...given.map(',
      why: 'mkfs.famfs does not run mkfs',
      killer: 'cli',
      title: 'links give',
    },
  ]),
  ...breaksOf('src/printVersion.ts', [
    {
      from: 'argv.length !== 1 || ',
      to: '',
      why: 'famfs --version ls runs nothing',
      killer: 'cli',
      title: 'the version',
    },
  ]),
  ...breaksOf('src/ui/command.ts', [
    {
      from: '  return command;\n',
      to: '  return { ...command, seeAlso: [] } as Command<T, Document>;\n',
      why: 'no manual page names the commands that belong to it',
      killer: 'meta/commands',
      title: 'every command has a man',
    },
  ]),
  ...breaksOf('src/ui/commandErrors.ts', [
    {
      from: `if (second === undefined) return new UsageError(\`'\${first}' is not a command by itself\`, list);`,
      to: '',
      why: "who types only 'famfs daxdev' hears of an unknown command 'undefined'",
      killer: 'ui/run',
      title: 'commands of a group',
    },
  ]),
  ...breaksOf('src/ui/commandTree.ts', [
    {
      from: '[...(groups.get(first) ?? []), [words, command]]',
      to: '[[words, command]]',
      why: 'of the commands of a group only the last is known',
      killer: 'ui/completion',
    },
  ]),
  ...breaksOf('src/ui/process.ts', [
    {
      from: "path.includes('\\ufffd') ? '/proc/self/cwd' : path",
      to: 'path',
      why: 'files in a folder whose name is not UTF-8 are not found',
      killer: 'cli',
      title: 'a working directory',
    },
  ]),
  ...breaksOf('src/ui/signals.ts', [
    {
      from: 'process.kill(process.pid, name);',
      to: 'process.exit();',
      why: 'a shell loop goes on after Ctrl-C',
      killer: 'cli',
      title: 'a command that a signal',
    },
  ]),
];
