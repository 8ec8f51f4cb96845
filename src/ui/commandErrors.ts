/** Errors of a command line whose command is unknown, or has too few or too many arguments. */
import type { ArgumentSpec, Command } from './command.js';
import { UsageError } from './errors.js';
import { namesOf, type Program } from './registry.js';
import { nearest } from './suggest.js';

/** No command, an unknown one, or a group without one of its commands. */
export function commandError(
  { name, absent = {} }: Program,
  commands: readonly Command[],
  words: readonly string[],
): UsageError {
  const [first, second] = words;
  if (first === undefined) return new UsageError('no command is given', `'${name} --help' lists them`);
  const tried = [[first, second].join(' '), first].find((text) => Object.hasOwn(absent, text));
  if (tried !== undefined) return new UsageError(`there is no command '${tried}'`, absent[tried]);
  const members = commands.flatMap((command) =>
    command.name.startsWith(`${first} `) ? [command.name.slice(first.length + 1)] : [],
  );
  if (members.length > 0) {
    const list = `'${name} ${first}' needs one of ${members.join(', ')}`;
    if (second === undefined) return new UsageError(`'${first}' is not a command by itself`, list);
    const near = nearest(second, members);
    return new UsageError(`unknown command '${first} ${second}'`, near ? `did you mean ${first} ${near}?` : list);
  }
  const near = nearest(
    first,
    commands.flatMap(namesOf).map((full) => full.split(' ')[0]!),
  );
  return new UsageError(
    `unknown command '${first}'`,
    near ? `did you mean ${near}?` : `'${name} --help' lists the commands`,
  );
}

/** Refuses an empty argument: if a script's variable is not set, it must not mean this directory or the root. */
export function refuseEmpty(args: readonly string[], specs: readonly ArgumentSpec[]): void {
  const index = args.indexOf('');
  if (index < 0) return;
  const spec = specOf(specs, index, args.length);
  throw new UsageError(`argument ${spec?.name} is empty`, spec?.summary);
}

/** Which argument the word at `index` is; the repeating one takes all words that the others do not need. */
function specOf(specs: readonly ArgumentSpec[], index: number, count: number): ArgumentSpec | undefined {
  const repeated = specs.findIndex(({ repeat }) => repeat);
  if (repeated < 0 || index < repeated) return specs[index];
  const fromEnd = count - index;
  const after = specs.length - repeated - 1;
  return fromEnd <= after ? specs[specs.length - fromEnd] : specs[repeated];
}

/** Too few or too many arguments: `args` were given, `specs` describes the command's arguments. */
export function argumentError(args: readonly string[], specs: readonly ArgumentSpec[]): UsageError {
  const missing = specs.filter((spec) => spec.required)[args.length];
  if (missing) return new UsageError(`argument ${missing.name} is missing`, missing.summary);
  const takes = specs.length === 0 ? 'no arguments' : specs.map((spec) => spec.name).join(' ');
  return new UsageError(`unexpected argument '${args[specs.length]}'`, `the command takes ${takes}`);
}
