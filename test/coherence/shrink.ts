/** A schedule that fails, made as plain as it can be while it fails. */
import type { Habits } from './fabric.js';
import { Rules } from './rules.js';
import type { Orders, Scenario, Stage } from './scenario.js';

const HABITS: readonly (keyof Habits)[] = ['evict', 'prefetch', 'early'];
/** more than other hosts come in between */
const MOST_TIMES = 4096;

/** Why it fails; undefined if it does not. What is thrown is a failure too, and so is a rule that is broken, where rules are watched. */
export async function failureOf(stage: Stage, scenario: Scenario, orders: Orders): Promise<string | undefined> {
  try {
    return (await scenario.run(stage, orders)) ?? orders.rules?.broken;
  } catch (error) {
    return `${(error as Error).message}`;
  }
}

/** The first rule that the tested host breaks; undefined if it keeps them. */
export async function ruleBrokenIn(stage: Stage, scenario: Scenario, orders: Orders): Promise<string | undefined> {
  const rules = new Rules();
  await failureOf(stage, scenario, { ...orders, rules });
  return rules.broken;
}

/** Takes away what caches do by themselves, and the times at which others come in between, as far as it still fails. */
export async function shrink(stage: Stage, scenario: Scenario, failing: Orders): Promise<Orders> {
  let orders = failing;
  const tryWith = async (part: Partial<Orders>): Promise<boolean> => {
    const plainer = { ...orders, ...part, ...(orders.rules && { rules: new Rules() }) };
    const fails = (await failureOf(stage, scenario, plainer)) !== undefined;
    if (fails) orders = plainer;
    return fails;
  };
  for (const habit of HABITS) await tryWith({ without: [...(orders.without ?? []), habit] });
  if (await tryWith({ between: [0, 0] })) return orders;
  // the fewest times that suffice, and then the last of them
  let [low, high] = [0, MOST_TIMES];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await tryWith({ between: [0, middle] })) high = middle;
    else low = middle;
  }
  for (let from = high - 1; from > 0; from = Math.floor(from / 2)) if (await tryWith({ between: [from, high] })) break;
  return orders;
}

/** What to set in the environment to run a schedule again. */
export function environmentOf(scenario: Scenario, { seed, without = [], between }: Orders): string {
  const settings = [`FAMFS_TEST_SEED=${seed}`, `FAMFS_TEST_SCENARIO='${scenario.name}'`];
  if (without.length > 0) settings.push(`FAMFS_TEST_WITHOUT=${without.join()}`);
  if (between !== undefined) settings.push(`FAMFS_TEST_BETWEEN=${between.join()}`);
  return settings.join(' ');
}
