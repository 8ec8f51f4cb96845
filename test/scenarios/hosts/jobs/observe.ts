import { famfs, famfsJson } from '../cli.js';
import { nameOf } from '../sequence.js';

interface Arguments {
  readonly dev: string;
  /** slot of the sequence's first entry */
  readonly from: number;
  readonly count: number;
}

export interface Observation {
  readonly replays: number;
  /** how many different lengths of the log were seen */
  readonly lengths: number;
  /** entries of the sequence that were seen in the end */
  readonly seen: number;
  /** the first few observations that should be impossible */
  readonly faults: readonly string[];
}

interface Logplay {
  readonly entries: number;
  readonly operations: readonly { readonly slot: number; readonly path?: string; readonly applied: boolean }[];
}

/** Replays without news after which it gives up. A time would not do: clocks of guests that wait for a processor run wrong. */
const PATIENCE = 3000;

/** Replays and checks the log in a loop while another host appends to it, until the sequence is complete. */
export default async function observe({ dev, from, count }: Arguments): Promise<Observation> {
  const lengths = new Set<number>();
  const faults: string[] = [];
  let replays = 0;
  let seen = 0;
  let idle = 0;
  while (seen < count && idle < PATIENCE && faults.length < 5) {
    const { entries, operations } = await famfsJson<Logplay>(['logplay', '--dev', dev, '--from', String(from)]);
    replays++;
    lengths.add(entries);
    if (entries - from < seen) faults.push(`${seen} entries became ${entries - from}`);
    idle = entries - from === seen ? idle + 1 : 0;
    seen = entries - from;
    if (operations.length !== seen) faults.push(`${operations.length} operations of ${seen} entries`);
    for (const [i, { slot, path, applied }] of operations.entries()) {
      if (slot !== from + i || path !== nameOf(i) || !applied) faults.push(`slot ${slot} holds ${path}, ${applied}`);
    }
    const { exitCode, stdout } = await famfs(['fsck', dev]);
    if (exitCode !== 0) faults.push(`fsck exits ${exitCode}: ${stdout}`);
  }
  return { replays, lengths: lengths.size, seen, faults: faults.slice(0, 5) };
}
