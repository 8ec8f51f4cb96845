import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * An esbuild plugin that has node load these modules of its own at the first call of one of their functions, and not
 * where a file of ours imports them: they take milliseconds to load, and most commands call none of them.
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

/** Capitalised exports are classes, which a wrapper cannot stand in for: importing one fails the build. */
function wrappers(path) {
  const functions = Object.entries(require(path)).filter(
    ([key, value]) => typeof value === 'function' && /^[a-z]/.test(key),
  );
  return functions
    .map(([key]) => `export const ${key} = (...args) => process.getBuiltinModule('${path}').${key}(...args);`)
    .join('\n');
}
