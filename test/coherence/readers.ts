/**
 * Scenarios of hosts that have read, or changed, what another host changes then. What a host prints and leaves must be what a host
 * prints and leaves that has just started.
 */
import { rmSync } from 'node:fs';
import { replayAppended } from '../../src/fs/pool/follow.js';
import { openVolume } from '../../src/fs/pool/openVolume.js';
import { onHost } from './hostFace.js';
import { between, type Scenario, type Stage } from './scenario.js';
import { differ, found, printed } from './seen.js';
import { contentOf, type Memory, type Role, type SimHost } from './world.js';

export interface WarmOptions {
  readonly role?: Role;
  /** what it runs before, instead of the same command */
  readonly warmUp?: readonly (readonly string[])[];
  /** files of this host that it makes, and that go away before it runs again */
  readonly makes?: readonly string[];
  /** judge the devices too */
  readonly writes?: boolean;
}

/** A host that has read a file system runs a command after another host has changed it. */
export function warm(
  name: string,
  from: string,
  to: string,
  argv: readonly string[],
  { role = 'Client', warmUp = [argv], makes = [], writes = false }: WarmOptions = {},
): Scenario {
  const result = async (stage: Stage, host: SimHost) => {
    const { world } = stage;
    for (const file of makes) rmSync(world.path(file), { force: true });
    const text = await printed(world, host, argv);
    if (!writes) return text;
    host.flush();
    return `${text}\n${await found(world)}`;
  };
  const whole = `${name}: ${from}, then ${to}`;
  return {
    name: whole,
    kind: writes ? 'takes over' : 'warm',
    role,
    async run(stage, orders) {
      const { world, states } = stage;
      const [before, after] = [await states.get(from), await states.get(to)];
      const expected = await stage.once(whole, async () => {
        world.load(after);
        return result(stage, world.host('Cold', role));
      });
      const host = stage.tested('Warm', role, { ...orders, leftOut: undefined, rules: undefined, onSites: undefined });
      world.load(before);
      for (const line of warmUp) {
        for (const file of makes) rmSync(world.path(file), { force: true });
        await world.run(host, line);
      }
      world.load(after);
      host.leftOut = orders.leftOut;
      host.rules = orders.rules;
      host.onSites = orders.onSites;
      return differ(`the ${role} prints`, await result(stage, host), expected);
    },
  };
}

/** A Client works while the Master appends between any two of its operations; it follows the log, or opens it again. */
export function alongside(name: string, from: string, follows: boolean): Scenario {
  return {
    name,
    kind: 'alongside',
    role: 'Client',
    async run(stage, orders) {
      const { world, states } = stage;
      const memory = await states.get(from);
      const lines = ['1', '2', '3', '4', '5'].map((i) => [
        'creat',
        '-q',
        '--dev',
        'image',
        '--policy',
        'fill',
        '--seed',
        i,
        '-s',
        '3000',
        `new${i}`,
      ]);
      // the memory after each of them
      const after = await stage.once(`steps of ${name}`, async () => {
        world.load(memory);
        const all: { memory: Memory; listing: string }[] = [];
        const host = world.host('Master', 'Master');
        for (const line of [undefined, ...lines]) {
          if (line !== undefined) await world.ok(host, ...line);
          host.flush();
          all.push({ memory: world.save(), listing: world.listing(world.host('Client', 'Client')) });
        }
        return all;
      });
      const client = stage.tested('Client', 'Client', orders);
      let at = 0;
      const step = () => {
        if (at < after.length - 1) world.load((after[++at] as { memory: Memory }).memory);
      };
      world.load(memory);
      const volume = follows ? onHost(client, () => openVolume(world.fsHost(client), [world.image])) : undefined;
      const look = () => {
        if (volume === undefined) return world.listing(client);
        return onHost(client, () => {
          replayAppended(volume);
          return contentOf(volume).join('\n');
        });
      };
      const meanwhile = between(orders, step);
      for (let i = 0; i <= lines.length; i++) {
        const earliest = at;
        client.onOperation = meanwhile;
        const seen = look();
        client.onOperation = undefined;
        if (!after.slice(earliest, at + 1).some(({ listing }) => listing === seen))
          return differ('the Client sees', seen, (after[earliest] as { listing: string }).listing);
        step();
      }
      return undefined;
    },
  };
}
