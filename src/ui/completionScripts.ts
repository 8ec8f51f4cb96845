/**
 * The scripts with which a shell asks the program for completions. The scripts of yargs know only one name for a program, and
 * offer options where a file is expected.
 */
import { COMPLETION_OPTION } from './getopt.js';
import type { Program } from './registry.js';

const WRITERS = { bash: bashScript, zsh: zshScript, fish: fishScript };

export type Shell = keyof typeof WRITERS;

export const SHELLS = Object.keys(WRITERS) as readonly Shell[];

export function isShell(name: string): name is Shell {
  return Object.hasOwn(WRITERS, name);
}

/** The lines of the script for a shell: what the program offers, and files where it offers nothing. */
export function completionScript(shell: Shell, program: Program): string[] {
  return WRITERS[shell](program);
}

function bashScript(program: Program): string[] {
  const { name } = program;
  return [
    `_${name}() {`,
    '  local word words=()',
    // bash takes --policy=random for three words
    '  for word in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do [[ $word == = ]] || words+=("$word"); done',
    '  [[ ${COMP_WORDS[COMP_CWORD]} == = ]] && words+=("")',
    `  mapfile -t COMPREPLY < <(SHELL=bash ${name} ${COMPLETION_OPTION} "\${words[@]}" 2>/dev/null)`,
    '}',
    `complete -o default -F _${name} ${namesOf(program)}`,
  ];
}

function zshScript(program: Program): string[] {
  const { name } = program;
  return [
    `#compdef ${namesOf(program)}`,
    `_${name}() {`,
    '  local -a offered',
    `  offered=("\${(@f)$(SHELL=zsh ${name} ${COMPLETION_OPTION} "\${(@)words[1,CURRENT]}" 2>/dev/null)}")`,
    `  if [[ -n $offered ]]; then _describe ${name} offered; else _files; fi`,
    '}',
    // a file of $fpath is the function's body; otherwise this text was given to eval
    `if [[ $funcstack[1] == _${name} ]]; then _${name} "$@"; else compdef _${name} ${namesOf(program)}; fi`,
  ];
}

function fishScript(program: Program): string[] {
  const { name } = program;
  return [
    `function __${name}_offered`,
    '  set -l current (commandline -ct)',
    `  set -l offered (env SHELL=fish ${name} ${COMPLETION_OPTION} (commandline -opc) "$current" 2>/dev/null)`,
    '  if set -q offered[1]; printf "%s\\n" $offered; else; __fish_complete_path "$current"; end',
    'end',
    ...namesOf(program)
      .split(' ')
      .map((called) => `complete -c ${called} -f -a '(__${name}_offered)'`),
  ];
}

/** The names that the program is called by. */
function namesOf({ name, links }: Program): string {
  return [name, ...links.map((link) => `${link}.${name}`)].join(' ');
}
