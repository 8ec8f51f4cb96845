import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { version } from '../src/version.js';
import { ended, FAMFS, GUARD, runProcess } from './support/famfs.js';
import { runCommand } from './support/runCommand.js';
import { MIB, Sandbox } from './support/sandbox.js';

const ROOT = join(FAMFS, '..', '..');
const shell = (script: string, env: object = {}) =>
  runProcess('bash', ['-o', 'pipefail', '-c', script], { FAMFS, ...env });

const many = new Sandbox();

/** The environment of a file system with 300 files, which is made once and nobody changes. */
async function manyFiles(): Promise<Record<string, string>> {
  if (many.env.FAMFS_DEV !== undefined) return many.env;
  await many.makeFs(1024 * MIB);
  const paths = Array.from({ length: 300 }, (_, number) => `/${String(number).padStart(70, '0')}`);
  await many.ok(['creat', '--size', '2M', ...paths]);
  return many.env;
}

test('the version is that of package.json', async () => {
  const { version: expected } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  assert.equal(version, expected);
  for (const option of ['--version', '-V']) {
    assert.deepEqual(await runProcess(FAMFS, [option]), {
      exitCode: 0,
      signal: null,
      stdout: `famfs ${expected}\n`,
      stderr: '',
    });
  }
});

test('the version as JSON, and that of a link', async () => {
  const { folder } = new Sandbox();
  symlinkSync(FAMFS, join(folder, 'fsck.famfs'));
  for (const argv of [
    ['--version', '--json'],
    ['--json', '-V'],
    ['ls', '--version', '--json'],
  ]) {
    assert.deepEqual(JSON.parse((await runProcess(FAMFS, argv)).stdout), { formatVersion: 1, name: 'famfs', version });
  }
  assert.equal((await runProcess(join(folder, 'fsck.famfs'), ['-V'])).stdout, `famfs ${version}\n`);
});

test('the bundle prints the help that the sources do', async () => {
  // the bundle has another platform for yargs, and another width of text
  for (const argv of [['--help'], ['mkfs', '--help'], ['daxdev', '--help'], ['fsck', '--help'], ['ls', '--help']]) {
    assert.equal((await runProcess(FAMFS, argv)).stdout, (await runCommand(argv)).stdout, argv.join(' '));
  }
  for (const argv of [
    ['ls', '--siez'],
    ['dfd'],
    ['daxdev', 'lst'],
    ['creat', '--size'],
    ['df', '--json=1'],
    ['ls', '--color', 'x'],
  ]) {
    assert.deepEqual((await runProcess(FAMFS, argv)).stderr, (await runCommand(argv)).stderr, argv.join(' '));
  }
});

test('bytes of the command line that are not UTF-8 name no other file', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs();
  const replaced = await shell(`$FAMFS stat "$(printf 'a\\xff')" "$(printf '\\xef\\xbf\\xbd')"`, sandbox.env);
  assert.match(replaced.stderr, /^famfs stat: a\\xff: no such file or directory/);
  const image = await shell(`cp --sparse=always "$FAMFS_DEV" "$D/a\ufffd"; $FAMFS info "$D/$(printf 'a\\xff')"`, {
    ...sandbox.env,
    D: sandbox.folder,
  });
  assert.equal(image.exitCode, 1);
  assert.match(image.stderr, /a\\xff is not UTF-8/);
});

test('a working directory that is gone, or has a name that is not UTF-8, is no obstacle', async () => {
  const sandbox = new Sandbox();
  const image = await sandbox.makeFs();
  await sandbox.ok(['creat', '--size', '1', '/a']);
  const gone = join(sandbox.folder, 'gone');
  const env = { ...sandbox.env, D: gone, IMAGE: image, FAMFS_DEV: '' };
  const run = (command: string) => shell(`mkdir -p "$D"; cd "$D"; rmdir "$D"; $FAMFS ${command}`, env);
  assert.equal((await run('ls --dev "$IMAGE"')).stdout, 'a\n');
  assert.equal((await run('fsck -n "$IMAGE"')).exitCode, 0);
  assert.match((await run('--help')).stdout, /^Usage/);
  const relative = await run('info --json pool.img');
  assert.equal(relative.exitCode, 1);
  assert.equal(JSON.parse(relative.stderr).error.code, 'DEVICE_OPEN');
  const odd = await shell(
    `cd "$D" && n=$(printf 'x\\xff') && mkdir "$n" && cd "$n" && mv "$IMAGE" . && $FAMFS ls --dev pool.img`,
    {
      ...env,
      D: sandbox.folder,
    },
  );
  assert.deepEqual([odd.stdout, odd.stderr], ['a\n', '']);
});

test('an addon that is missing or cut short is an error that says so', async () => {
  const sandbox = new Sandbox();
  const { folder } = sandbox;
  const image = sandbox.image('any', 16 * MIB);
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  const fails = async () => {
    const { stderr } = await runProcess(join(folder, 'dist/famfs.cjs'), ['ls', '--json', '--dev', image], sandbox.env);
    return JSON.parse(stderr).error;
  };
  const missing = await fails();
  assert.deepEqual([missing.code, missing.command], ['ADDON', 'ls']);
  mkdirSync(join(folder, 'build/Release'), { recursive: true });
  const addon = readFileSync(join(ROOT, 'build/Release/famfs_native.node'));
  writeFileSync(join(folder, 'build/Release/famfs_native.node'), addon.subarray(0, addon.length >> 1));
  const short = await fails();
  assert.deepEqual([short.code, short.message.includes('is cut short')], ['ADDON', true]);
});

test('links give the command that they are named after', async () => {
  const { folder } = new Sandbox();
  for (const name of ['mkfs', 'fsck']) {
    symlinkSync(FAMFS, join(folder, `${name}.famfs`));
    const { stdout } = await runProcess(join(folder, `${name}.famfs`), ['--help']);
    assert.match(stdout, new RegExp(`^Usage: famfs ${name} `));
  }
});

test('exit codes reach the shell', async () => {
  assert.equal((await runProcess(FAMFS, ['lss'])).exitCode, 2);
  assert.equal((await runProcess(FAMFS, ['fsck', '--bogus'])).exitCode, 16);
  assert.equal((await runProcess(FAMFS, ['ls', '--dev', '/nowhere'])).exitCode, 1);
  // once the addon is loaded, the process ends by it
  assert.equal((await runProcess(FAMFS, ['fsck', '-n', new Sandbox().image('none', MIB)])).exitCode, 8);
});

test('what Node.js is asked to do at the end of a program is done', async () => {
  const env = await manyFiles();
  const folder = new Sandbox().folder;
  await shell(`NODE_V8_COVERAGE=${folder} $FAMFS info`, env);
  assert.match(readdirSync(folder).join(), /^coverage-/);
  await shell(`${process.execPath} --cpu-prof --cpu-prof-dir=${folder} ${FAMFS} info`, env);
  assert.match(readdirSync(folder).join(), /\.cpuprofile/);
});

test('output that cannot be written is an error', async () => {
  const env = await manyFiles();
  for (const command of ['--version', '--help', 'ls', 'ls -l', 'help ls']) {
    const { exitCode, stderr } = await shell(`$FAMFS ${command} > /dev/full`, env);
    assert.equal(exitCode, 1, command);
    assert.match(stderr, /^famfs.*: cannot write to standard output: ENOSPC.*\n$/, command);
  }
});

test('a command that did its work says so when its output cannot be written', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs();
  const { exitCode, stderr } = await shell('$FAMFS creat --size 2M /a > /dev/full', sandbox.env);
  assert.equal(exitCode, 1);
  assert.match(stderr, /^famfs creat: cannot write to standard output: ENOSPC.*; its work was done nevertheless\n$/);
  assert.equal((await shell('$FAMFS ls', sandbox.env)).stdout, 'a\n');
});

test('logplay --follow ends when nobody reads any more', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs();
  await sandbox.ok(['creat', '--size', '2M', '/a', '/b']);
  for (const options of ['', '--json']) {
    const { exitCode, stdout, stderr } = await shell(
      `timeout 60 $FAMFS logplay --follow ${options} | head -n 1`,
      sandbox.env,
    );
    assert.deepEqual({ exitCode, stderr, lines: stdout.split('\n').length }, { exitCode: 0, stderr: '', lines: 2 });
  }
});

// the tests of commands run the sources, where nothing can be missing between two files of the bundle
test('what the bundle reads only when it is needed has all that it needs', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '1', 'a']);
  const run = (...argv: string[]) => runProcess(FAMFS, argv, { ...process.env, ...sandbox.env });
  const manifest = join(sandbox.folder, 'bad.yaml');
  writeFileSync(manifest, 'files:\n  - path: b\n    sise: 1\n  - [\n');
  assert.match((await run('apply', manifest)).stderr, /bad\.yaml:\d+:\d+: /);
  writeFileSync(manifest, 'files:\n  - path: b\n    sise: 1\n');
  assert.match((await run('apply', manifest)).stderr, /bad\.yaml:3:5: files\[0\]\.sise: unknown key sise/);
  writeFileSync(manifest, '{"files": [{"path": "b", "sise": 1}]}');
  assert.match((await run('plan', manifest)).stderr, /bad\.yaml:1:\d+: files\[0\]\.sise: unknown key sise/);
  const tree = join(sandbox.folder, 'tree');
  await sandbox.ok(['logplay', '--shadow', tree]);
  const file = join(tree, 'root', 'a');
  writeFileSync(file, readFileSync(file, 'utf8').replace('size: 1\n', 'size: 0x1\n'));
  assert.deepEqual(await run('logplay', '--shadow', tree, '--check'), {
    exitCode: 0,
    signal: null,
    stdout: 'no differences\n',
    stderr: '',
  });
  const config = join(sandbox.folder, '.config', 'famfs', 'config');
  mkdirSync(join(config, '..'), { recursive: true });
  writeFileSync(config, '# mine\ninterleave: {chunk: 4M}\n');
  await runProcess(FAMFS, ['config', 'set', '--quiet', 'interleave.stripes', '2'], { HOME: sandbox.folder });
  assert.match(readFileSync(config, 'utf8'), /# mine\ninterleave: .*stripes: 2/s);
});

test('output that is cut short is an error', async () => {
  const { folder } = new Sandbox();
  // a write beyond this many KiB is short
  const { exitCode, stderr } = await shell('ulimit -f 1; exec $FAMFS help > $FILE', { FILE: join(folder, 'out') });
  assert.equal(exitCode, 1);
  assert.match(stderr, /^famfs help: cannot write to standard output: EFBIG/);
});

test('a reader that goes away is not an error', async () => {
  const env = await manyFiles();
  const { exitCode, stdout, stderr } = await shell('for i in 1 2 3 4 5 6 7 8 9; do $FAMFS ls; done | head -n 1', env);
  assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' });
  assert.equal(stdout.length, 71);
});

test('a slow reader gets everything', async () => {
  const env = await manyFiles();
  const { stdout } = await shell('{ $FAMFS ls --json; $FAMFS ls; } | { sleep 0.5; tail -n 1; }', env);
  assert.equal(stdout.trim(), '299'.padStart(70, '0'));
});

test('a command that a signal interrupts dies of it', async () => {
  const env = { ...process.env, ...(await manyFiles()) };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
    // without a reader it fills the pipe and waits
    const child = spawn(process.execPath, [join(import.meta.dirname, 'support/endless.js')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...GUARD,
    });
    await new Promise((resolve) => child.stderr.once('data', resolve));
    child.kill(signal);
    // it never ends by itself, only by force
    const result = await ended(child);
    assert.equal(result.signal, signal, `${result.exitCode} ${result.stderr}`);
  }
  const { stdout } = await shell(
    `node ${join(import.meta.dirname, 'support/endless.js')} listen > /dev/null & sleep 1; kill -TERM $!; wait $!; echo $?`,
  );
  assert.equal(stdout, '143\n');
});

test('a command that is started under nohup, or by a shell that ignores SIGHUP, ignores it', async () => {
  const ready = join(new Sandbox().folder, 'ready');
  const listen = `rm -f ${ready}; node ${join(import.meta.dirname, 'support/endless.js')} listen 2> ${ready}`;
  const ended = `& until [ -s ${ready} ]; do sleep 0.05; done; kill -HUP $!; sleep 0.5; kill -TERM $!; wait $!; echo $?`;
  // as nohup starts it at a terminal; here stdin is none, so that nohup itself leaves it alone
  assert.equal((await shell(`${listen} 0> /dev/null ${ended}`)).stdout, '143\n');
  assert.equal((await shell(`trap '' HUP; ${listen} > /dev/null ${ended}`)).stdout, '143\n');
  assert.equal((await shell(`${listen} > /dev/null ${ended}`)).stdout, '129\n');
});

test('without a code cache, with a damaged one, or one of another node, the program runs the same', async () => {
  const { folder } = new Sandbox();
  const dist = join(folder, 'dist');
  cpSync(join(ROOT, 'dist'), dist, { recursive: true });
  const caches = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.cache'));
  assert.equal(caches.length, 7);
  const copy = join(dist, 'famfs.cjs');
  // help is in rest.cjs, and takes what creat is made of from write.cjs
  const expected = (await runProcess(FAMFS, ['help'])).stdout;
  // thrown in rest.cjs, and an instance of a class of main.cjs
  const misuse = async () => assert.equal((await runProcess(copy, ['completion', 'klingon'])).exitCode, 2);
  await misuse();
  assert.equal((await runProcess(copy, ['help'])).stdout, expected);
  assert.equal((await runProcess(process.execPath, ['--no-lazy', copy, 'help'])).stdout, expected);
  const sounds = caches.map((name) => ({ cache: join(dist, name), sound: readFileSync(join(dist, name)) }));
  const middle = (bytes: Buffer) => bytes.length >> 1;
  const overwritten = (bytes: Buffer, at: number) => Buffer.from(bytes).fill(0xa5, at, at + 64);
  const damages: readonly [string, (sound: Buffer) => Buffer][] = [
    ['damaged near its start', (sound) => overwritten(sound, 100)],
    ['damaged in the middle', (sound) => overwritten(sound, 100 + middle(sound))],
    ['empty', (sound) => sound.subarray(0, 0)],
    ['half', (sound) => sound.subarray(0, middle(sound))],
    ['cut short', (sound) => sound.subarray(0, sound.length - 2)],
  ];
  // help reads them all, and judges each by itself
  for (const [what, damage] of damages) {
    for (const { cache, sound } of sounds) writeFileSync(cache, damage(sound));
    assert.equal((await runProcess(copy, ['help'])).stdout, expected, `each is ${what}`);
  }
  for (const { cache, sound } of sounds) writeFileSync(cache, sound);
  for (const { cache, sound } of sounds) {
    rmSync(cache);
    assert.equal((await runProcess(copy, ['help'])).stdout, expected, `without ${cache}`);
    await misuse();
    writeFileSync(cache, sound);
  }
  for (const name of caches) rmSync(join(dist, name));
  assert.equal((await runProcess(copy, ['help'])).stdout, expected);
  await misuse();
});
