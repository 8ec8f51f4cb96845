/** What hosts see, as text to compare. */
import { FamfsError } from '../../src/fs/errors.js';
import type { Role, SimHost, World } from './world.js';

/** Facts that differ from run to run. */
export function normal(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
    .replace(/in \d+\.\d+ s( \([^)]*\))?/g, 'in TIME')
    .replace(/undo-?\S*|\S*\.undo\S*/g, 'UNDO');
}

export async function printed(world: World, host: SimHost, argv: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await world.run(host, argv);
  return normal(`exits ${exitCode}: ${stdout}${stderr}`);
}

/** What cold hosts find on the devices: names and bytes, what fsck says, and what comes of the next append. */
export async function found(world: World): Promise<string> {
  const cold = (role: Role) => world.host(`another ${role}`, role);
  const listing = () => {
    try {
      return world.listing(cold('Client'));
    } catch (error) {
      if (error instanceof FamfsError) return `${error.code}`;
      throw error;
    }
  };
  const before = listing();
  const checked = await printed(world, cold('Client'), ['fsck', '-n', 'image']);
  const next = cold('Master');
  const appended = await printed(world, next, [
    'creat',
    '-q',
    '--dev',
    'image',
    '--policy',
    'fill',
    '--seed',
    '77',
    '-s',
    '100',
    'next',
  ]);
  next.flush();
  return [before, checked, appended, listing()].join('\n');
}

export function seenBy(world: World, host: SimHost): string {
  try {
    return world.listing(host);
  } catch (error) {
    if (error instanceof FamfsError) return error.code;
    throw error;
  }
}

export function differ(what: string, seen: string, expected: string): string | undefined {
  if (seen === expected) return undefined;
  const [a, b] = [seen.split('\n'), expected.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  return `${what}: ${a[at] ?? 'no more'} instead of ${b[at] ?? 'no more'}`;
}
