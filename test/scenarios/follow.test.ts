/** logplay --follow sees what other processes append, in order and once, and notices when the file system is replaced. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { FAMFS, GUARD } from '../support/famfs.js';
import { checkJson } from '../support/jsonDocuments.js';
import { GIB, Sandbox, stdinOf } from '../support/sandbox.js';

const sandbox = new Sandbox();

/** famfs in a child process; its lines as they arrive. */
class Follower {
  readonly lines: string[] = [];
  stderr = '';
  readonly #child: ChildProcess;
  readonly ended: Promise<number>;

  constructor(argv: readonly string[]) {
    this.#child = spawn(process.execPath, [FAMFS, ...argv], { env: { ...process.env, ...sandbox.env }, ...GUARD });
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on('line', (line) => this.lines.push(line));
    this.#child.stderr?.on('data', (data) => {
      this.stderr += data;
    });
    this.ended = new Promise((resolve) =>
      this.#child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : -1))),
    );
  }

  async until(done: () => boolean): Promise<void> {
    const deadline = performance.now() + 60_000;
    while (!done()) {
      if (performance.now() > deadline) throw new Error(`waited in vain: ${this.lines.length} lines, ${this.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  interrupt(): Promise<number> {
    this.#child.kill('SIGINT');
    return this.ended;
  }
}

function run(argv: readonly string[], input: string): Promise<number> {
  const child = spawn(process.execPath, [FAMFS, ...argv], {
    env: { ...process.env, ...sandbox.env },
    stdio: ['pipe', 'ignore', 'inherit'],
    ...GUARD,
  });
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? -1)));
}

const list = (from: number, count: number) => Array.from({ length: count }, (_, i) => `d/f${from + i} 2M\n`).join('');

test('a follower sees 1,000 creates by other processes in order, none twice, none missing', async () => {
  const image = await sandbox.makeFs(8 * GIB);
  await sandbox.ok(['mkdir', 'd']);
  const printing = new Follower(['logplay', '--follow', '--interval', '1', '--json', '--dev', image]);
  const tree = join(sandbox.folder, 'tree');
  const playing = new Follower(['logplay', '--follow', '--interval', '5', '--shadow', tree, '--dev', image]);
  await Promise.all([
    printing.until(() => printing.lines.length === 2),
    playing.until(() => playing.lines.length === 2),
  ]);
  for (let from = 0; from < 1000; from += 250) assert.equal(await run(['creat', '--from', '-'], list(from, 250)), 0);
  await Promise.all([
    printing.until(() => printing.lines.length === 1002),
    playing.until(() => playing.lines.length === 1002),
  ]);
  await checkJson(['logplay', '--follow'], { stdout: printing.lines.join('\n'), stderr: printing.stderr });
  const [head, ...seen] = printing.lines.map((line) => JSON.parse(line));
  assert.equal(head.path, image);
  assert.deepEqual(
    seen.map(({ slot, path, applied }) => [slot, path, applied]),
    [[0, 'd', true], ...Array.from({ length: 1000 }, (_, i) => [i + 1, `d/f${i}`, true])],
  );
  assert.equal(readdirSync(join(tree, 'root/d')).length, 1000);
  assert.deepEqual((await sandbox.json(['logplay', '--shadow', tree, '--check', '--dev', image])).differences, []);
  assert.deepEqual(await Promise.all([printing.interrupt(), playing.interrupt()]), [130, 130]);
});

test('a follower notices that the file system was replaced, and ends', async () => {
  const image = await sandbox.makeFs();
  const follower = new Follower(['logplay', '--follow', '--interval', '1', '--json', '--dev', image]);
  await follower.until(() => follower.lines.length === 1);
  await sandbox.ok(['mkfs', '--force', image]);
  assert.equal(await follower.ended, 1);
  await checkJson(['logplay'], { stdout: '', stderr: follower.stderr });
  const { error } = JSON.parse(follower.stderr);
  assert.equal(error.code, 'FS_REMADE');
  assert.notEqual(error.fsUuid, undefined);
});

test('a follower notices that the image was replaced', async () => {
  const image = await sandbox.makeFs();
  const follower = new Follower(['logplay', '--follow', '--interval', '1', '--json', '--dev', image]);
  await follower.until(() => follower.lines.length === 1);
  renameSync(image, `${image}.old`);
  assert.equal(await follower.ended, 1);
  assert.match(follower.stderr, /was replaced/);
});

test('older entries are printed first, starting at the slot that --from names', async () => {
  const image = await sandbox.makeFs();
  await sandbox.ok(['creat', '--from', '-'], { stdin: stdinOf('a 1M\nb 1M\nc 1M\n') });
  const follower = new Follower(['logplay', '--follow', '--interval', '1', '--from', '1', '--dev', image]);
  await follower.until(() => follower.lines.length === 2);
  await sandbox.ok(['creat', '-s', '1M', 'd']);
  await follower.until(() => follower.lines.length === 3);
  assert.equal(await follower.interrupt(), 130);
  assert.deepEqual(
    follower.lines.map((line) => /^ +(\d) +creat .* (\w) size/.exec(line)?.slice(1).join(' ')),
    ['1 b', '2 c', '3 d'],
  );
});

test('with a slot that is not yet in use, a follower prints nothing before it', async () => {
  const image = await sandbox.makeFs();
  const follower = new Follower(['logplay', '--follow', '--interval', '1', '--from', '2', '--json', '--dev', image]);
  await follower.until(() => follower.lines.length === 1);
  for (const path of ['a', 'b', 'c']) await sandbox.ok(['creat', '-s', '1M', path]);
  await follower.until(() => follower.lines.length === 2);
  assert.equal(await follower.interrupt(), 130);
  const { slot, path } = JSON.parse(follower.lines[1] as string);
  assert.deepEqual([slot, path, follower.lines.length], [2, 'c', 2]);
});
