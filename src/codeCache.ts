import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** Where bundled files are, and the code that V8 made of them. */
export interface Store {
  text(file: string): string;
  /** undefined if there is none, or it is damaged */
  code(file: string): Buffer | undefined;
}

/** Files with a cache beside each. */
export const FILES: Store = {
  text: (file) => readFileSync(file, 'latin1'),
  code(file) {
    const cache = cacheOf(file);
    return existsSync(cache) ? soundHalf(readFileSync(cache)) : undefined;
  },
};

/** What has been loaded, or is being loaded, by path. */
const modules = new Map<string, { exports: unknown }>();

/**
 * Loads a CommonJS file, and those of its folder that it requires, with the code that V8 made of them when they were built,
 * which saves compiling them. V8 refuses a cache that is not of its own version or of the flags it runs with; then it
 * compiles.
 */
export function loadCached(file: string, store = FILES): unknown {
  const loaded = modules.get(file);
  if (loaded !== undefined) return loaded.exports;
  const code = store.code(file);
  // once one file was loaded here, node's require would load it again for the next
  return code === undefined && modules.size === 0 ? loadUncached(file) : compile(file, store, code).run();
}

/**
 * A cache is kept twice in its file, since V8 runs whatever it is given, and a damaged one ends the process. To compare
 * is a tenth of a millisecond; no checksum is, in JavaScript that has not been running for a while.
 */
export function twice(code: Buffer): Buffer {
  return Buffer.concat([code, code]);
}

/** The code in a cache file; undefined if it is damaged. */
export function soundHalf(file: Buffer): Buffer | undefined {
  const half = file.subarray(0, file.length / 2);
  return half.length > 0 && half.equals(file.subarray(half.length)) ? half : undefined;
}

/**
 * For another node than the one that built: from 22.8 on, node keeps a cache by itself. It is beside the program, since
 * in /tmp, node's own choice, another user could leave code for root to run.
 */
function loadUncached(file: string): unknown {
  const { createRequire, enableCompileCache } = process.getBuiltinModule(
    'node:module',
  ) as typeof import('node:module') & {
    enableCompileCache?: (folder: string) => unknown;
  };
  enableCompileCache?.(join(dirname(file), 'compile-cache'));
  return createRequire(file)(file);
}

/** What a bundled file requires besides files of its folder: modules of node. A require of node's own takes a millisecond to make. */
function requireBuiltin(name: string): unknown {
  const found = process.getBuiltinModule(name);
  if (found === undefined) throw new Error(`${name} is no module of Node.js, and not in the bundle`);
  return found;
}

/** Where the cache of a file is. Named after node and processor, as V8 does not compare the latter. */
export function cacheOf(file: string): string {
  return `${file}.${process.version}-${process.arch}.cache`;
}

export interface Compiled {
  readonly script: Script;
  /** runs the file and returns its exports */
  run(): unknown;
}

/** Compiles a bundled file, which is a script whose value is the module as a function, and ASCII only. */
export function compile(file: string, store: Store, cachedData?: Buffer): Compiled {
  // the cache contains the file name, which must not depend on the folder that it was built in
  const script = new Script(store.text(file), { filename: basename(file), ...(cachedData && { cachedData }) });
  return {
    script,
    run() {
      const module = { exports: {} };
      modules.set(file, module);
      const requireCached = (name: string) =>
        name.startsWith('./') ? loadCached(join(dirname(file), name), store) : requireBuiltin(name);
      script.runInThisContext()(module.exports, requireCached, module, file, dirname(file));
      return module.exports;
    },
  };
}
