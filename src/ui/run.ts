import type { Command, Context, ReportedError, Result, Steps, Style } from './command.js';
import { Interrupted, UsageError } from './errors.js';
import { COMPLETION_OPTION, spellLeading } from './getopt.js';
import { GLOBAL_OPTIONS, type GlobalValues } from './globals.js';
import { OutputError, writeResult } from './output.js';
import { parse, type Request } from './parse.js';
import { findCommand, loadCandidates, type Program } from './registry.js';
import { type ReportOptions, reportError, reportStep, reportWarning } from './report.js';
import type { Sink } from './sink.js';
import { type ColourChoice, colourStyle, PLAIN, wantsColour } from './style.js';

/** The parts of a Context that options decide, or that write about this command. */
type GivenInContext = 'json' | 'quiet' | 'verbose' | 'step' | 'progress' | 'command' | 'lockWait' | 'warn' | 'failed';

/** The process that runs a command line: the parts of a Context that no option decides. */
export interface ProcessContext extends Omit<Context, GivenInContext> {
  /** where results go; the same destination as `stdout` */
  readonly sink: Sink;
}

/** One command line: finds the command, reads its options, runs it, writes its result or its error. */
export class CommandLine {
  readonly #program: Program;
  readonly #argv: readonly string[];
  readonly #process: ProcessContext;
  /** known once its name was found */
  #command: Command | undefined;
  /** the configured global options; known once the command line was understood */
  #configured: Partial<GlobalValues> = {};

  constructor(program: Program, argv: readonly string[], process: ProcessContext) {
    this.#program = program;
    this.#argv = argv;
    this.#process = process;
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
    this.#process.stderr.write(reportError(error, this.#reportOptions()));
    if (error instanceof Interrupted) return error.exitCode;
    const codes = this.#command?.exitCodes ?? { usage: 2, failed: 1 };
    return error instanceof UsageError ? codes.usage : codes.failed;
  }

  async #dispatch(): Promise<number> {
    const [first, ...rest] = this.#argv;
    if (first === COMPLETION_OPTION) return this.#complete(rest);
    const request = await this.#parse();
    if (request.asks === 'run') return this.#runCommand(request);
    return this.#write(await this.#answer(request), request.globals);
  }

  async #parse(): Promise<Request> {
    const leading = spellLeading(this.#argv, { ...GLOBAL_OPTIONS, ...this.#program.leading });
    const words = this.#argv.slice(leading.count);
    const commands = await loadCandidates(this.#program, words);
    this.#command = findCommand(commands, words)?.command;
    return parse(this.#program, commands, leading.spelled, words);
  }

  async #complete(words: readonly string[]): Promise<number> {
    const { completionWords } = await import('./completionWords.js');
    const offered = await completionWords(this.#program, words, this.#process);
    await this.#process.sink.write(offered.map((word) => `${word}\n`).join(''));
    return 0;
  }

  async #runCommand({ command, args, options, globals: given }: Request & { asks: 'run' }): Promise<number> {
    if (!command.ignoresConfiguration) this.#configured = (await this.#program.globalDefaults?.(this.#process)) ?? {};
    const globals = overlay(this.#configured, given);
    refuseBoth(given);
    const steps = globals.verbose ? await this.#program.steps?.() : undefined;
    const context = this.#context(globals, command, steps);
    const notes = command.ignoresConfiguration ? [] : (this.#program.configurationNotes?.(this.#process) ?? []);
    for (const { code, message } of notes) context.warn(code, message);
    const end = steps?.begin(context);
    try {
      const result = await command.run(context, args, options as never);
      return await this.#writeAfter(command, result, globals);
    } finally {
      end?.();
    }
  }

  /** Writes the result of a command that has done its work. */
  async #writeAfter({ changes }: Command, result: Result, globals: GlobalValues): Promise<number> {
    try {
      return await this.#write(result, globals);
    } catch (error) {
      if (!changes || !(error instanceof OutputError)) throw error;
      error.hint = 'its work was done nevertheless';
      // if exit codes are bits, as those of fsck(8) are, the code of the work is kept
      return this.fail(error) | (result.exitCode ?? 0);
    }
  }

  async #answer(request: Exclude<Request, { asks: 'run' }>): Promise<Result> {
    if (request.asks === 'version') return versionResult(this.#program);
    const { commandHelp, helpWidth, overview } = await import('./help.js');
    const width = helpWidth(this.#process);
    if (request.asks === 'help') return commandHelp(this.#program, request.command, width);
    return overview(this.#program, width, request.group);
  }

  async #write(result: Result, globals: GlobalValues): Promise<number> {
    await writeResult(this.#process.sink, result, globals.json ? undefined : await this.#style(globals));
    return result.exitCode ?? 0;
  }

  async #style(globals: GlobalValues): Promise<Style> {
    const colour = wantsColour(globals.color ?? 'auto', this.#process.terminal, this.#process.env);
    return colour ? await colourStyle() : PLAIN;
  }

  #context(globals: GlobalValues, { name }: Command, steps: Steps | undefined): Context {
    const warn = (code: string, message: string) => {
      if (!globals.quiet) this.#process.stderr.write(reportWarning(code, message, this.#reportOptions()));
    };
    const step = (facts: object) => {
      this.#process.stderr.write(reportStep(facts, steps?.text(facts) ?? '', this.#reportOptions()));
    };
    // the process's streams are getters, so that they are made only where a command asks for them
    return Object.assign(Object.create(this.#process), {
      json: globals.json ?? false,
      quiet: globals.quiet ?? false,
      verbose: globals.verbose ?? false,
      step: steps && step,
      progress: globals.progress ?? 'auto',
      command: name,
      lockWait: globals.noWait ? 0 : globals.wait,
      warn,
      failed: (error: ReportedError) => this.#process.stderr.write(reportError(error, this.#reportOptions())),
    });
  }

  /** The format of errors and warnings, as far as the command line was understood. */
  #reportOptions(): ReportOptions {
    const command = this.#command?.name;
    const label = command === undefined ? this.#program.name : `${this.#program.name} ${command}`;
    const debugVariable = `${this.#program.name.toUpperCase()}_DEBUG`;
    const debug = Boolean(this.#process.env[debugVariable]);
    const { env, stderr } = this.#process;
    const colour = wantsColour(asksColour(this.#argv) ?? this.#configured.color ?? 'auto', stderr.isTTY === true, env);
    const json = asksJson(this.#argv) ?? this.#configured.json ?? false;
    return { label, command, json, colour, debug, debugVariable };
  }
}

/** As asksJson; a value that --color does not have is the error to print. */
function asksColour(argv: readonly string[]): ColourChoice | undefined {
  const words = beforeArguments(argv);
  const at = words.findLastIndex((word) => word === '--color' || word.startsWith('--color='));
  const value = words[at] === '--color' ? words[at + 1] : words[at]?.slice('--color='.length);
  return GLOBAL_OPTIONS.color.choices.find((choice) => choice === value);
}

/** Asked before the words are parsed, because the error to print may be a parse error; undefined: not given. */
function asksJson(argv: readonly string[]): boolean | undefined {
  const word = beforeArguments(argv).findLast((text) => text === '--json' || text === '--no-json');
  return word === undefined ? undefined : word === '--json';
}

/** The words that may be options. */
function beforeArguments(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end < 0 ? argv : argv.slice(0, end);
}

/** The effective global options: those that were given, and configured values for the others. */
function overlay(configured: Partial<GlobalValues>, given: GlobalValues): GlobalValues {
  const keys = Object.keys(GLOBAL_OPTIONS) as (keyof GlobalValues)[];
  return Object.fromEntries(keys.map((key) => [key, given[key] ?? configured[key]])) as GlobalValues;
}

/** Throws UsageError for what is given. What is configured gives way to that. */
function refuseBoth({ quiet, verbose, progress }: GlobalValues): void {
  if (quiet && verbose) throw new UsageError('--quiet and --verbose exclude each other', 'leave one of them out');
  if (quiet && progress === 'auto')
    throw new UsageError('--quiet and --progress=auto exclude each other', 'leave one of them out');
}

function versionResult({ name, version }: Program): Result {
  return { data: { name, version }, text: () => [`${name} ${version}`] };
}
