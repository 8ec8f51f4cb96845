import { defineCommand, type Result } from '../ui/command.js';
import { type CommandDocument, type CommandListDocument, commandHelp, helpWidth, overview } from '../ui/help.js';
import { findCommand, isGroup } from '../ui/registry.js';

/** With COMMAND: its definition; else the commands. */
export type HelpDocument = CommandListDocument | CommandDocument;

export const command = defineCommand({
  name: 'help',
  group: 'The tool itself',
  summary: 'tell about a command, or list all commands',
  details: [
    'Without an argument, the commands are listed by group. With the name of a command, its arguments, options, ' +
      'examples and exit codes are shown, as with --help. With --json the definitions are written as data.',
  ],
  examples: [
    { command: 'famfs help', explains: 'list the commands' },
    { command: 'famfs help mkfs', explains: 'tell about mkfs' },
  ],
  args: [{ name: 'COMMAND', summary: 'name of a command', required: false, repeat: true }],
  options: {},
  async run(context, args): Promise<Result<HelpDocument>> {
    const { program } = await import('./index.js');
    const width = helpWidth(context);
    if (args.length === 0) return overview(program, width);
    if (isGroup(program, args)) return overview(program, width, args[0]);
    const { command: found } = await findCommand(program, args);
    return commandHelp(program, found, width);
  },
});
