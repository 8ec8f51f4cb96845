import type { Command } from '../command.js';
import type { Program } from '../registry.js';
import { firstWords, offers, quote } from './words.js';

export function bashScript({ name, links }: Program, commands: readonly Command[]): string[] {
  const first = firstWords(commands);
  const groups = first.filter(({ members }) => members.size > 0);
  return [
    `_${name}() {`,
    '  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} options= values= words= word',
    '  local -a given=()',
    // bash takes --policy=random for three words
    '  [[ $current == = ]] && current= && previous=${COMP_WORDS[COMP_CWORD-1]}',
    '  [[ $previous == = ]] && previous=${COMP_WORDS[COMP_CWORD-2]}',
    `  word=\${COMP_WORDS[0]##*/}`,
    `  [[ $word == *.${name} ]] && given+=("\${word%.${name}}")`,
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    '    [[ $word == -* ]] || given+=("$word")',
    '  done',
    '  case "${given[*]:0:2}" in',
    `    '') words=${quote(first.map(({ word }) => word).join(' '))} options='--help --version' ;;`,
    ...groups.map(({ word, members }) => `    ${quote(word)}) words=${quote([...members.keys()].join(' '))} ;;`),
    ...commands.flatMap(commandArm),
    '  esac',
    '  if [[ -n $values ]]; then words=$values',
    '  elif [[ $current == -* ]]; then words=$options',
    '  fi',
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '}',
    // where nothing of ours fits, files
    `complete -o default -F _${name} ${[name, ...links.map((link) => `${link}.${name}`)].join(' ')}`,
  ];
}

function commandArm(command: Command): string[] {
  const all = offers(command);
  const names = all.flatMap(({ short, longs }) => [
    ...(short ? [`-${short}`] : []),
    ...longs.map((long) => `--${long}`),
  ]);
  const choices = all.filter(({ spec }) => spec.choices);
  const arms = choices.map(({ spec, short, longs }) => {
    const forms = [...(short ? [`-${short}`] : []), ...longs.map((long) => `--${long}`)];
    return `        ${forms.join('|')}) values=${quote((spec.choices ?? []).join(' '))} ;;`;
  });
  return [
    `    ${quote(command.name)}|${quote(command.name)}' '*)`,
    `      options=${quote(names.join(' '))}`,
    '      case $previous in',
    ...arms,
    '      esac ;;',
  ];
}
