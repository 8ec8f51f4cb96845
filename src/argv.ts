import { readFileSync } from 'node:fs';
import { decodePath } from './format/path.js';

/**
 * The last `count` words of this process's command line, each byte of them: Node.js replaces what is not UTF-8, and such a
 * word would name another file. Those bytes stand in the text as in the paths of log entries.
 */
export function exactWords(count: number): string[] {
  const line = readFileSync('/proc/self/cmdline');
  const words: string[] = [];
  for (let start = 0, end = line.indexOf(0); end >= 0; start = end + 1, end = line.indexOf(0, start))
    words.push(decodePath(line.subarray(start, end)));
  return count === 0 ? [] : words.slice(-count);
}
