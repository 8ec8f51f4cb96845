/** Reading the configuration: once, from regular files only, in time that grows with their length. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { settingOf } from '../../../src/fs/host/config.js';
import { parseConfig } from '../../../src/fs/host/configFile.js';
import { FAMFS, runProcess } from '../../support/famfs.js';
import { ConfigSandbox } from '../../support/settings.js';
import { countingReads } from './countingReads.js';

test('a command reads each configuration file once, and the system uuid once', async () => {
  const box = new ConfigSandbox();
  box.env.HOME = join(box.folder, 'home');
  const files = [
    box.write('sysroot/etc/famfs.conf', '[interleave]', 'policy = fill'),
    box.write('home/.config/famfs/config', '[interleave]', 'stripes = 1'),
    box.write('own.conf', '[interleave]', 'chunk = 2M'),
    box.env.FAMFS_SYSTEM_UUID_FILE as string,
  ];
  box.env.FAMFS_CONFIG = 'own.conf';
  await box.makeFs();
  const reads = await countingReads(() => box.ok(['creat', '-s', '2M', 'a']));
  assert.deepEqual(
    files.map((file) => reads.get(file)),
    [1, 1, 1, 1],
  );
});

test('the next command reads them again', async () => {
  const box = new ConfigSandbox();
  const file = box.write('sysroot/etc/famfs.conf', '[interleave]', 'stripes = 2');
  assert.equal((await box.rows()).get('interleave.stripes')?.value, 2);
  writeFileSync(file, '[interleave]\nstripes = 3\n');
  assert.equal((await box.rows()).get('interleave.stripes')?.value, 3);
});

test('XDG_CONFIG_HOME takes the place of ~/.config, where it is absolute', async () => {
  const box = new ConfigSandbox();
  box.env.HOME = join(box.folder, 'home');
  box.write('home/.config/famfs/config', '[interleave]', 'stripes = 2');
  box.write('xdg/famfs/config', '[interleave]', 'stripes = 3');
  box.env.XDG_CONFIG_HOME = join(box.folder, 'xdg');
  assert.equal((await box.rows()).get('interleave.stripes')?.value, 3);
  box.env.XDG_CONFIG_HOME = 'xdg';
  assert.equal((await box.rows()).get('interleave.stripes')?.value, 2);
  box.env.XDG_CONFIG_HOME = '';
  assert.equal((await box.rows()).get('interleave.stripes')?.value, 2);
});

for (const [what, make] of [
  ['a FIFO', (path: string) => void execFileSync('mkfifo', [path])],
  ['a link to a FIFO', (path: string) => linkedFifo(path)],
  ['a directory', (path: string) => void execFileSync('mkdir', [path])],
  ['a device', (path: string) => symlinkSync('/dev/zero', path)],
  ['a file of more than a megabyte', (path: string) => writeFileSync(path, '#'.repeat(1024 ** 2 + 1))],
  ['a file that is not UTF-8', (path: string) => writeFileSync(path, Buffer.from('[devices]\ndev = \xff', 'latin1'))],
] as const) {
  test(`${what} is refused as a configuration file, and does not block the command`, async () => {
    const box = new ConfigSandbox();
    const path = join(box.folder, 'odd');
    make(path);
    // a process of its own: if it blocked, nothing here could end it
    const { exitCode, stderr } = await runProcess('timeout', ['10', FAMFS, 'config', 'list'], {
      ...box.env,
      FAMFS_CONFIG: path,
    });
    assert.equal(exitCode, 1, stderr);
    assert.match(stderr, /cannot read the configuration .*odd: it (is|has)/);
  });
}

function linkedFifo(path: string): void {
  execFileSync('mkfifo', [`${path}.fifo`]);
  symlinkSync(`${path}.fifo`, path);
}

test('sixteen thousand lines are read in time that grows with their number', () => {
  const box = new ConfigSandbox();
  box.env.FAMFS_CONFIG = box.write('long.conf', `[devices]\n${'dev = /dev/dax0.0\n'.repeat(16_000)}`);
  const started = process.cpuUsage();
  const setting = settingOf({ env: box.env, cwd: box.folder }, 'devices.dev');
  assert.equal(setting?.values.length, 16_000);
  assert.ok(process.cpuUsage(started).user < 1e6, `${process.cpuUsage(started).user} us`);
});

test('a line of a million blanks is read as fast as it is long', () => {
  const started = process.cpuUsage();
  for (const line of [`a = b${' '.repeat(1e6)}c`, `a = "b"${' '.repeat(1e6)}# c`, `a${' '.repeat(1e6)}= c`])
    assert.equal(parseConfig(`[s]\n${line}`, 'x').length, 1);
  assert.throws(() => parseConfig(`[s${' '.repeat(1e6)}x`, 'x'), /x:1: '\[s *\.\.\.' is neither/);
  assert.ok(process.cpuUsage(started).user < 1e6);
});

test('quotes, escapes and comments', () => {
  const parsed = parseConfig('[a]\nb = "x # \\" \\\\y" ; c\nd = e # f\ng = h;i\n', 'x');
  assert.deepEqual(
    parsed.map(({ key, value }) => [key, value]),
    [
      ['a.b', 'x # " \\y'],
      ['a.d', 'e'],
      ['a.g', 'h'],
    ],
  );
  for (const bad of ['b = "x', 'b = x"y', 'b = "x" y', 'b =', 'b = # c', '= c', 'b c'])
    assert.throws(() => parseConfig(`[a]\n${bad}`, 'x'), /^FamfsError: x:2: /, bad);
  assert.throws(() => parseConfig('b = c\n[a]\n', 'x'), /^FamfsError: x:1: .*comes before the first \[section\]/);
});
