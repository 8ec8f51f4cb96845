/** The destination of a mount's messages: standard error in the foreground, otherwise the system log or a file. */
import { appendFileSync } from 'node:fs';
import type { ServeLog } from '../../fs/serve/serveOptions.js';
import { systemLog } from '../../fs/serve/systemLog.js';
import type { Context } from '../../ui/command.js';
import { escapeText } from '../../ui/text.js';
import { isServerProcess, writeToStarter } from './serverProcess.js';

/** @param inFront whether somebody reads standard error */
export function mountLog(context: Context, file: string | undefined, inFront: () => boolean): ServeLog {
  return (line) => {
    const text = escapeText(line);
    if (file !== undefined) appendFileSync(file, `${new Date().toISOString()} famfs mount: ${text}\n`);
    else if (!inFront()) systemLog(text);
    // process.stderr takes milliseconds to make
    else if (isServerProcess(context.env)) writeToStarter(`famfs mount: ${text}\n`);
    else context.stderr.write(`famfs mount: ${text}\n`);
  };
}
