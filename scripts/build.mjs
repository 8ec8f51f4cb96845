// Bundles the program: dist/famfs.cjs, which answers --version by itself, and a folder beside it with the rest, divided so
// that ls reads only one file, and creat a second. CommonJS, since node starts it sooner than a module.
// And dist/page.html, which only `famfs map --html` reads, and dist/library.js, which programs import as 'famfs'.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { addonTrouble } from './addonTrouble.mjs';
import { lazyBuiltins } from './lazyBuiltins.mjs';
import { manifestValidator, writeManifestValidator } from './manifestValidator.mjs';
import { bundlePacks } from './packs.mjs';
import { pageTemplate } from './pageTemplate.mjs';
import { slimYargs } from './slimYargs.mjs';
import { thirdParty } from './thirdParty.mjs';

const FOLDER = 'dist';
const MANIFEST_SCHEMA = 'manifest.schema.json';
const SEEDS = {
  main: ['src/main.ts', 'src/commands/ls.ts', 'src/commands/info.ts'],
  // and what two of the following need
  write: [
    'src/commands/creat.ts',
    'src/commands/options/alone.ts',
    'src/fs/allocate/memberSpace.ts',
    'src/fs/media/departure.ts',
    'src/fs/media/foreignContent.ts',
    'src/fs/media/superblockWriter.ts',
  ],
  // for fsck and mount
  kernel: ['src/format/kernel/forms.ts', 'src/fs/pool/kernelFacts.ts'],
  check: ['src/commands/fsck.ts'],
  mount: ['src/commands/mount.ts'],
  declare: [
    'src/commands/apply.ts',
    'out/src/commands/manifest/validateManifest.js',
    'node_modules/js-yaml/dist/js-yaml.mjs',
  ],
};

const shared = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', minify: true, write: false };

mkdirSync(FOLDER, { recursive: true });
await writeManifestValidator(join(FOLDER, MANIFEST_SCHEMA));
const { packs, modules } = await bundlePacks(SEEDS, {
  ...shared,
  define: { 'import.meta.dirname': '__dirname' },
  banner: { js: '"use strict";' },
  plugins: [
    lazyBuiltins(['child_process', 'crypto', 'readline', 'timers/promises', 'tty']),
    slimYargs(),
    manifestValidator(),
  ],
});
// V8 knows a source again by its length only; with a hash in its path, it cannot get the cache of another build
const hash = createHash('sha256')
  .update(JSON.stringify([...packs]))
  .digest('hex')
  .slice(0, 12);
const cli = await build({
  ...shared,
  entryPoints: ['src/cli.ts'],
  plugins: [lazyBuiltins(['child_process'])],
  define: { 'import.meta.dirname': '__dirname', MAIN_FILE: JSON.stringify(join(hash, 'main.cjs')) },
});

// a module, and not minified, so that the stack traces of programs that use it can be read
const library = await build({
  ...shared,
  entryPoints: ['src/library/index.ts'],
  format: 'esm',
  // for packages that are CommonJS
  banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  minify: false,
  legalComments: 'none',
  metafile: true,
});

const folder = join(FOLDER, hash);
mkdirSync(folder, { recursive: true });
for (const [pack, code] of packs) writeFileSync(join(folder, `${pack}.cjs`), asFunction(code));
// in an empty environment, since what famfs runs for a setting would be in the cache
const cached = spawnSync(process.execPath, ['out/scripts/writeCodeCache.js', folder], {
  encoding: 'utf8',
  env: { TMPDIR: tmpdir() },
});
const page = await pageTemplate();
writeFileSync(join(FOLDER, 'page.html'), page.html);
writeFileSync(
  join(FOLDER, 'THIRD-PARTY.txt'),
  thirdParty([...modules, ...page.modules, ...Object.keys(library.metafile.inputs)]),
);
writeFileSync(join(FOLDER, 'library.js'), library.outputFiles[0].text);
writeFileSync(join(FOLDER, 'famfs.cjs'), cli.outputFiles[0].text);
chmodSync(join(FOLDER, 'famfs.cjs'), 0o755);
for (const name of readdirSync(FOLDER)) {
  const isKept = ['famfs.cjs', 'library.js', 'page.html', 'THIRD-PARTY.txt', MANIFEST_SCHEMA, hash].includes(name);
  if (!isKept) rmSync(join(FOLDER, name), { recursive: true });
}
if (cached.status !== 0) {
  process.stderr.write(`${addonTrouble() ?? cached.stderr.trimEnd()}\n`);
  process.exitCode = 1;
}

/**
 * A CommonJS module that is also a script: V8 caches scripts, and the value of this one is the module as a function (see
 * `compile` in src/codeCache.ts). To put the code into a function at run time would copy it.
 */
function asFunction(code) {
  const parameters = '(exports, require, module, __filename, __dirname)';
  return `((run) => typeof module === 'object' ? run${parameters} : run)(function ${parameters} {${code}\n})\n`;
}
