/** What is known of a command that writes, once it has run on a host that does everything right. */
import { rmSync } from 'node:fs';
import type { Stage } from './scenario.js';
import { found, normal, seenBy } from './seen.js';
import type { Memory, SimHost, World } from './world.js';

/** What a command does with its time: when its stores come, and what is there before and after it. */
export interface Known {
  /** numbers of those before which the loss of power may leave something half done */
  readonly moments: readonly number[];
  /** those of fences that complete stores */
  readonly fences: readonly number[];
  readonly before: string;
  readonly after: string;
}

export interface WriterOptions {
  /** files of this host that the command makes, and that go away before it runs */
  readonly makes?: readonly string[];
  /** run before on the same host, and complete */
  readonly first?: readonly (readonly string[])[];
  /** the files of `makes` are for the command, which `first` makes */
  readonly keeps?: boolean;
  /** bytes of files may be old or new meanwhile */
  readonly mixes?: boolean;
  /** codes of errors that a Client may get meanwhile */
  readonly allowed?: readonly string[];
}

export async function prepare(
  stage: Stage,
  from: Memory,
  host: SimHost,
  { first = [], makes = [] }: WriterOptions,
): Promise<void> {
  const { world } = stage;
  world.load(from);
  for (const file of makes) rmSync(world.path(file), { force: true });
  for (const line of first) await succeed(world, host, line);
}

/** fsck exits with 1 where it has repaired all that it found. */
export async function succeed(world: World, host: SimHost, argv: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await world.run(host, argv);
  if (exitCode !== 0 && !(argv[0] === 'fsck' && exitCode === 1))
    throw new Error(`famfs ${argv.join(' ')} exits ${exitCode}: ${normal(stderr + stdout)}`);
}

export function knownOf(
  stage: Stage,
  name: string,
  from: string,
  argv: readonly string[],
  options: WriterOptions,
): Promise<Known> {
  return stage.once(name, async () => {
    const { world, states } = stage;
    const memory = await states.get(from);
    const host = world.host('Master', 'Master');
    await prepare(stage, memory, host, options);
    const start = host.operations;
    host.flush();
    const ready = world.save();
    const before = await found(world);
    world.load(ready);
    const moments: number[] = [];
    const fences: number[] = [];
    let stores = false;
    host.onOperation = (operation) => {
      stores ||= operation === 'write';
      if (operation === 'write' || operation === 'writeBack') moments.push(host.operations - start);
      if (operation === 'fence' && stores) fences.push(host.operations - start);
      if (operation === 'fence') stores = false;
    };
    await succeed(world, host, argv);
    host.onOperation = undefined;
    host.flush();
    return { moments, fences, before, after: await found(world) };
  });
}

/** What Clients see during a command, one after the other, where all that is stored is there at once. */
export function listingsOf(
  stage: Stage,
  name: string,
  from: string,
  argv: readonly string[],
  options: WriterOptions,
): Promise<string[]> {
  return stage.once(`listings of ${name}`, async () => {
    const { world, states } = stage;
    const all: string[] = [];
    const host = world.host('Master', 'Master');
    await prepare(stage, await states.get(from), host, options);
    const look = () => {
      host.flush();
      const seen = seenBy(world, world.host('Client', 'Client'));
      if (all.at(-1) !== seen) all.push(seen);
    };
    look();
    host.onOperation = look;
    await succeed(world, host, argv);
    host.onOperation = undefined;
    look();
    return all;
  });
}
