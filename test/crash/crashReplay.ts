/** Replays a recording and has every state that a crash may leave judged: at each fence, at each report and at the end. */
import { rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { makeRandom, type Random } from '../../src/fs/allocate/random.js';
import { observeMemory } from '../../src/native/device.js';
import { type Choice, choicesOf } from './arrivals.js';
import { CacheModel, LINE, type PendingLine } from './cacheModel.js';
import type { FileContent } from './hostFile.js';
import type { Images } from './images.js';
import type { Operation } from './recording.js';
import type { CrashState, Effort, Judge, Scenario } from './scenario.js';
import type { Stand } from './stand.js';

/** next sequence number and next index of a log: the store that makes an entry count */
const COUNTS = { offset: 0x200020, length: 16 };
const COUNTS_LINE = COUNTS.offset - (COUNTS.offset % LINE);

/** Memory after a crash. */
interface Memory {
  /** place in the recording, for messages */
  readonly where: string;
  readonly lines: readonly PendingLine[];
  readonly choice: Choice;
}

export class CrashReplay {
  /** outcomes that the judges found, and how often */
  readonly found = new Map<string, number>();
  /** how many states were judged */
  states = 0;
  readonly #model: CacheModel;
  readonly #random: Random;
  readonly #seen = new Set<string>();
  readonly #reported: string[] = [];
  #idle = false;
  #counted = 0;
  /** stores of the log's counts that are not certain yet */
  #counting = 0;
  #file: FileContent | undefined;
  /** stands for the contents of all lines that are certain */
  #certain = 0n;

  constructor(
    private readonly stand: Stand,
    private readonly images: Images,
    private readonly scenario: Scenario,
    private readonly effort: Effort,
  ) {
    this.#model = new CacheModel(images.read);
    this.#random = makeRandom(effort.seed);
  }

  /** Throws with scenario, seed and place of the first wrong state. */
  async run(operations: readonly Operation[]): Promise<void> {
    let stored = true;
    for (const [i, operation] of operations.entries()) {
      const { kind } = operation;
      // every state that is possible before a store or a write-back is also possible before the next fence
      if (kind === 'file' || (kind === 'fence' && stored)) await this.#judgeAll(`before operation ${i}`);
      stored = kind === 'store' || (stored && kind === 'writeBack');
      this.#idle = kind === 'report' || (this.#idle && !stored);
      this.#follow(operation);
      if (kind === 'report') await this.#judgeAll(`after operation ${i}`);
    }
    await this.#judgeAll('at the end');
  }

  #follow(operation: Operation): void {
    if (operation.kind === 'store') this.#store(operation);
    else if (operation.kind === 'writeBack') this.#model.writeBack(operation);
    else if (operation.kind === 'fence') this.#settle(this.#model.fence(operation.thread));
    else if (operation.kind === 'report') this.#reported.push(...operation.made);
    else this.#file = operation.content;
  }

  #store(store: Extract<Operation, { kind: 'store' }>): void {
    this.#model.store(store);
    if (store.offset === COUNTS.offset && store.bytes.length === COUNTS.length) this.#counting++;
  }

  #settle(lines: readonly PendingLine[]): void {
    for (const { offset, stable, versions } of lines) {
      this.#certain ^= stable.hash ^ (versions.at(-1)?.hash ?? stable.hash);
      if (offset !== COUNTS_LINE) continue;
      this.#counted += this.#counting;
      this.#counting = 0;
    }
    this.images.settle(lines);
  }

  async #judgeAll(where: string): Promise<void> {
    const lines = this.#model.pending();
    const { judge, fileJudge } = this.scenario;
    for (const choice of choicesOf(lines, this.effort, this.#random)) {
      const state = { where, lines, choice };
      if (this.#isNew(state, '')) await this.#show(judge, state, undefined);
      if (fileJudge === undefined) continue;
      for (const file of this.#files()) {
        if (this.#isNew(state, `${file?.length}`)) await this.#show(fileJudge, state, file);
      }
    }
  }

  /** Possible contents of the file after a crash: what is certain, everything, or something between. */
  #files(): (Buffer | undefined)[] {
    if (this.#file === undefined) return [undefined];
    const { certain, latest } = this.#file;
    const least = certain?.length ?? 0;
    if (least === latest.length) return [certain];
    const between = least + Math.floor(this.#random() * (latest.length - least));
    return [certain, latest.subarray(0, between), latest];
  }

  /** Judges the same memory again only if more can be expected of it. */
  #isNew({ lines, choice: { arrived } }: Memory, file: string): boolean {
    const contents = lines.reduce((sum, { stable, versions }, i) => {
      const version = versions[(arrived[i] as number) - 1] ?? stable;
      return sum ^ stable.hash ^ version.hash;
    }, this.#certain);
    const key = `${contents} ${this.#reported.length} ${this.#idle} ${this.#counted} ${file}`;
    const isNew = !this.#seen.has(key);
    this.#seen.add(key);
    return isNew;
  }

  async #show(judge: Judge, { where, lines, choice }: Memory, file: Buffer | undefined): Promise<void> {
    const number = this.states++;
    this.images.put(lines, choice.arrived);
    this.#putFile(file);
    try {
      const found = await this.#ask(judge, this.#state(number));
      this.found.set(found, (this.found.get(found) ?? 0) + 1);
    } catch (cause) {
      const place = `state ${number}, ${where}, ${choice.name} of ${lines.length} pending lines in memory`;
      const which = `${this.scenario.name}, seed ${this.effort.seed}, ${place}`;
      throw new Error(`${which}: ${(cause as Error).message}`, { cause });
    }
  }

  #state(number: number): CrashState {
    return { number, reported: this.#reported, idle: this.#idle, counted: this.#counted };
  }

  /** Shows the images to a judge, and reverts what the judge changes. */
  async #ask(judge: Judge, state: CrashState): Promise<string> {
    const { stand, images } = this;
    observeMemory({ write: ({ path }, offset, bytes) => images.touch(basename(path), offset, bytes.length) });
    try {
      return await judge(stand, state);
    } finally {
      observeMemory(undefined);
      images.restore();
    }
  }

  #putFile(file: Buffer | undefined): void {
    if (this.scenario.file === undefined) return;
    const path = this.stand.path(this.scenario.file);
    rmSync(path, { force: true });
    if (file !== undefined) writeFileSync(path, file);
  }
}
