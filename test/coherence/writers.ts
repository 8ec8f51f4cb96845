/** Scenarios of a Master that loses power, is looked at, or has bad memory while it writes. */
import { rmSync } from 'node:fs';
import { MIN_LOG_LENGTH } from '../../src/format/logHeader.js';
import { SUPERBLOCK_REGION } from '../../src/format/superblock.js';
import { makeRandom } from '../../src/fs/allocate/random.js';
import type { Fabric } from './fabric.js';
import { knownOf, listingsOf, prepare, succeed, type WriterOptions } from './known.js';
import { between, type Scenario } from './scenario.js';
import { differ, found, normal, printed, seenBy } from './seen.js';

/** where files begin at the earliest */
const FREE_SPACE = SUPERBLOCK_REGION + MIN_LOG_LENGTH;

/** Power is lost once a command has reported success: other hosts must find all that it did. */
export function lost(name: string, from: string, argv: readonly string[], options: WriterOptions = {}): Scenario {
  return {
    name: `${name}, then power is lost`,
    kind: 'lost',
    role: 'Master',
    async run(stage, orders) {
      const { world, states } = stage;
      const { after } = await knownOf(stage, `write ${name}`, from, argv, options);
      const random = makeRandom(orders.seed);
      const host = stage.tested('Master', 'Master', orders);
      await prepare(stage, await states.get(from), host, options);
      await succeed(world, host, argv);
      host.lose(random);
      return differ('after lost power other hosts find', await found(world), after);
    },
  };
}

/** Power is lost meanwhile: the next Master repairs what is left, and finds the old or the new; where it is the old it works again. */
export function cut(name: string, from: string, argv: readonly string[], options: WriterOptions = {}): Scenario {
  return {
    name: `power is lost during ${name}`,
    kind: 'cut',
    role: 'Master',
    async run(stage, orders) {
      const { world, states } = stage;
      const allowed = [...(await listingsOf(stage, name, from, argv, options)), ...(options.allowed ?? [])];
      const { moments, fences, before, after } = await knownOf(stage, `write ${name}`, from, argv, options);
      const random = makeRandom(orders.seed);
      const host = stage.tested('Master', 'Master', orders);
      await prepare(stage, await states.get(from), host, options);
      // power is lost instead of an operation, most often of a fence
      const when = random() < 0.7 ? fences : moments;
      host.powerUntil = host.operations - 1 + (when[Math.floor(random() * when.length)] ?? 1);
      await world.run(host, argv);
      host.lose(random);
      const left = seenBy(world, world.host('Client', 'Client'));
      if (!options.mixes && !allowed.includes(left))
        return `after lost power the Client sees ${left.replaceAll('\n', ', ')}`;
      const next = world.host('next Master', 'Master');
      await world.run(next, ['fsck', '-p', '-q', '--no-undo', 'image']);
      next.flush();
      const repaired = world.save();
      const seen = await found(world);
      if (seen === after || seen === before) return undefined;
      // an unfinished command is given again
      world.load(repaired);
      const again = world.host('next Master', 'Master');
      if (!options.keeps) for (const file of options.makes ?? []) rmSync(world.path(file), { force: true });
      const { exitCode, stderr } = await world.run(again, argv);
      if (exitCode !== 0 && !(argv[0] === 'fsck' && exitCode === 1))
        return `after lost power: ${seen.split('\n')[0]}; the command, given again: ${normal(stderr)}`;
      again.flush();
      return differ('after lost power, and the command given again, hosts find', await found(world), after);
    },
  };
}

/** A command reads back what it has stored, and must see what memory made of it. */
export function badMemory(name: string, from: string, argv: readonly string[], device: string): Scenario {
  return {
    name: `${name} into bad memory`,
    kind: 'bad memory',
    role: 'Master',
    async run(stage, orders) {
      const { world, states } = stage;
      const memory = await states.get(from);
      // the first byte that is stored to free space, but for the journal of a rewrite: that of a file
      const place = await stage.once(`place of ${name}`, async () => {
        world.load(memory);
        const host = world.host('Master', 'Master');
        await succeed(world, host, argv);
        host.flush();
        return world.fabric(device).firstDifference(memory.get(world.path(device)) as Fabric, FREE_SPACE);
      });
      world.load(memory);
      world.fabric(device).badByte = place;
      const host = stage.tested('Master', 'Master', orders);
      try {
        const seen = await printed(world, host, argv);
        return seen.includes('wrong byte') ? undefined : `a wrong byte goes unnoticed: ${seen}`;
      } finally {
        world.fabric(device).badByte = undefined;
      }
    },
  };
}

/** A Client, which keeps what it has read, looks between any two operations of a command, and at its end. */
export function watched(name: string, from: string, argv: readonly string[], options: WriterOptions = {}): Scenario {
  return {
    name: `a Client looks during ${name}`,
    kind: 'watched',
    role: 'Master',
    async run(stage, orders) {
      const { world, states } = stage;
      const memory = await states.get(from);
      const allowed = await listingsOf(stage, name, from, argv, options);
      const host = stage.tested('Master', 'Master', orders);
      const client = stage.other('Client', 'Client', orders);
      await prepare(stage, memory, host, options);
      let wrong: string | undefined;
      let at = 0;
      const look = () => {
        if (wrong !== undefined) return;
        const seen = seenBy(world, client);
        const next = allowed.indexOf(seen, at);
        if (next >= 0) at = next;
        else if (!(options.allowed ?? []).includes(seen)) wrong = `the Client sees ${seen.replaceAll('\n', ', ')}`;
      };
      look();
      host.onOperation = between(orders, look);
      await succeed(world, host, argv);
      host.onOperation = undefined;
      return wrong ?? differ('once all is reported, the Client sees', seenBy(world, client), allowed.at(-1) ?? '');
    },
  };
}
