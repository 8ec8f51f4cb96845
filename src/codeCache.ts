import fs from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import vm from 'node:vm';

/**
 * Loads a CommonJS file with the code that V8 made of it when it was built, which saves compiling it. V8 refuses a cache
 * that is not of its own version or of the flags it runs with; then it compiles.
 */
export function loadCached(file: string): unknown {
  const cache = cacheOf(file);
  const code = fs.existsSync(cache) ? soundHalf(fs.readFileSync(cache)) : undefined;
  return code === undefined ? loadUncached(file) : compile(file, code).run();
}

/**
 * A cache is kept twice in its file, since V8 runs whatever it is given, and a damaged one ends the process. To compare
 * is a tenth of a millisecond; no checksum is, in JavaScript that has not been running for a while.
 */
export function twice(code: Buffer): Buffer {
  return Buffer.concat([code, code]);
}

function soundHalf(file: Buffer): Buffer | undefined {
  const half = file.subarray(0, file.length / 2);
  return half.length > 0 && half.equals(file.subarray(half.length)) ? half : undefined;
}

/**
 * For another node than the one that built: from 22.8 on, node keeps a cache by itself. It is beside the program, since
 * in /tmp, node's own choice, another user could leave code for root to run.
 */
function loadUncached(file: string): unknown {
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
  enableCompileCache?.(join(dirname(file), 'compile-cache'));
  return createRequire(file)(file);
}

/** Where the cache of a file is. Named after node and processor, as V8 does not compare the latter. */
export function cacheOf(file: string): string {
  return `${file}.${process.version}-${process.arch}.cache`;
}

export interface Compiled {
  readonly script: vm.Script;
  /** runs the file and returns its exports */
  run(): unknown;
}

/** Compiles a CommonJS file as require does. */
export function compile(file: string, cachedData?: Buffer): Compiled {
  const source = `(function (exports, require, module, __filename, __dirname) {${fs.readFileSync(file, 'utf8')}\n})`;
  const script = new vm.Script(source, { filename: file, ...(cachedData && { cachedData }) });
  return {
    script,
    run() {
      const module = { exports: {} };
      script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
      return module.exports;
    },
  };
}
