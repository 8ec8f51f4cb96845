import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const WIDTH = here('stringWidth.cjs');
const PLATFORM = here('yargsPlatform.mjs');

/**
 * An esbuild plugin that keeps out of the bundle what yargs and the libraries of tables and progress bring although we
 * have it, or need it not:
 *
 * - yargs' platform: see yargsPlatform.mjs;
 * - the parser's require, for files of settings, which we read ourselves: to make one takes a millisecond;
 * - its checks of the types of arguments, which the compiler has made;
 * - string-width, whose Intl.Segmenter and tables of emoji cost more start-up than all the rest: src/ui/text.ts knows the
 *   width of text, and tables and help are then of one opinion on it.
 */
export function slimYargs() {
  return {
    name: 'slim-yargs',
    setup(build) {
      build.onResolve({ filter: /\/platform-shims\/esm\.mjs$/ }, () => ({ path: PLATFORM }));
      build.onResolve({ filter: /^string-width$/ }, () => ({ path: WIDTH }));
      build.onLoad({ filter: /\/yargs\/build\/lib\/argsert\.js$/ }, () => ({
        contents: 'export const argsert = () => {};',
      }));
      build.onLoad({ filter: /\/yargs-parser\/build\/lib\/index\.js$/ }, ({ path }) => ({
        contents: withoutRequire(path),
      }));
      // they are dependencies of yargs, not ours
      build.onResolve({ filter: /^(cliui|yargs-parser)$/ }, ({ path, importer, kind }) =>
        importer === PLATFORM ? build.resolve(path, { kind, resolveDir: here('../node_modules/yargs') }) : undefined,
      );
    },
  };
}

/** The text of a module that can do without createRequire. */
function withoutRequire(path) {
  const text = readFileSync(path, 'utf8');
  const found = "import { createRequire } from 'node:module';";
  if (!text.includes(found) || !text.includes('createRequire ?'))
    throw new Error(`${path} makes its require in another way now`);
  return text.replace(found, 'const createRequire = undefined;');
}
