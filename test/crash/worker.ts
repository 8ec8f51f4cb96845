/** A process of the long run: runs the scenarios that its parent sends, one by one. */
import { type Effort, runScenario } from './scenario.js';
import { ALL_SCENARIOS } from './scenarios/index.js';

export interface Task {
  /** folder to make for the images */
  readonly home: string;
  /** name of the scenario */
  readonly index: number;
  readonly effort: Effort;
}

export interface Answer {
  /** how many were judged; undefined if one was wrong */
  readonly states?: number;
  /** outcomes, and how often each */
  readonly found?: readonly (readonly [outcome: string, count: number])[];
  readonly finding?: string;
}

process.on('message', async ({ home, index, effort }: Task) => {
  process.send?.(await answer(home, index, effort));
});

async function answer(home: string, index: number, effort: Effort): Promise<Answer> {
  try {
    const { states, found } = await runScenario(home, ALL_SCENARIOS[index] as (typeof ALL_SCENARIOS)[number], effort);
    return { states, found: [...found] };
  } catch (error) {
    return { finding: (error as Error).message };
  }
}
