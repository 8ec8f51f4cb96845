/** Records a command, and puts its images into every state that a crash of it may leave. */
import { closeSync, copyFileSync, mkdirSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { drawn, makeRandom } from '../../src/fs/random.js';
import { observeMemory } from '../../src/native/device.js';
import { type Run, runCommand } from '../runCommand.js';
import { CrashRecorder, type CrashState } from './recorder.js';

const MIB = 2 ** 20;
const LOG_COUNTS = 0x200020;
export const IMAGE_SIZE = 32 * MIB;

/** Images that commands work on, in a folder of their own. */
export class Stand {
  readonly folder: string;
  readonly env: Record<string, string>;

  constructor(parent: string, name: string, uuid: string) {
    this.folder = join(parent, name);
    mkdirSync(this.folder);
    const file = join(parent, `${name}.uuid`);
    writeFileSync(file, `${uuid}\0`);
    this.env = { FAMFS_SYSTEM_UUID_FILE: file, FAMFS_SYSROOT: join(parent, 'none'), HOME: parent };
  }

  image(name: string, size = IMAGE_SIZE): string {
    const path = join(this.folder, name);
    writeFileSync(path, '');
    truncateSync(path, size);
    return path;
  }

  run(argv: readonly string[]): Promise<Run> {
    return runCommand(argv, { env: this.env, cwd: this.folder });
  }

  async ok(...argv: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(argv);
    if (exitCode !== 0) throw new Error(`famfs ${argv.join(' ')} exits ${exitCode}: ${stderr}${stdout}`);
    return stdout;
  }
}

/** What is recorded and how its outcomes are judged. */
export interface Scenario {
  readonly name: string;
  /** makes the images that the command starts from; returns their names */
  prepare(stand: Stand): Promise<readonly string[]>;
  /** the commands that are stopped; they must succeed when they are not */
  work(stand: Stand): Promise<void>;
  /** throws when a state is none that a crash may leave */
  judge(stand: Stand, state: CrashState): Promise<void>;
}

export interface Outcome {
  readonly recorded: number;
  readonly judged: number;
}

/**
 * Runs a scenario; judges at most `most` of its states, picked at random by `seed`. Throws with the scenario, event and
 * seed of the first state that is not as it should be.
 */
export async function runScenario(
  parent: string,
  uuid: string,
  scenario: Scenario,
  { seed, samples, most }: { seed: number; samples: number; most: number },
): Promise<Outcome> {
  const random = makeRandom(seed);
  const stand = new Stand(parent, scenario.name.replaceAll(' ', '-'), uuid);
  const images = await scenario.prepare(stand);
  for (const image of images) copyFileSync(join(stand.folder, image), join(parent, `${image}.before`));
  const recorder = new CrashRecorder(random, samples, (offset, length) => offset === LOG_COUNTS && length === 16);
  observeMemory(recorder);
  try {
    await scenario.work(stand);
  } finally {
    observeMemory(undefined);
  }
  const states = [...drawn(recorder.states, random)].slice(0, most);
  for (const state of states) {
    for (const image of images) copyFileSync(join(parent, `${image}.before`), join(stand.folder, image));
    for (const line of state.lines) writeAt(join(stand.folder, basename(line.device)), line.offset, line.bytes);
    try {
      await scenario.judge(stand, state);
    } catch (cause) {
      const place = `${scenario.name}, seed ${seed}, after event ${state.event} of the recording`;
      throw new Error(`${place}: ${(cause as Error).message}`, { cause });
    }
  }
  rmSync(stand.folder, { recursive: true });
  return { recorded: recorder.states.length, judged: states.length };
}

function writeAt(path: string, offset: number, bytes: Buffer): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, bytes, 0, bytes.length, offset);
  closeSync(fd);
}
