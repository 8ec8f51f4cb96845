import type { Command } from '../command.js';
import { takesValue } from '../optionNames.js';
import type { Program } from '../registry.js';
import { firstWords, type Offer, offers } from './words.js';

export function fishScript({ name, links }: Program, commands: readonly Command[]): string[] {
  return [
    ...links.map((link) => `complete -c ${link}.${name} -w ${quoted(`${name} ${link}`)}`),
    ...firstWords(commands).flatMap(({ word, summary, members }) => [
      `complete -c ${name} -n __fish_use_subcommand -f -a ${word} -d ${quoted(summary)}`,
      ...[...members].map(([second, text]) => memberLine(name, word, second, text)),
    ]),
    ...commands.flatMap((command) => offers(command).map((offer) => optionLine(name, command, offer))),
  ];
}

function memberLine(program: string, word: string, second: string, summary: string): string {
  const when = quoted(`__fish_seen_subcommand_from ${word}; and not __fish_seen_subcommand_from ${second}`);
  return `complete -c ${program} -n ${when} -f -a ${second} -d ${quoted(summary)}`;
}

function optionLine(program: string, command: Command, { spec, short, longs }: Offer): string {
  const seen = command.name.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
  const names = [...(short ? [`-s ${short}`] : []), ...longs.map((long) => `-l ${long}`)];
  const value = spec.choices ? ` -x -a ${quoted(spec.choices.join(' '))}` : takesValue(spec) ? ' -r' : '';
  return `complete -c ${program} -n ${quoted(seen.join('; and '))} ${names.join(' ')}${value} -d ${quoted(spec.summary)}`;
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, (char) => `\\${char}`)}'`;
}
