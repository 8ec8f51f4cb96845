import { observeMemory } from '../../../../src/native/device.js';
import { famfsJson } from '../cli.js';
import { nameOf } from '../sequence.js';

/** Milliseconds that each step of an append takes longer, so that others see memory as it is between two steps. */
const PAUSE = 1;

/** Makes the directories and files of the sequence one after the other, each by a command of its own. */
export default async function append({ dev, count }: { dev: string; count: number }): Promise<{ made: number }> {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  observeMemory({ fence: () => Atomics.wait(nobody, 0, 0, PAUSE) });
  for (let i = 0; i < count; i++) {
    const command = i % 2 === 0 ? ['mkdir'] : ['creat', '-s', '1M'];
    await famfsJson([...command, '--dev', dev, nameOf(i)]);
  }
  return { made: count };
}
