/** The destination of a mount's messages: standard error in the foreground, otherwise the system log or a file. */
import { appendFileSync } from 'node:fs';
import type { ServeLog } from '../../fs/serve/serveOptions.js';
import { systemLog } from '../../fs/serve/systemLog.js';
import type { Context } from '../../ui/command.js';
import { escapeText } from '../../ui/text.js';
import { isServerProcess, writeToStarter } from './serverProcess.js';

/**
 * The log of a mount. Its first line must reach the file, and throws what the system call throws if it does not; lines that cannot be
 * written there later go to the system log, since a mount does not end because its log is full.
 * @param inFront whether somebody reads standard error
 */
export function mountLog(context: Context, file: string | undefined, inFront: () => boolean): ServeLog {
  let state: 'new' | 'written' | 'lost' = 'new';
  const toFile = (path: string, text: string) => {
    try {
      appendFileSync(path, `${new Date().toISOString()} famfs mount: ${text}\n`);
      state = 'written';
    } catch (error) {
      if (state === 'new') throw error;
      if (state !== 'lost') systemLog(`${escapeText((error as Error).message)}: lines for this log come here`);
      state = 'lost';
      systemLog(text);
    }
  };
  return (line) => {
    const text = escapeText(line);
    if (file !== undefined) toFile(file, text);
    else if (!inFront()) systemLog(text);
    // process.stderr takes milliseconds to make
    else if (isServerProcess(context.env)) writeToStarter(`famfs mount: ${text}\n`);
    else context.stderr.write(`famfs mount: ${text}\n`);
  };
}
