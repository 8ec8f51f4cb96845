/**
 * The definition of a subcommand. Help, man pages, shell completion and the argument parser all derive from it, so a fact about
 * an option is written once.
 */

/** A value on the command line, and the TypeScript type that `run` receives. */
interface ValueTypes {
  /** true when given; `--no-x` gives false */
  boolean: boolean;
  /** how often it was given (-FF) */
  count: number;
  string: string;
  /** whole number, decimal or 0x hex; safe integers only; `min` (0 when absent) and `max` bound it */
  integer: number;
  /** bytes: 4096, 8k, 2M, 1GiB, 0x200000; binary units (k = 1024) */
  size: number;
  /** octal permission bits, 0..07777 */
  mode: number;
}

export type OptionType = keyof ValueTypes;

/**
 * What a word names, so that a shell can complete it: a path in the file system; a file system, by a daxdev, an image, UUID= or LABEL=; a
 * daxdev or image, whatever is on it; a mount point. A word that is none of these may be any file of the host.
 */
export type Completes = 'path' | 'fileSystem' | 'daxdev' | 'mountPoint';

/** One option of a command. The key in the table is its long name in camelCase: `logLen` is given as `--log-len`. */
export interface OptionSpec {
  readonly type: OptionType;
  /** one-letter short name */
  readonly short?: string;
  /** further one-letter names */
  readonly shortAliases?: readonly string[];
  /** further long names, in kebab-case */
  readonly aliases?: readonly string[];
  /** exact long name, if it differs from the kebab-case of the key (`loglen`) */
  readonly long?: string;
  /** placeholder for the value in help and man: `SIZE` */
  readonly value?: string;
  /** one sentence, no final stop, for --help and the man page */
  readonly summary: string;
  /** more for the man page only */
  readonly details?: string;
  /** the value of the option without an argument; an argument must then be a whole number, so that no operand is taken for it */
  readonly bare?: number;
  /** may be given several times; `run` gets an array (empty when absent) */
  readonly repeat?: boolean;
  /** the only allowed strings */
  readonly choices?: readonly string[];
  readonly completes?: Completes;
  readonly min?: number;
  readonly max?: number;
  /** the default; shown in help */
  readonly default?: string | number | boolean;
}

export type OptionTable = Readonly<Record<string, OptionSpec>>;

type Single<S extends OptionSpec> = S extends { choices: readonly (infer C)[] } ? C : ValueTypes[S['type']];
type Valued<S extends OptionSpec> = S extends { repeat: true }
  ? Single<S>[]
  : S extends { type: 'count' }
    ? number
    : S extends { default: string | number | boolean }
      ? Single<S>
      : Single<S> | undefined;

/** The values of a table of options, by key. */
export type OptionValues<T extends OptionTable> = { readonly [K in keyof T]: Valued<T[K]> };

/** One positional argument. Only one may repeat, and none may be left out before a required one. */
export interface ArgumentSpec {
  /** as printed: FILE */
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  readonly repeat?: boolean;
  /** the words to offer in completion; `run` refuses others */
  readonly choices?: readonly string[];
  readonly completes?: Completes;
}

/** Text styling; every function returns its argument unchanged where colour is off. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** Everything that a command may know about its process; tests make their own. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** values that are read once for this command line, by name; starts empty */
  readonly memo: Map<string, unknown>;
  readonly stdin: NodeJS.ReadableStream & { readonly fd?: number; readonly isTTY?: boolean };
  /** the descriptor of `stdin` if that is the standard input of this process, of which nothing has been read */
  readonly ownStdin?: number | undefined;
  readonly stdout: NodeJS.WritableStream & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly fd?: number;
  };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  /** stdout is a terminal; cheaper than `stdout.isTTY`, which makes the stream (4 ms of start-up) */
  readonly terminal: boolean;
  /** permission bits that new files and directories do not get */
  readonly umask: number;
  /** the process's effective uid and gid */
  readonly uid: number;
  readonly gid: number;
  /** name of the command that runs */
  readonly command: string;
  /** --json was given */
  readonly json: boolean;
  /** --quiet was given: no warnings (`warn` takes care of that) and no progress */
  readonly quiet: boolean;
  /** --verbose was given: results name each thing that was done; `step` says the rest */
  readonly verbose: boolean;
  /** reports a step of the work on stderr; undefined without --verbose, and then nothing need be measured for it */
  readonly step: ((step: object) => void) | undefined;
  /** --progress: auto is for people on a terminal, json for scripts */
  readonly progress: 'auto' | 'json' | 'none';
  /** seconds to wait for the lock of another writer, as --wait and --no-wait say; undefined: as long as it takes */
  readonly lockWait: number | undefined;
  /** aborted on a signal that stops a command: SIGINT, SIGTERM, SIGHUP, SIGQUIT */
  readonly signal: AbortSignal;
  /** writes one line to stderr without changing the exit code; `code` is symbolic and stable (SMALL_DEVICE) */
  warn(code: string, message: string): void;
  /**
   * Reports on stderr that a part of the work failed while the rest goes on, also with --quiet; the command returns exit
   * code 1 in the end.
   */
  failed(error: ReportedError): void;
}

/** What --verbose says of the work of a program's commands. */
export interface Steps {
  /** a line about a step */
  text(step: object): string;
  /** called before a command, with its context; what it returns is called when the command has ended */
  begin(context: Context): () => void;
}

/** An event during a command: an object on a line of its own for scripts, a line for people. */
export interface ResultEvent {
  readonly data: object;
  line(style: Style): string;
}

/**
 * A JSON document as a command returns it: an array may be any iterable, a number a bigint, and elements may come as JSON text
 * (jsonPieces).
 */
export type Streamed<D> = D extends readonly (infer Element)[]
  ? Iterable<Streamed<Element> | Uint8Array>
  : D extends number
    ? D | bigint
    : D extends object
      ? { readonly [Key in keyof D]: Streamed<D[Key]> }
      : D;

/**
 * The result of a command, for scripts and for people. `Document` is the type of its JSON document, from which
 * docs/json/COMMAND.json is generated: `interface LsDocument` in the module of `famfs ls`.
 */
export interface Result<Document extends object = object> {
  /**
   * The JSON document. Raw numbers, full names. Iterables that are not arrays are written as arrays, one element at a
   * time, so that a long listing is never in memory as text. The writer adds `formatVersion`.
   */
  readonly data: Streamed<Document>;
  /**
   * Lines without newline, and text that is written as it is, which must be printable ASCII; `style` is plain where colour is
   * off.
   */
  text(style: Style): Iterable<string | Uint8Array> | Promise<Iterable<string | Uint8Array>>;
  /** raw bytes, written in place of the text and never with --json */
  readonly bytes?: Uint8Array;
  /**
   * events that continue after `data` (then on one line) or `text` is written, or the text of many; what comes at once is written
   * before more is awaited
   */
  readonly events?: AsyncIterable<Iterable<ResultEvent | Uint8Array>>;
  /** 0 when absent */
  readonly exitCode?: number;
}

export interface Example {
  readonly command: string;
  readonly explains: string;
}

export interface Command<T extends OptionTable = OptionTable, Document extends object = object> {
  /** one word, or two for a command of a group: `daxdev list` */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** heading under which help lists it */
  readonly group: string;
  /** half a sentence, no final stop: `make a famfs file system` */
  readonly summary: string;
  /** paragraphs for the man page */
  readonly details: readonly string[];
  readonly examples: readonly Example[];
  readonly args: readonly ArgumentSpec[];
  readonly options: T;
  /** options of other tools of this name that this one does not have, as written, and what to do instead */
  readonly absentOptions?: Readonly<Record<string, string>>;
  /**
   * meanings of exit codes that differ from the usual 0, 1, 2; `usage` is the code of a usage error, `failed` of any other error
   */
  readonly exitCodes?: {
    readonly usage: number;
    readonly failed: number;
    readonly table: Readonly<Record<number, string>>;
  };
  readonly seeAlso?: readonly string[];
  /** it looks after the configuration: it runs without, so that it can mend what other commands would refuse */
  readonly ignoresConfiguration?: boolean;
  /** it makes changes: if its output cannot be written, the error says that its work was done nevertheless */
  readonly changes?: boolean;
  run(context: Context, args: readonly string[], options: OptionValues<T>): Promise<Result<Document>>;
}

/** Gives a definition its type and keeps the types of its options. */
export function defineCommand<const T extends OptionTable, Document extends object>(
  command: Command<T, Document>,
): Command<T, Document> {
  return command;
}

/**
 * An error for a person or script to read. Any Error may be thrown; errors with these fields are printed in full, all others are
 * bugs and are reported as such.
 */
export interface ReportedError extends Error {
  /** symbolic, stable, upper case: NO_SPACE */
  readonly code: string;
  /** what to do next, a sentence */
  readonly hint?: string | undefined;
  /** further fields of the JSON error object */
  readonly details?: Readonly<Record<string, unknown>>;
}
