import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const WIDTH = here('stringWidth.cjs');
const PLATFORM = here('yargsPlatform.mjs');

/**
 * An esbuild plugin that keeps out of the bundle what yargs and the libraries of tables and progress bring although we
 * have it, or need it not:
 *
 * - yargs' platform: see yargsPlatform.mjs;
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
      // they are dependencies of yargs, not ours
      build.onResolve({ filter: /^(cliui|yargs-parser)$/ }, ({ path, importer, kind }) =>
        importer === PLATFORM ? build.resolve(path, { kind, resolveDir: here('../node_modules/yargs') }) : undefined,
      );
    },
  };
}
