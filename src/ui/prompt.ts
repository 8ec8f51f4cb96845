import type { Context } from './command.js';
import { UsageError } from './errors.js';
import { escapeText } from './text.js';

type Input = Context['stdin'];

/** Input that was typed after the answer to the last question. */
const typedAhead = new WeakMap<Input, string>();
const ended = new WeakSet<Input>();

/** Writes lines that the next question refers to. */
export function writeAbove(context: Pick<Context, 'stderr'>, lines: Iterable<string>): void {
  for (const line of lines) context.stderr.write(`${escapeText(line)}\n`);
}

/**
 * Asks a question on the terminal until the answer is y or n; the end of input is a no.
 * @throws UsageError stdin is not a terminal, so nobody can answer; `hint` names the option that answers instead
 */
export async function confirm(
  context: Pick<Context, 'stdin' | 'stderr' | 'signal'>,
  question: string,
  hint: string,
): Promise<boolean> {
  const { stdin, stderr, signal } = context;
  if (!stdin.isTTY) throw new UsageError(`'${question}' needs an answer, but stdin is not a terminal`, hint);
  stderr.write(`${escapeText(question)} (y/n) `);
  for (;;) {
    const line = await nextLine(stdin, signal);
    if (line === undefined) return false;
    const answer = /^\s*(?:(y|yes)|n|no)\s*$/i.exec(line);
    if (answer) return answer[1] !== undefined;
    stderr.write('y or n? ');
  }
}

/** The next line of a stream, which may have been typed ahead; undefined at its end. Throws the signal's reason. */
function nextLine(stdin: Input, signal: AbortSignal): Promise<string | undefined> {
  signal.throwIfAborted();
  const known = takeLine(stdin);
  if (known !== undefined || ended.has(stdin)) return Promise.resolve(known);
  return new Promise((resolve, reject) => {
    const stop = () => {
      stdin.pause();
      stdin.off('data', take).off('end', end).off('error', fail);
      signal.removeEventListener('abort', abort);
    };
    const take = (chunk: Buffer | string) => {
      typedAhead.set(stdin, (typedAhead.get(stdin) ?? '') + chunk.toString());
      const line = takeLine(stdin);
      if (line === undefined) return;
      stop();
      resolve(line);
    };
    const end = () => {
      ended.add(stdin);
      stop();
      resolve(takeRest(stdin));
    };
    const fail = (error: unknown) => {
      stop();
      reject(error);
    };
    const abort = () => fail(signal.reason);
    signal.addEventListener('abort', abort);
    stdin.on('data', take).on('end', end).on('error', fail).resume();
  });
}

function takeLine(stdin: Input): string | undefined {
  const text = typedAhead.get(stdin) ?? '';
  const end = text.indexOf('\n');
  if (end < 0) return undefined;
  typedAhead.set(stdin, text.slice(end + 1));
  return text.slice(0, end);
}

/** A last line that nothing terminates. */
function takeRest(stdin: Input): string | undefined {
  const text = typedAhead.get(stdin) ?? '';
  typedAhead.delete(stdin);
  return text === '' ? undefined : text;
}
