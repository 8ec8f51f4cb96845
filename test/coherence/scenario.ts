/** What a scenario is, and the stage on which its hosts work. */
import { makeRandom, type Random } from '../../src/fs/allocate/random.js';
import type { Habits, MemoryOperation } from './fabric.js';
import type { Rules } from './rules.js';
import type { States } from './states.js';
import type { LeftOut, Role, SimHost, World } from './world.js';

/** What a run gets: its seed, and which operation is left out on the host that is tested. */
export interface Orders {
  readonly seed: number;
  readonly leftOut?: LeftOut | undefined;
  /** watches the host that is tested */
  readonly rules?: Rules | undefined;
  /** tells each operation of the host that is tested */
  readonly onSites?: SimHost['onSites'] | undefined;
  /** of a schedule that is shrunk: what caches do not do by themselves */
  readonly without?: readonly (keyof Habits)[] | undefined;
  /** of a schedule that is shrunk: which of the times are used at which another host comes in between, from and to */
  readonly between?: readonly [from: number, to: number] | undefined;
}

export interface Scenario {
  readonly name: string;
  readonly kind: 'warm' | 'takes over' | 'lost' | 'cut' | 'watched' | 'bad memory' | 'alongside';
  /** the role of the host that is tested */
  readonly role: Role;
  /** Returns what a host saw that it must not see, or undefined. */
  run(stage: Stage, orders: Orders): Promise<string | undefined>;
}

/** chance that the other host does something before an operation: most depends on what is between stores and their fences */
const INTERLEAVED: Readonly<Record<MemoryOperation, number>> = {
  read: 0.05,
  invalidate: 0.05,
  write: 0.3,
  writeBack: 0.3,
  fence: 0.5,
};

/** The world, and what is known of scenarios once they have run on hosts that do everything right. */
export class Stage {
  readonly #expected = new Map<string, Promise<unknown>>();

  constructor(
    readonly world: World,
    readonly states: States,
  ) {}

  /** What `work` gives, which is done once for each key. */
  once<T>(key: string, work: () => Promise<T>): Promise<T> {
    const known = this.#expected.get(key) ?? work();
    this.#expected.set(key, known);
    return known as Promise<T>;
  }

  /** The host that is tested. */
  tested(name: string, role: Role, orders: Orders): SimHost {
    const host = this.other(name, role, orders, 1);
    host.leftOut = orders.leftOut;
    host.rules = orders.rules;
    host.onSites = orders.onSites;
    return host;
  }

  /** Another one, with habits of its own. */
  other(name: string, role: Role, { seed, without = [] }: Orders, number = 2): SimHost {
    // what one host does changes nothing of another, so that a schedule can be shrunk
    const random = makeRandom(seed * 31 + number);
    const habits = { ...habitsOf(random), ...Object.fromEntries(without.map((habit) => [habit, 0])) };
    return this.world.host(name, role, random, habits);
  }
}

/** Has another host come in between, again and again. Returns what is to be called at each operation. */
export function between(
  { seed, between: [from, to] = [0, Number.POSITIVE_INFINITY] }: Orders,
  work: () => void,
): (operation: MemoryOperation) => void {
  const random = makeRandom(seed * 31);
  let count = 0;
  return (operation) => {
    if (random() >= INTERLEAVED[operation]) return;
    if (count >= from && count < to) work();
    count++;
  };
}

/** Mostly caches that keep what they have, which shows most; some that evict and fetch a lot. */
function habitsOf(random: Random): Habits {
  const pick = (...chances: number[]) => chances[Math.floor(random() * chances.length)] as number;
  return { evict: pick(0, 0, 0.02, 0.3), early: pick(0, 0.2, 0.6), prefetch: pick(0, 0, 0.3) };
}
