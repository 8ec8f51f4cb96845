/** The source files as text, for tests that enforce the rules of docs/architecture.md. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { ROOT } from '../support/root.js';
import { FLOORS } from './rooms.js';

/** Paths of the TypeScript files below a folder, relative to the root. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('node_modules/'))
    .map((path) => join(folder, path))
    .sort();
}

export function readSource(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export interface Import {
  /** a path relative to the root (src/fs/log/log.ts) for a file of ours, else as written (node:fs, chalk) */
  readonly target: string;
  /** only its types are used: it is not loaded */
  readonly typeOnly: boolean;
  /** import(): loaded when that is run */
  readonly lazy: boolean;
}

/** Everything that a file imports. */
export function importsOf(path: string): Import[] {
  const source = readSource(path);
  const statements = /^(?:import|export)\s+(type\s)?(?:[\w*{][^;']*?from\s+)?'([^']+)';/gm;
  const eager = [...source.matchAll(statements)].map(([, type, target = '']) => {
    return { target: resolved(path, target), typeOnly: type !== undefined, lazy: false };
  });
  const lazy = [...source.matchAll(/(typeof\s+)?\bimport\('([^']+)'\)/g)].map(([, type, target = '']) => {
    return { target: resolved(path, target), typeOnly: type !== undefined, lazy: true };
  });
  return [...eager, ...lazy];
}

function resolved(from: string, target: string): string {
  if (!target.startsWith('.')) return target;
  const path = relative('.', normalize(join(dirname(from), target)));
  // a module that the build makes has only its types in the sources
  const types = path.replace(/\.js$/, '.d.ts');
  return types !== path && existsSync(join(ROOT, types)) ? types : path.replace(/\.js$/, '.ts');
}

/** Names of all rooms, lowest floor first. */
export const ROOMS: readonly string[] = FLOORS.flatMap((rooms) => Object.keys(rooms));

/** The room of a file: the longest name that leads to it. undefined for the files of src itself, which put the rooms together. */
export function roomOf(path: string): string | undefined {
  const names = ROOMS.filter((name) => path.startsWith(`src/${name}/`));
  return names.reduce<string | undefined>((best, name) => (name.length > (best?.length ?? 0) ? name : best), undefined);
}

/** The floor that a room is on, from 0. */
export function floorOf(name: string): number {
  return FLOORS.findIndex((rooms) => name in rooms);
}
