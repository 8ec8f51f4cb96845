import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * An esbuild plugin that makes Node.js load some of its own modules at the first call of one of their functions rather than on
 * import: they take milliseconds to load, and most commands call none of them.
 */
export function lazyBuiltins(names) {
  const filter = new RegExp(`^node:(${names.join('|')})$`);
  return {
    name: 'lazy-builtins',
    setup(build) {
      build.onResolve({ filter }, ({ path, importer }) =>
        importer.includes('node_modules') ? { path, external: true } : { path, namespace: 'lazy' },
      );
      build.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({ contents: wrappers(path) }));
    },
  };
}

/** Capitalized exports are classes, which a wrapper cannot replace: importing one fails the build. */
function wrappers(path) {
  const functions = Object.entries(require(path)).filter(
    ([key, value]) => typeof value === 'function' && /^[a-z]/.test(key),
  );
  return functions
    .map(([key]) => `export const ${key} = (...args) => process.getBuiltinModule('${path}').${key}(...args);`)
    .join('\n');
}
