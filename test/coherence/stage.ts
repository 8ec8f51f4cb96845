import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stage } from './scenario.js';
import { States } from './states.js';
import { World } from './world.js';

/** A stage with a folder of its own, and what removes it. */
export function openStage(): { readonly stage: Stage; readonly close: () => void } {
  const world = new World(mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'famfs-coherence-')));
  return { stage: new Stage(world, new States(world)), close: () => world.close() };
}
