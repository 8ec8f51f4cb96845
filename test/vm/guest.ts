import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { preamble, type TestHost } from '../scenarios/hosts/testHost.js';
import {
  bootArguments,
  type GuestOptions,
  type RestoreOptions,
  restoreArguments,
  saveArguments,
} from './guestOptions.js';
import { type Outcome, takeOutcome } from './outcome.js';
import { runVm } from './paths.js';

const PREAMBLE = preamble({ dev: '/dev', tmp: '/tmp', report: '/dev/ttyS2' });

interface Waiter {
  resolve(outcome: Outcome): void;
  reject(error: Error): void;
}

/**
 * A running guest. It runs commands one by one and reports the outcome of each, so one boot serves all tests of a file, and
 * several guests can be controlled step by step.
 */
export class Guest implements TestHost {
  static readonly #open = new Set<Guest>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'famfs-guest-'));
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #closed: Promise<unknown>;
  /** outcomes arrive in the order of the requests */
  readonly #waiters: Waiter[] = [];
  #received: Buffer = Buffer.alloc(0);
  #stderr = '';
  #ended: Error | undefined;

  private constructor(args: readonly string[]) {
    const files = ['-p', this.#file('pid'), '-r', this.#file('report')];
    // a test that is killed leaves no guest running: no handler of ours would run then
    this.#child = spawn('setpriv', ['--pdeathsig', 'TERM', runVm, ...files, ...args]);
    this.#child.stdout.on('data', (bytes: Buffer) => this.#take(bytes));
    this.#child.stderr.on('data', (text) => {
      this.#stderr += text;
    });
    this.#child.stdin.on('error', () => {}); // a request to a guest that has ended fails when its promise is rejected
    this.#closed = once(this.#child, 'close').then(() => this.#end());
  }

  /** Boots a guest: 4 to 7 s. */
  static boot(options: GuestOptions = {}): Promise<Guest> {
    return Guest.#start(bootArguments(options));
  }

  /** Resumes a saved guest: 0.2 s. */
  static restore(options: RestoreOptions): Promise<Guest> {
    return Guest.#start(restoreArguments(options));
  }

  static async #start(args: readonly string[]): Promise<Guest> {
    const guest = new Guest(args);
    Guest.#open.add(guest);
    await guest.#outcome(); // the first outcome says that the guest is up
    return guest;
  }

  /**
   * Runs a bash script, in which `famfs` is the command under test.
   * @throws Error if the guest ends meanwhile
   */
  run(script: string): Promise<Outcome> {
    this.#child.stdin.write(`${Buffer.from(PREAMBLE + script).toString('base64')}\n`);
    return this.#outcome();
  }

  /** What commands have written to /dev/ttyS2. It arrives at once, so it survives the sudden end of the guest. */
  report(): string {
    return existsSync(this.#file('report')) ? readFileSync(this.#file('report'), 'utf8') : '';
  }

  /** Power loss: kills QEMU in the middle of its work. The report stays until close(). */
  async kill(): Promise<void> {
    process.kill(Number(readFileSync(this.#file('pid'), 'utf8')), 'SIGKILL');
    await this.#closed;
  }

  /** Ends all guests of this process; until then a test file cannot end. */
  static async closeAll(): Promise<void> {
    await Promise.all([...Guest.#open].map((guest) => guest.close()));
  }

  /** Ends the guest, if it still runs, and removes its files. */
  async close(): Promise<void> {
    Guest.#open.delete(this);
    this.#child.kill('SIGTERM');
    await this.#closed;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #file(name: string): string {
    return join(this.#folder, name);
  }

  #outcome(): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      if (this.#ended) reject(this.#ended);
      else this.#waiters.push({ resolve, reject });
    });
  }

  #take(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    try {
      for (let taken = takeOutcome(this.#received); taken; taken = takeOutcome(this.#received)) {
        this.#received = taken.rest;
        this.#waiters.shift()?.resolve(taken.outcome);
      }
    } catch (error) {
      this.#stderr += error;
      this.#child.kill('SIGTERM');
    }
  }

  #end(): void {
    this.#ended = new Error(`the guest has ended; ${this.#stderr || 'it said nothing'}`);
    for (const { reject } of this.#waiters.splice(0)) reject(this.#ended);
  }
}

/** Boots a guest with `options.carry` as its root and saves its running state in `folder`, for Guest.restore(). */
export async function saveGuest(options: GuestOptions, folder: string): Promise<void> {
  await promisify(execFile)(runVm, saveArguments(options, folder));
}
