// Bundles the command line into one file. CommonJS, since node starts it sooner than a module.
import { chmodSync } from 'node:fs';
import { build } from 'esbuild';

const outfile = 'dist/famfs.cjs';

await build({
  entryPoints: ['src/cli.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minify: true,
  legalComments: 'linked',
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: '"use strict";const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
});
chmodSync(outfile, 0o755);
