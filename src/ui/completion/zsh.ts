import type { Command } from '../command.js';
import { takesValue, valueName } from '../optionNames.js';
import type { Program } from '../registry.js';
import { type FirstWord, firstWords, type Offer, offers, quote } from './words.js';

export function zshScript({ name, links }: Program, commands: readonly Command[]): string[] {
  const names = [name, ...links.map((link) => `${link}.${name}`)].join(' ');
  const first = firstWords(commands);
  return [
    `#compdef ${names}`,
    `_${name}() {`,
    '  local command',
    '  local -a choices',
    `  if [[ $service == *.${name} ]]; then`,
    `    command=\${service%.${name}}`,
    '  else',
    ...describe(new Map(first.map(({ word, summary }) => [word, summary]))),
    '    command=$words[2]; shift words; (( CURRENT-- ))',
    '    case $command in',
    ...first.filter(({ members }) => members.size > 0).flatMap(groupArm),
    '    esac',
    '  fi',
    '  case $command in',
    ...commands.flatMap(commandArm),
    '  esac',
    '}',
    // a file of $fpath is the function's body; otherwise this text was given to eval
    `if [[ $funcstack[1] == _${name} ]]; then _${name} "$@"; else compdef _${name} ${names}; fi`,
  ];
}

function describe(words: ReadonlyMap<string, string>): string[] {
  const rows = [...words].map(([word, summary]) => quote(`${word}:${summary}`));
  return [
    '    if (( CURRENT == 2 )); then',
    `      choices=(${rows.join(' ')})`,
    '      _describe command choices; return',
    '    fi',
  ];
}

function groupArm({ word, members }: FirstWord): string[] {
  return [`    ${word})`, ...describe(members), '    command+=" $words[2]"; shift words; (( CURRENT-- )) ;;'];
}

function commandArm(command: Command): string[] {
  const specs = offers(command).flatMap(optionSpecs);
  return [`    ${quote(command.name)}) _arguments -s -S ${[...specs, quote('*:file:_files')].join(' ')} ;;`];
}

/** `'*--tag=[a list]:TAG:_files'`: one word a form, so that either is offered where the other was given already. */
function optionSpecs({ spec, short, longs }: Offer): string[] {
  const valued = takesValue(spec);
  const value = valued ? `:${escaped(valueName(spec))}:${spec.choices ? `(${spec.choices.join(' ')})` : '_files'}` : '';
  const rest = `[${escaped(spec.summary)}]${value}`;
  const many = spec.repeat || spec.type === 'count' ? '*' : '';
  const forms = [
    ...(short ? [`-${short}${valued ? '+' : ''}`] : []),
    ...longs.map((l) => `--${l}${valued ? '=' : ''}`),
  ];
  return forms.map((form) => quote(many + form + rest));
}

function escaped(text: string): string {
  return text.replace(/[[\]:\\]/g, (char) => `\\${char}`);
}
