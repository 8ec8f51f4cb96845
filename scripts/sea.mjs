// Makes packages/famfs, a single executable: this node with the bundle, its code cache and the prebuilt addon inside.
// Run `npm run bundle` and `node scripts/prebuild.mjs` first.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { inject } from 'postject';
import { cacheOf, soundHalf } from '../out/src/codeCache.js';

/** Where node looks whether it is such an executable: part of its source. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

process.chdir(resolve(import.meta.dirname, '..'));
const work = join('packages', 'sea');
const executable = join('packages', 'famfs');
mkdirSync(work, { recursive: true });

const assets = {
  'page.html': join('dist', 'page.html'),
  'famfs_native.node': join('prebuilds', `linux-${process.arch}`, 'famfs_native.node'),
};
for (const file of readdirSync('dist', { recursive: true }).filter((path) => /^\w+\/\w+\.cjs$/.test(path))) {
  const name = basename(file);
  const code = join(work, `${name}.cache`);
  // the executable is as sound as the program: no need for two copies
  writeFileSync(code, soundHalf(readFileSync(cacheOf(join('dist', file)))));
  Object.assign(assets, { [name]: join('dist', file), [`${name}.cache`]: code });
}
await build({
  entryPoints: ['src/sea.ts'],
  outfile: join(work, 'sea.cjs'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minify: true,
});
writeFileSync(
  join(work, 'config.json'),
  JSON.stringify({
    main: join(work, 'sea.cjs'),
    output: join(work, 'blob'),
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    assets,
  }),
);
execFileSync(process.execPath, ['--experimental-sea-config', join(work, 'config.json')], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
copyFileSync(realpathSync(process.execPath), executable);
execFileSync('strip', [executable]);
await inject(executable, 'NODE_SEA_BLOB', readFileSync(join(work, 'blob')), { sentinelFuse: FUSE });
rmSync(work, { recursive: true });
process.stdout.write(`${executable}: ${statSync(executable).size} bytes\n`);
