import { observeMemory } from '../../../../src/native/device.js';
import { famfsJson } from '../cli.js';
import { nameOf } from '../sequence.js';

/** Milliseconds by which each step of an append is delayed, so that others see memory between two steps. */
const PAUSE = 1;

/** Makes the directories and files of the sequence one by one, each by its own command. */
export default async function append({ dev, count }: { dev: string; count: number }): Promise<{ made: number }> {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  observeMemory({ fence: () => Atomics.wait(nobody, 0, 0, PAUSE) });
  for (let i = 0; i < count; i++) {
    const command = i % 2 === 0 ? ['mkdir'] : ['creat', '-s', '1M'];
    await famfsJson([...command, '--dev', dev, nameOf(i)]);
  }
  return { made: count };
}
