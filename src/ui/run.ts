import type { Command, Context, OptionSpec, OptionTable, ReportedError, Result, Style } from './command.js';
import { Interrupted, UsageError } from './errors.js';
import { GLOBAL_OPTIONS, type GlobalValues } from './globals.js';
import { takesValue, withGlobals } from './optionNames.js';
import { writeResult } from './output.js';
import { checkArguments, type Parsed, parseOptions } from './parse.js';
import { findCommand, isGroup, type Program } from './registry.js';
import { type ReportOptions, reportError, reportWarning } from './report.js';
import { spellOut } from './shortOptions.js';
import type { Sink } from './sink.js';
import { colourStyle, PLAIN, wantsColour } from './style.js';

/** The process a command line runs in: what a Context has that no option decides. */
export interface Face extends Omit<Context, 'json' | 'quiet' | 'warn' | 'failed'> {
  /** where results go; the same place as `stdout` */
  readonly sink: Sink;
}

/** What can be given before a command's name. */
const LEADING = { ...GLOBAL_OPTIONS, version: { type: 'boolean', short: 'V', summary: 'print the version' } } as const;

/** Without defaults, as the configuration may have others. */
const UNSET_GLOBALS: OptionTable = Object.fromEntries(
  Object.entries<OptionSpec>(GLOBAL_OPTIONS).map(([key, { default: _, ...spec }]) => [key, spec]),
);

/** One command line: finds the command, reads its options, runs it, writes its result or its error. */
export class CommandLine {
  readonly #program: Program;
  readonly #argv: readonly string[];
  readonly #face: Face;
  /** known once its name was found */
  #command: Command | undefined;
  /** global options as they are configured; known once the command line was understood */
  #configured: Partial<GlobalValues> = {};

  constructor(program: Program, argv: readonly string[], face: Face) {
    this.#program = program;
    this.#argv = argv;
    this.#face = face;
  }

  /** Returns the exit code; throws nothing. */
  async run(): Promise<number> {
    try {
      return await this.#dispatch();
    } catch (error) {
      return this.fail(error);
    }
  }

  /** Reports an error and returns the exit code that goes with it. */
  fail(error: unknown): number {
    this.#face.stderr.write(reportError(error, this.#reportOptions()));
    if (error instanceof Interrupted) return error.exitCode;
    const codes = this.#command?.exitCodes ?? { usage: 2, failed: 1 };
    return error instanceof UsageError ? codes.usage : codes.failed;
  }

  async #dispatch(): Promise<number> {
    const count = leadingCount(this.#argv);
    const leading = this.#argv.slice(0, count);
    const words = this.#argv.slice(count);
    const globals = parseOptions(leading, LEADING).options as unknown as GlobalValues & { version?: boolean };
    if (globals.version) return this.#write(versionResult(this.#program), globals);
    const [first] = words;
    if (first === undefined && globals.help) return this.#overview(globals);
    if (first === undefined) throw new UsageError('no command is given', `'${this.#program.name} --help' lists them`);
    if (isGroup(this.#program, words) && (globals.help || asksHelp(words))) return this.#overview(globals, first);
    const { command, rest } = await findCommand(this.#program, words);
    this.#command = command;
    const table = withGlobals(command.options, UNSET_GLOBALS);
    return this.#runCommand(command, parseOptions([...spellOut(leading, LEADING), ...rest], table));
  }

  async #runCommand(command: Command, { args, options }: Parsed): Promise<number> {
    const given = options as unknown as GlobalValues;
    if (given.help) {
      const { commandHelp, helpWidth } = await import('./help.js');
      return this.#write(commandHelp(this.#program, command, helpWidth(this.#face)), given);
    }
    this.#configured = this.#program.globalDefaults?.(this.#face) ?? {};
    const globals = overlay(this.#configured, given);
    checkArguments(args, command.args);
    const own = Object.fromEntries(Object.keys(command.options).map((key) => [key, options[key]]));
    const result = await command.run(this.#context(globals), args, own as never);
    return this.#write(result, globals);
  }

  /** Lists the commands, or those that begin with `word`. */
  async #overview(globals: GlobalValues, word?: string): Promise<number> {
    const { helpWidth, overview } = await import('./help.js');
    return this.#write(await overview(this.#program, helpWidth(this.#face), word), globals);
  }

  async #write(result: Result, globals: GlobalValues): Promise<number> {
    await writeResult(this.#face.sink, result, globals.json ? undefined : await this.#style(globals));
    return result.exitCode ?? 0;
  }

  async #style(globals: GlobalValues): Promise<Style> {
    const colour = wantsColour(globals.color ?? 'auto', this.#face.terminal, this.#face.env);
    return colour ? await colourStyle() : PLAIN;
  }

  #context(globals: GlobalValues): Context {
    const warn = (code: string, message: string) => {
      if (!globals.quiet) this.#face.stderr.write(reportWarning(code, message, this.#reportOptions()));
    };
    // the face's streams are getters, so that they are made only where a command asks for them
    return Object.assign(Object.create(this.#face), {
      json: globals.json ?? false,
      quiet: globals.quiet ?? false,
      warn,
      failed: (error: ReportedError) => this.#face.stderr.write(reportError(error, this.#reportOptions())),
    });
  }

  /** How errors and warnings are to look, as far as the command line was understood. */
  #reportOptions(): ReportOptions {
    const command = this.#command?.name;
    const label = command === undefined ? this.#program.name : `${this.#program.name} ${command}`;
    const debugVariable = `${this.#program.name.toUpperCase()}_DEBUG`;
    const debug = Boolean(this.#face.env[debugVariable]);
    return { label, command, json: asksJson(this.#argv) ?? this.#configured.json ?? false, debug, debugVariable };
  }
}

/** How many words stand before the command's name: options and their values. */
function leadingCount(argv: readonly string[]): number {
  const valued = Object.entries(LEADING).filter(([, spec]) => takesValue(spec));
  let count = 0;
  while (argv[count]?.startsWith('-') && argv[count] !== '--') {
    count += valued.some(([key]) => argv[count] === `--${key}`) ? 2 : 1;
  }
  return Math.min(count, argv.length);
}

function asksHelp(words: readonly string[]): boolean {
  return words[1] === '--help' || words[1] === '-h';
}

/** Asked before the words are parsed, as the error to print may be that they cannot be; undefined: not said. */
function asksJson(argv: readonly string[]): boolean | undefined {
  const end = argv.indexOf('--');
  const word = argv.slice(0, end < 0 ? argv.length : end).findLast((text) => text === '--json' || text === '--no-json');
  return word === undefined ? undefined : word === '--json';
}

/** The global options that count: those that were given, and those configured where none was. */
function overlay(configured: Partial<GlobalValues>, given: GlobalValues): GlobalValues {
  const keys = Object.keys(GLOBAL_OPTIONS) as (keyof GlobalValues)[];
  return Object.fromEntries(keys.map((key) => [key, given[key] ?? configured[key]])) as GlobalValues;
}

function versionResult({ name, version }: Program): Result {
  return { data: { name, version }, text: () => [`${name} ${version}`] };
}
