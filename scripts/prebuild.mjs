// Compiles the addon for every processor that the npm package supports, into prebuilds/linux-ARCH, with the sources and flags of
// binding.gyp. Arguments name some of them only: node scripts/prebuild.mjs arm64
//
// The C++ library is linked statically, so that the addon needs nothing but glibc, none newer than GLIBC_MOST, and the libgcc_s
// that every Node.js has (a static one would need a newer glibc). The same sources and compiler give the same bytes.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { newerSource } from './addonTrouble.mjs';

const COMPILERS = {
  x64: { name: 'x86_64-linux-gnu-g++', debian: 'g++' },
  arm64: { name: 'aarch64-linux-gnu-g++', debian: 'g++-aarch64-linux-gnu' },
};

/** What src/native/addonFile.ts says about the glibc that prebuilt addons need. */
const GLIBC_MOST = [2, 34];

/** What of the C++ library is not used would need a newer glibc; and none of it may mix with the C++ library of node. */
const LINK = ['-shared', '-pthread', '-static-libstdc++', '-Wl,--exclude-libs,ALL', '-Wl,--gc-sections', '-s'];

process.chdir(resolve(import.meta.dirname, '..'));
const [target] = JSON.parse(readFileSync('binding.gyp', 'utf8')).targets;
const nodeHeaders = process.env.NODE_HEADERS ?? resolve(process.execPath, '../../include/node');
const run = promisify(execFile);

for (const arch of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(COMPILERS)) await prebuild(arch);

async function prebuild(arch) {
  const compiler = compilerOf(arch);
  const file = join('prebuilds', `linux-${arch}`, `${target.target_name}.node`);
  if (existsSync(file) && newerSource(file, ['binding.gyp', 'scripts/prebuild.mjs']) === undefined) return;
  const objects = mkdtempSync(join(tmpdir(), 'famfs-prebuild-'));
  try {
    await compileAll(compiler, objects);
    mkdirSync(join(file, '..'), { recursive: true });
    const linked = target.sources.map((source) => objectOf(objects, source));
    execFileSync(compiler, [...LINK, ...target.ldflags, '-o', file, ...linked], { stdio: 'inherit' });
  } finally {
    rmSync(objects, { recursive: true });
  }
  checkNeeds(file);
  process.stdout.write(`${file}: ${statSync(file).size} bytes\n`);
}

function compilerOf(arch) {
  const known = COMPILERS[arch];
  if (known === undefined) fail(`no addon is built for ${arch}; known are ${Object.keys(COMPILERS).join(', ')}`);
  const compiler = process.env[`CXX_${arch.toUpperCase()}`] ?? known.name;
  try {
    execFileSync(compiler, ['--version'], { stdio: 'ignore' });
  } catch {
    fail(`cannot run ${compiler}, the compiler for ${arch} (Debian: apt-get install ${known.debian})`);
  }
  if (!existsSync(join(nodeHeaders, 'node_api.h')))
    fail(`no node_api.h in ${nodeHeaders}; NODE_HEADERS names the folder with the headers of Node.js`);
  return compiler;
}

/** As many compilers at once as there are processors. */
async function compileAll(compiler, objects) {
  const flags = target.cflags_cc.filter((flag) => !flag.startsWith('-isystem'));
  const defines = [...target.defines, `NODE_GYP_MODULE_NAME=${target.target_name}`].map((define) => `-D${define}`);
  const headers = ['-isystem', nodeHeaders, '-isystem', 'node_modules/node-addon-api'];
  const waiting = [...target.sources];
  const work = async () => {
    for (let source = waiting.pop(); source !== undefined; source = waiting.pop()) {
      const output = ['-o', objectOf(objects, source)];
      await run(compiler, ['-c', '-fPIC', '-pthread', '-Werror', ...flags, ...defines, ...headers, ...output, source]);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

function objectOf(objects, source) {
  return join(objects, `${basename(source, '.cc')}.o`);
}

/** Refuses an addon that would not load with the oldest glibc that we promise. */
function checkNeeds(file) {
  const needs = execFileSync('objdump', ['-p', file], { encoding: 'utf8' });
  const versions = [...needs.matchAll(/GLIBC_(\d+)\.(\d+)/g)].map(([, major, minor]) => [Number(major), Number(minor)]);
  const newer = versions.find(([major, minor]) => major > GLIBC_MOST[0] || minor > GLIBC_MOST[1]);
  if (newer !== undefined) fail(`${file} needs glibc ${newer.join('.')}; at most ${GLIBC_MOST.join('.')} is promised`);
  const libraries = [...needs.matchAll(/NEEDED\s+(\S+)/g)].map(([, name]) => name);
  const foreign = libraries.filter((name) => !/^(libc|libm|libgcc_s|ld-linux-[\w-]+)\.so\.\d+$/.test(name));
  if (foreign.length > 0) fail(`${file} needs ${foreign.join(', ')}, which not every system has`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
