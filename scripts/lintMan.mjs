// Checks every man page with mandoc, if that is installed (Debian: apt-get install mandoc).
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const pages = readdirSync('man')
  .filter((name) => /\.[18]$/.test(name))
  .map((name) => `man/${name}`);
const { error, status, stdout } = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', ...pages], { encoding: 'utf8' });
if (error) {
  process.stderr.write('lintMan: mandoc is not installed, so the manual pages are not checked\n');
} else {
  process.stderr.write(stdout);
  process.exitCode = status === 0 ? 0 : 1;
}
