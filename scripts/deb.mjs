// Makes packages/deb/famfs_VERSION_ARCH.deb from the single executable (scripts/sea.mjs), with debhelper.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

process.chdir(resolve(import.meta.dirname, '..'));
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const [, packaged] = /^famfs \((\S+)\)/.exec(readFileSync('debian/changelog', 'utf8')) ?? [];
if (packaged !== version) fail(`debian/changelog is about ${packaged}, and package.json about ${version}`);
if (!existsSync('packages/famfs')) fail('packages/famfs is missing: npm run sea makes it');

const work = join('packages', 'deb');
const source = join(work, `famfs-${version}`);
rmSync(work, { recursive: true, force: true });
mkdirSync(join(source, 'completions'), { recursive: true });
for (const name of ['debian', 'contrib', 'docs', 'man', 'README.md', 'CHANGELOG.md'])
  cpSync(name, join(source, name), { recursive: true, preserveTimestamps: true });
cpSync(join('packages', 'famfs'), join(source, 'famfs'));
writeFileSync(join(source, 'THIRD-PARTY.txt'), `${readFileSync('dist/THIRD-PARTY.txt', 'utf8')}\n${licenceOfNode()}`);
for (const [shell, file] of Object.entries({ bash: 'famfs', zsh: '_famfs', fish: 'famfs.fish' })) {
  const script = execFileSync(process.execPath, [join('dist', 'famfs.cjs'), 'completion', shell]);
  writeFileSync(join(source, 'completions', file), script);
}
execFileSync('dpkg-buildpackage', ['--build=binary', '--no-sign'], {
  cwd: source,
  stdio: ['ignore', 'ignore', 'inherit'],
});
rmSync(source, { recursive: true });
for (const name of readdirSync(work).filter((file) => file.endsWith('.deb')))
  process.stdout.write(`${join(work, name)}: ${statSync(join(work, name)).size} bytes\n`);

/** The licence of the node that is in the executable, and of all that node contains. */
function licenceOfNode() {
  const places = ['../../LICENSE', '../../share/doc/node/LICENSE', '../../share/doc/nodejs/LICENSE'];
  const file = places.map((place) => resolve(process.execPath, place)).find((path) => existsSync(path));
  if (file === undefined) fail(`the LICENSE of Node.js is not beside ${process.execPath}`);
  return `${'-'.repeat(78)}\nNode.js ${process.version}\n\n${readFileSync(file, 'utf8')}`;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
