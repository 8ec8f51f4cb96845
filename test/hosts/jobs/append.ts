import { famfsJson } from '../cli.js';
import { nameOf } from '../sequence.js';

/** Makes the directories and files of the sequence one after the other, each by a command of its own. */
export default async function append({ dev, count }: { dev: string; count: number }): Promise<{ made: number }> {
  for (let i = 0; i < count; i++) {
    const command = i % 2 === 0 ? ['mkdir'] : ['creat', '-s', '1M'];
    await famfsJson([...command, '--dev', dev, nameOf(i)]);
  }
  return { made: count };
}
