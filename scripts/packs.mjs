import { createRequire } from 'node:module';
import { relative, resolve } from 'node:path';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);

/** How a module imports another that is loaded before it runs. */
const STATIC = new Set(['import-statement', 'require-call']);

/**
 * Bundles a program into several CommonJS files, so that a run reads and compiles little more than what it needs. A module
 * goes to the first pack of which a seed imports it, directly or not; what only `import()` asks for goes to the pack
 * `rest`. The files are to be called `PACK.cjs` and to lie in one folder. What is in a pack with seeds runs when its file
 * is loaded; a module of `rest` runs when it is asked for.
 *
 * `seeds` are the paths of modules by pack, the first of which is the entry: its file exports what that module does.
 * `options` are those of esbuild for every file. Returns the text of each file by its pack, and the paths of all modules.
 */
export async function bundlePacks(seeds, options) {
  const { metafile } = await build({
    ...options,
    entryPoints: Object.values(seeds).flat(),
    outdir: '.',
    metafile: true,
  });
  const packOf = assignPacks(metafile.inputs, seeds);
  const names = await exportedNames(crossedModules(metafile.inputs, packOf), options);
  const [first] = Object.keys(seeds);
  const texts = [...Object.keys(seeds), 'rest'].map(async (pack) => {
    const entry = pack === first ? `export * from './${seeds[pack][0]}';` : '';
    const offered = [...names.keys()].filter((module) => packOf.get(module) === pack);
    const { outputFiles } = await build({
      ...options,
      stdin: {
        contents: entry + offerModules(offered, names, pack !== 'rest'),
        resolveDir: '.',
        sourcefile: `${pack}.js`,
      },
      plugins: [crossings(pack, packOf, names), ...options.plugins],
    });
    return [pack, outputFiles[0].text];
  });
  return { packs: new Map(await Promise.all(texts)), modules: Object.keys(metafile.inputs) };
}

/** The pack of each module. */
function assignPacks(inputs, seeds) {
  const packOf = new Map();
  const take = (module, pack) => {
    if (packOf.has(module) || inputs[module] === undefined) return;
    packOf.set(module, pack);
    for (const { path, kind } of inputs[module].imports) if (STATIC.has(kind)) take(path, pack);
  };
  for (const pack of Object.keys(seeds)) for (const seed of seeds[pack]) take(seed, pack);
  for (const module of Object.keys(inputs)) take(module, 'rest');
  return packOf;
}

/**
 * Whether an import is answered by `modules` of a file: of a module of another pack, and of one of a pack with seeds by
 * `import()`, since within one file that would be a reason for esbuild to wrap the module in a function.
 */
function crosses(pack, owner, kind) {
  return owner !== pack || (kind === 'dynamic-import' && owner !== 'rest');
}

/** The modules that are imported in this way. What a plugin makes up is no file, and in every pack. */
function crossedModules(inputs, packOf) {
  const paths = Object.entries(inputs).flatMap(([importer, { imports }]) =>
    imports
      .filter(({ external, path }) => !external && !/^[\w-]+:/.test(path))
      .filter(({ path, kind }) => crosses(packOf.get(importer), packOf.get(path), kind))
      .map(({ path }) => path),
  );
  return [...new Set(paths)];
}

/** The exports of each of these modules. */
async function exportedNames(modules, options) {
  const alone = {
    ...options,
    bundle: false,
    plugins: [],
    format: 'esm',
    logLevel: 'error',
    metafile: true,
    outdir: '.',
  };
  const { metafile } = await build({ ...alone, entryPoints: modules });
  const outputs = Object.values(metafile.outputs);
  const names = modules.map((module) => {
    const { exports } = outputs.find(({ entryPoint }) => entryPoint === module);
    // esbuild knows only that CommonJS has a default; what is ours has no more
    const isCommon = metafile.inputs[module]?.format === 'cjs' && module.startsWith('node_modules/');
    const all = isCommon ? ['default', ...Object.keys(require(resolve(module)))] : exports;
    return [module, all.filter((name) => /^[\w$]+$/.test(name))];
  });
  return new Map(names);
}

/** The part of an entry that gives modules to other packs. */
function offerModules(modules, names, eager) {
  const cases = modules.map((module, index) => {
    const path = JSON.stringify(`./${module}`);
    if (!eager) return { imports: '', value: `require(${path})` };
    const own = names.get(module);
    return {
      imports: `import { ${own.map((name) => `${name} as ${name}_${index}`).join(', ')} } from ${path};`,
      value: `{ ${own.map((name) => `${name}: ${name}_${index}`).join(', ')} }`,
    };
  });
  const lines = cases.map(({ value }, index) => `case ${JSON.stringify(modules[index])}: return ${value};`);
  return `${cases.map(({ imports }) => imports).join('\n')}\nexport const modules = (name) => { switch (name) { ${lines.join('\n')} } };`;
}

/** An esbuild plugin that takes the modules of other packs from their files. */
function crossings(pack, packOf, names) {
  return {
    name: 'crossings',
    setup(builder) {
      builder.onResolve({ filter: /./ }, async ({ path, pluginData, ...options }) => {
        if (options.namespace === 'crossing') return { path, external: true };
        if (pluginData === crossings || options.kind === 'entry-point') return undefined;
        const resolved = await builder.resolve(path, { ...options, pluginData: crossings });
        const module = relative(process.cwd(), resolved.path);
        const owner = resolved.namespace === 'file' ? packOf.get(module) : undefined;
        const isCrossed = owner !== undefined && crosses(pack, owner, options.kind);
        return isCrossed ? { path: module, namespace: 'crossing' } : resolved;
      });
      builder.onLoad({ filter: /./, namespace: 'crossing' }, ({ path: module }) => {
        const from = `require(${JSON.stringify(`./${packOf.get(module)}.cjs`)}).modules(${JSON.stringify(module)})`;
        const lines = names.get(module).map((name) =>
          // what is CommonJS is its own default
          name === 'default' ? 'export default from.default ?? from;' : `export const ${name} = from.${name};`,
        );
        return { contents: `const from = ${from};\n${lines.join('\n')}` };
      });
    },
  };
}
