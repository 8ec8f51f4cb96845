import { loadAll, type Program } from '../registry.js';
import { bashScript } from './bash.js';
import { fishScript } from './fish.js';
import { zshScript } from './zsh.js';

const WRITERS = { bash: bashScript, zsh: zshScript, fish: fishScript };

export type Shell = keyof typeof WRITERS;

export const SHELLS = Object.keys(WRITERS) as readonly Shell[];

export function isShell(name: string): name is Shell {
  return Object.hasOwn(WRITERS, name);
}

/** The lines of a script that teaches a shell to complete a program's commands, options and choices. */
export async function completionScript(shell: Shell, program: Program): Promise<string[]> {
  return WRITERS[shell](program, await loadAll(program.commands));
}
