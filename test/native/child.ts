import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const NATIVE = new URL('../../src/native/', import.meta.url);

/** Starts a process that runs `script`, a module body in which MappedDevice, bulk and `path` are defined. */
export function startNode(script: string, path: string): ChildProcess {
  const head = `
    import { MappedDevice } from ${JSON.stringify(fileURLToPath(new URL('device.js', NATIVE)))};
    import * as bulk from ${JSON.stringify(fileURLToPath(new URL('bulk.js', NATIVE)))};
    const path = ${JSON.stringify(path)};
  `;
  return spawn(process.execPath, ['--input-type=module', '-e', head + script], { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** How a child ended: its exit code, or the signal that killed it. */
export async function ending(child: ChildProcess): Promise<number | string> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? signal ?? 'unknown';
}

/** Waits until a child has written a line. */
export async function said(child: ChildProcess): Promise<string> {
  const [chunk] = await once(child.stdout!, 'data');
  return String(chunk).trim();
}
