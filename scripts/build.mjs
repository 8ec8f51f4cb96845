// Bundles the program: dist/famfs.cjs, which answers --version by itself, and a file beside it that is all the rest.
// CommonJS, since node starts it sooner than a module.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { lazyBuiltins } from './lazyBuiltins.mjs';
import { slimYargs } from './slimYargs.mjs';

const FOLDER = 'dist';

const shared = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', minify: true, write: false };

async function bundle(options) {
  const { outputFiles } = await build({ ...shared, ...options });
  return outputFiles[0].text;
}

const main = await bundle({
  entryPoints: ['src/main.ts'],
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: '"use strict";const importMetaUrl=require("node:url").pathToFileURL(__filename).href;' },
  plugins: [lazyBuiltins(['child_process', 'crypto', 'readline', 'timers/promises', 'tty']), slimYargs()],
});
// V8 knows a source again by its length only; with its hash in the name, it cannot get the cache of another build
const mainFile = `main-${createHash('sha256').update(main).digest('hex').slice(0, 12)}.cjs`;
const cli = await bundle({
  entryPoints: ['src/cli.ts'],
  define: { 'import.meta.dirname': '__dirname', MAIN_FILE: JSON.stringify(mainFile) },
});

mkdirSync(FOLDER, { recursive: true });
writeFileSync(join(FOLDER, mainFile), main);
const { status } = spawnSync(process.execPath, ['out/scripts/writeCodeCache.js', join(FOLDER, mainFile)], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
writeFileSync(join(FOLDER, 'famfs.cjs'), cli);
chmodSync(join(FOLDER, 'famfs.cjs'), 0o755);
for (const name of readdirSync(FOLDER)) {
  if (name !== 'famfs.cjs' && !name.startsWith(mainFile)) rmSync(join(FOLDER, name), { recursive: true });
}
process.exitCode = status ?? 1;
