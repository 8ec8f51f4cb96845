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

// Each script gives the words of the line to the program without their quotes. If what it prints begins with an empty line, names
// follow, which the shell quotes; one that ends with a slash goes on.

function bashScript(program: Program): string[] {
  const { name } = program;
  return [
    `_${name}() {`,
    '  local word glue= words=() inside=()',
    // bash cuts words at = and :
    '  for word in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do',
    '    if [[ $word =~ ^[=:]+$ && ${#words[@]} -gt 1 ]]; then words[-1]+=$word glue=1',
    '    elif [[ $glue ]]; then words[-1]+=$word glue=',
    '    else words+=("$word"); fi',
    '  done',
    '  local last=${COMP_WORDS[COMP_CWORD]}',
    '  [[ $last =~ ^[=:]+$ ]] && last=',
    '  local before=${words[-1]%"$last"}',
    `  words=("\${words[@]//[\\"\\'\\\\]/}")`,
    '  words=("${words[@]/#\\~\\//$HOME/}")',
    `  mapfile -t COMPREPLY < <(SHELL=bash ${name} ${COMPLETION_OPTION} "\${words[@]}" 2>/dev/null)`,
    '  if [[ ${#COMPREPLY[@]} -gt 1 && -z ${COMPREPLY[0]} ]]; then',
    '    unset "COMPREPLY[0]"',
    // readline goes on with a quote only for file names, in which it leaves a $ as it is
    `    if [[ $last == [\\"\\']* ]]; then`,
    '      for word in "${COMPREPLY[@]}"; do',
    `        [[ $word == *[\\"\\'\\\\\\$\\\`!]* ]] || inside+=("$word")`,
    '      done',
    '      COMPREPLY=("${inside[@]}")',
    '      compopt -o filenames 2>/dev/null',
    '    else mapfile -t COMPREPLY < <(printf "%q\\n" "${COMPREPLY[@]}"); fi',
    '    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[@]} == */ ]] && compopt -o nospace 2>/dev/null',
    '  fi',
    '  [[ $before ]] && COMPREPLY=("${COMPREPLY[@]#"$before"}")',
    '}',
    `complete -o default -F _${name} ${namesOf(program)}`,
  ];
}

function zshScript(program: Program): string[] {
  const { name } = program;
  return [
    `#compdef ${namesOf(program)}`,
    `_${name}() {`,
    '  local -a offered folders',
    `  offered=("\${(@f)$(SHELL=zsh ${name} ${COMPLETION_OPTION} "\${(@Q)words[1,CURRENT]}" 2>/dev/null)}")`,
    '  if [[ -z $offered ]]; then _files',
    '  elif [[ -z $offered[1] ]]; then',
    '    folders=("${(@M)offered:#*/}") offered=("${(@)offered[2,-1]:#*/}")',
    "    (( $#folders )) && compadd -S '' -a folders",
    '    (( $#offered )) && compadd -a offered',
    `  else _describe ${name} offered; fi`,
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
    '  set -l plain (string unescape -- $current; or echo $current)',
    `  set -l offered (env SHELL=fish ${name} ${COMPLETION_OPTION} (commandline -opc) "$plain" 2>/dev/null)`,
    '  if set -q offered[2]; and test -z "$offered[1]"; set -e offered[1]; end',
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
