import { defineCommand, type Result } from '../ui/command.js';
import { commandError } from '../ui/commandErrors.js';
import { UsageError } from '../ui/errors.js';
import { type CommandDocument, type CommandListDocument, commandHelp, helpWidth, overview } from '../ui/help.js';
import { findCommand, isGroup, loadAll } from '../ui/registry.js';

/** With COMMAND: its definition; otherwise the commands. */
export type HelpDocument = CommandListDocument | CommandDocument;

export const command = defineCommand({
  name: 'help',
  group: 'The tool itself',
  summary: 'explain a command, or list all commands',
  details: [
    'Without an argument, lists the commands by group. With the name of a command, shows its arguments, options, ' +
      'examples and exit codes, as --help does. With --json, the definitions are written as data.',
  ],
  examples: [
    { command: 'famfs help', explains: 'list the commands' },
    { command: 'famfs help mkfs', explains: 'explain mkfs' },
  ],
  args: [{ name: 'COMMAND', summary: 'name of a command', required: false, repeat: true }],
  options: {},
  async run(context, args): Promise<Result<HelpDocument>> {
    const { program } = await import('./index.js');
    const width = helpWidth(context);
    const commands = await loadAll(program.commands);
    const { command: named, count } = findCommand(commands, args) ?? {};
    if (named && count !== undefined && count < args.length)
      throw new UsageError(`unexpected argument '${args[count]}'`, `the command is ${named.name}`);
    if (named) return commandHelp(program, named, width);
    const [group] = args;
    if (args.length > 1 || (group !== undefined && !isGroup(commands, group)))
      throw commandError(program, commands, args);
    return overview(program, width, group);
  },
});
