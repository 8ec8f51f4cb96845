import { createInterface } from 'node:readline';
import type { Context } from './command.js';
import { UsageError } from './errors.js';
import { escapeText } from './text.js';

/**
 * Asks a question on the terminal until it is answered by y or n; the end of input is a no.
 * @throws UsageError stdin is no terminal, so that nobody can answer; `hint` names the option that answers instead
 */
export async function confirm(
  context: Pick<Context, 'stdin' | 'stderr' | 'signal'>,
  question: string,
  hint: string,
): Promise<boolean> {
  if (!context.stdin.isTTY) throw new UsageError(`'${question}' needs an answer, and stdin is no terminal`, hint);
  // not as a terminal: then Ctrl-C is a signal, as everywhere else
  const lines = createInterface({ input: context.stdin, terminal: false });
  const stop = () => lines.close();
  context.signal.addEventListener('abort', stop);
  try {
    context.stderr.write(`${escapeText(question)} (y/n) `);
    for await (const line of lines) {
      const answer = /^\s*(?:(y|yes)|n|no)\s*$/i.exec(line);
      if (answer) return answer[1] !== undefined;
      context.stderr.write('y or n? ');
    }
    context.signal.throwIfAborted();
    return false;
  } finally {
    context.signal.removeEventListener('abort', stop);
    lines.close();
  }
}
