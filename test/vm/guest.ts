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
 * A running guest. It runs one command after the other and tells the outcome of each, so one boot serves all subtests of
 * a file, and several guests can be led step by step.
 */
export class Guest implements TestHost {
  static readonly #open = new Set<Guest>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'famfs-guest-'));
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #closed: Promise<unknown>;
  /** outcomes come in the order of the requests */
  readonly #waiters: Waiter[] = [];
  #received: Buffer = Buffer.alloc(0);
  #stderr = '';
  #ended: Error | undefined;

  private constructor(args: readonly string[]) {
    const files = ['-p', this.#file('pid'), '-r', this.#file('report')];
    // a test that is ended leaves no guest behind: no handler of ours would run then
    this.#child = spawn('setpriv', ['--pdeathsig', 'TERM', runVm, ...files, ...args]);
    this.#child.stdout.on('data', (bytes: Buffer) => this.#take(bytes));
    this.#child.stderr.on('data', (text) => {
      this.#stderr += text;
    });
    this.#child.stdin.on('error', () => {}); // a request to a guest that is gone fails as its waiter is rejected
    this.#closed = once(this.#child, 'close').then(() => this.#end());
  }

  /** Boots a guest: 4 to 7 s. */
  static boot(options: GuestOptions = {}): Promise<Guest> {
    return Guest.#start(bootArguments(options));
  }

  /** Goes on from a saved guest: 0.2 s. */
  static restore(options: RestoreOptions): Promise<Guest> {
    return Guest.#start(restoreArguments(options));
  }

  static async #start(args: readonly string[]): Promise<Guest> {
    const guest = new Guest(args);
    Guest.#open.add(guest);
    await guest.#outcome(); // the first says that it is up
    return guest;
  }

  /**
   * Runs a script for bash, in which `famfs` is the command under test.
   * @throws Error when the guest ends meanwhile
   */
  run(script: string): Promise<Outcome> {
    this.#child.stdin.write(`${Buffer.from(PREAMBLE + script).toString('base64')}\n`);
    return this.#outcome();
  }

  /** What commands have written to /dev/ttyS2. It is here at once, so it outlives the guest's sudden end. */
  report(): string {
    return existsSync(this.#file('report')) ? readFileSync(this.#file('report'), 'utf8') : '';
  }

  /** Power loss: ends QEMU in the middle of whatever it does. The report stays until close(). */
  async kill(): Promise<void> {
    process.kill(Number(readFileSync(this.#file('pid'), 'utf8')), 'SIGKILL');
    await this.#closed;
  }

  /** Ends all guests of this process; a test file cannot end before. */
  static async closeAll(): Promise<void> {
    await Promise.all([...Guest.#open].map((guest) => guest.close()));
  }

  /** Ends the guest, if it still runs, and forgets its files. */
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

/** Boots a guest that is made of `options.carry` and saves it, running, into `folder`, for Guest.restore(). */
export async function saveGuest(options: GuestOptions, folder: string): Promise<void> {
  await promisify(execFile)(runVm, saveArguments(options, folder));
}
