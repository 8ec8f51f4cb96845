/**
 * The process that serves a mount in the background: this program again, with the same words. It is started before the program is
 * loaded, since it takes longest to get ready, and waits until it may serve. It ends if the starting process ends before that.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readSync, writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { basename } from 'node:path';

/** set in the environment of the server process */
const STATUS = 'FAMFS_MOUNT_STATUS';
/** a socket to the starting process */
const STATUS_FD = 3;
const STDERR_FD = 2;
/** the name by which mount(8) calls the program */
const LINK = 'mount.famfs';
/** Words with which nothing goes to the background. If there are others, a process is started and ended for nothing. */
const STAYS_IN_FRONT = /^(-[a-zA-Z]*[fhlV]|--(dry|f|h|l|version)|\/dev\/fd\/)/;

type Environment = Readonly<Record<string, string | undefined>>;

let early: ChildProcess | undefined;

/**
 * Starts the server process if this command line seems to need one: `script` is the name that the program was called by. The
 * result is for keepServer; this file is bundled twice, in the entry point and in the program.
 */
export function startServerEarly(script: string, argv: readonly string[], env: Environment): ChildProcess | undefined {
  const [command, ...words] = basename(script) === LINK ? ['mount', ...argv] : argv;
  if (command !== 'mount' || words.length === 0 || isServerProcess(env)) return undefined;
  return words.some((word) => STAYS_IN_FRONT.test(word)) ? undefined : startServer(process.cwd(), env);
}

/** Takes over what startServerEarly has started. */
export function keepServer(server: ChildProcess | undefined): void {
  early = server;
}

/** The server process, started now if it was not before. It waits. */
export function takeServer(cwd: string, env: Environment): ChildProcess {
  const taken = early ?? startServer(cwd, env);
  early = undefined;
  return taken;
}

/** Ends a server process that was started for nothing. */
export function dropServer(): void {
  early?.stdio[STATUS_FD]?.destroy();
  early = undefined;
}

/** Tells the server process to serve. Returns its end of the socket, to read its report from. */
export function releaseServer(server: ChildProcess): NodeJS.ReadableStream {
  const socket = server.stdio[STATUS_FD] as Socket;
  socket.write('\n');
  return socket;
}

/** Whether this is a server process. */
export function isServerProcess(env: Environment): boolean {
  return env[STATUS] === String(STATUS_FD);
}

/** In the server process: waits until it may serve. False if it is not wanted. */
export function awaitRelease(): boolean {
  return readSync(STATUS_FD, Buffer.alloc(1)) === 1;
}

/** In the server process: sends text to the starting process. Returns the descriptor of the socket. */
export function sendToStarter(text: string): number {
  writeSync(STATUS_FD, text);
  return STATUS_FD;
}

/** In the server process, until it has reported: writes to the starting process, which passes it on to standard error. */
export function writeToStarter(text: string): void {
  try {
    writeSync(STDERR_FD, text);
  } catch {
    // it has ended, and so does this process
  }
}

function startServer(cwd: string, env: Environment): ChildProcess {
  return spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    argv0: process.argv0,
    cwd,
    detached: true,
    // to read certificates, which are not needed, can take longer than all else
    env: { ...env, NODE_EXTRA_CA_CERTS: undefined, [STATUS]: String(STATUS_FD) },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
}
