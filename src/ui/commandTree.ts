import type { Argv } from 'yargs';
import type { Command } from './command.js';

/** Declares one command to yargs, by the last of the words of its name. */
export type DeclareCommand = (cli: Argv, name: readonly string[], command: Command) => void;

/**
 * Declares commands to yargs by all their names. To yargs, a command of two words is a command inside a group, and the group is a
 * command with commands.
 */
export function declareCommands(
  cli: Argv,
  commands: Iterable<readonly [name: string, command: Command]>,
  declare: DeclareCommand,
): void {
  const groups = new Map<string, [name: readonly string[], command: Command][]>();
  for (const [name, command] of commands) {
    const words = name.split(' ');
    const [first = ''] = words;
    if (words.length === 1) declare(cli, words, command);
    else groups.set(first, [...(groups.get(first) ?? []), [words, command]]);
  }
  for (const [first, members] of groups) {
    cli.command(first, members[0]?.[1].group ?? '', (group) => {
      for (const [words, command] of members) declare(group, words, command);
      return group.demandCommand(1);
    });
  }
}
