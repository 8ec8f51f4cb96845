// Writes what users of the library read: types/famfs.d.ts, the types of all that it exports in one file, and from these docs/api.
// With a folder as its argument it writes there, so that a test can compare.

import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { Application, TSConfigReader } from 'typedoc';

const root = dirname(dirname(import.meta.dirname));
const COMPILER = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  skipLibCheck: true,
};

const target = resolve(process.argv[2] ?? root);

await writeTypes(join(target, 'types'));
await writePages(join(target, 'types/famfs.d.ts'), join(target, 'docs/api'));

async function writeTypes(folder) {
  const compilerOptions = { stripInternal: true, incremental: false };
  const bundle = await rollup({
    input: join(root, 'src/library/index.ts'),
    external: /^node:/,
    plugins: [dts({ tsconfig: join(root, 'tsconfig.json'), compilerOptions })],
    onwarn(warning) {
      throw new Error(warning.message);
    },
  });
  const { output } = await bundle.generate({ format: 'es' });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'famfs.d.ts'), `// Written by npm run docs from src/library.\n${output[0].code}`);
}

async function writePages(types, folder) {
  // where types of Node.js are found, and no package.json is nearer than that of famfs
  mkdirSync(join(root, 'out'), { recursive: true });
  const work = mkdtempSync(join(root, 'out', 'api-'));
  const out = join(work, 'out');
  try {
    cpSync(types, join(work, 'famfs.d.ts'));
    writeFileSync(join(work, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER, files: ['famfs.d.ts'] }));
    const app = await Application.bootstrapWithPlugins(
      {
        name: 'famfs',
        out,
        entryPoints: [join(work, 'famfs.d.ts')],
        tsconfig: join(work, 'tsconfig.json'),
        plugin: [fileURLToPath(import.meta.resolve('typedoc-plugin-markdown'))],
        readme: 'none',
        disableSources: true,
        treatWarningsAsErrors: true,
        logLevel: 'Warn',
        router: 'module',
        hideBreadcrumbs: true,
        hidePageHeader: true,
        entryFileName: 'README',
        useCodeBlocks: true,
        excludeExternals: true,
        groupOrder: ['Functions', 'Interfaces', 'Classes', 'Type Aliases', 'Variables'],
        parametersFormat: 'table',
        interfacePropertiesFormat: 'table',
        sort: ['kind', 'alphabetical'],
      },
      [new TSConfigReader()],
    );
    const project = await app.convert();
    if (project === undefined || app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('TypeDoc failed');
    await app.generateOutputs(project);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(out)) {
      if (!name.endsWith('.md')) continue;
      // by which a test knows that it is of these types
      const source = createHash('sha256').update(readFileSync(types)).digest('hex');
      const text = readFileSync(join(out, name), 'utf8').trimEnd();
      writeFileSync(join(folder, name), `${text}\n\n<!-- from types/famfs.d.ts, sha256 ${source} -->\n`);
    }
  } finally {
    rmSync(work, { recursive: true });
  }
}
