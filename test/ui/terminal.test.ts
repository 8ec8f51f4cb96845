import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Interrupted } from '../../src/ui/errors.js';
import { type ProgressLine, progressLine, withProgress } from '../../src/ui/progress.js';
import { confirm } from '../../src/ui/prompt.js';

/** A stream that says it is a terminal, and what was written to it. */
function terminal(): PassThrough & { isTTY: true; columns: number; cursorTo: () => void; clearLine: () => void } {
  const stream = Object.assign(new PassThrough(), { isTTY: true as const, columns: 80 });
  return Object.assign(stream, { cursorTo() {}, clearLine() {}, moveCursor() {} });
}

const written = (stream: PassThrough): string => String(stream.read() ?? '');

function asking(answers: string | undefined, signal = new AbortController().signal) {
  const stdin = terminal();
  if (answers !== undefined) stdin.end(answers);
  return { stdin, stderr: terminal(), signal };
}

test('a question is answered by y or n, and asked again until it is', async () => {
  for (const [answers, yes] of [
    ['y\n', true],
    ['YES\n', true],
    ['n\n', false],
    ['what\n\nyes\n', true],
    ['', false],
  ] as const) {
    const context = asking(answers);
    assert.equal(await confirm(context, 'Repair \x1b?', 'give --yes'), yes);
    const shown = written(context.stderr);
    assert.ok(shown.startsWith('Repair \\x1b? (y/n) '), shown);
    assert.equal(shown.split('y or n?').length - 1, answers.startsWith('what') ? 2 : 0);
  }
});

test('without a terminal there is no question', async () => {
  const context = { ...asking('y\n'), stdin: new PassThrough() };
  await assert.rejects(confirm(context, 'Repair?', 'give --yes'), { code: 'USAGE', hint: 'give --yes' });
});

test('a signal ends a question', async () => {
  const controller = new AbortController();
  const answer = confirm(asking(undefined, controller.signal), 'Repair?', '');
  setTimeout(() => controller.abort(new Interrupted('SIGINT')), 10);
  await assert.rejects(answer, Interrupted);
});

test('progress shows what is done, the speed, and the remaining time', () => {
  const gib = 2 ** 30;
  assert.equal(progressLine('copying a', 5 * gib, 20 * gib, 10), 'copying a: 5G of 20G (25%), 512M/s, 30 s left');
  assert.equal(progressLine('x', 0, gib, 1), 'x: 0 of 1G (0%), 0/s');
  assert.equal(progressLine('x', gib, 1000 * gib, 4), 'x: 1G of 1000G (0%), 256M/s, 1 h 7 min left');
  assert.equal(progressLine('x', 0, 0, 1), 'x: 0 of 0 (100%), 0/s');
});

test('progress fits the terminal', () => {
  const gib = 2 ** 30;
  const line = (room: number) => progressLine('copying a', 5 * gib, 20 * gib, 10, room);
  assert.equal(line(80), 'copying a: 5G of 20G (25%), 512M/s, 30 s left');
  assert.equal(line(45), 'copying a: 5G of 20G (25%), 512M/s, 30 s left');
  assert.equal(line(44), 'copying a: 5G of 20G (25%), 30 s left');
  assert.equal(line(36), 'copying a: 5G of 20G (25%)');
  assert.equal(line(25), '25%, 30 s left');
  assert.equal(line(13), '25%');
  assert.equal(line(0), '25%');
});

const PROGRESS = {
  quiet: false,
  json: false,
  progress: 'auto' as const,
  command: 'cp',
  signal: new AbortController().signal,
};

/** The objects that a piece of work has written. */
async function events(work: (advance: (bytes: number) => void) => Promise<unknown>, overrides: object = {}) {
  const stderr = terminal();
  const context = { ...PROGRESS, progress: 'json' as const, stderr, ...overrides };
  await withProgress(context, 'copying', 100, work).catch(() => {});
  const lines = written(stderr).trimEnd().split('\n');
  return lines.map((line) => (JSON.parse(line) as ProgressLine).progress);
}

test('progress in JSON: the first and the last object are always written, the others some time apart', async () => {
  const many = await events(async (advance) => {
    for (let i = 0; i < 100; i++) advance(1);
  });
  assert.deepEqual(
    many.map(({ seconds: _, ...event }) => event),
    [
      { command: 'cp', work: 'copying', unit: 'bytes', done: 0, total: 100, state: 'running' },
      { command: 'cp', work: 'copying', unit: 'bytes', done: 100, total: 100, state: 'done' },
    ],
  );
  const slow = await events(async (advance) => {
    for (let i = 0; i < 3; i++) {
      await sleep(300);
      advance(10);
    }
  });
  assert.deepEqual(
    slow.map(({ done }) => done),
    [0, 10, 20, 30, 30],
  );
  const failed = await events(async (advance) => {
    advance(7);
    throw new Error('no');
  });
  assert.deepEqual(
    failed.map(({ done, state }) => [done, state]),
    [
      [0, 'running'],
      [7, 'failed'],
    ],
  );
  const signal = AbortSignal.abort();
  assert.equal((await events(async () => {}, { signal })).at(-1)?.state, 'stopped');
  // whatever else is asked for
  assert.equal((await events(async () => {}, { quiet: true, json: true })).length, 2);
});

test('progress appears after a second, on a terminal only', async () => {
  const shown = async (overrides: object, wait: (stderr: PassThrough) => Promise<unknown>) => {
    const stderr = terminal();
    const context = { ...PROGRESS, stderr, ...overrides };
    const result = await withProgress(context, 'copying', 100, async (advance) => {
      advance(50);
      await wait(stderr);
      return 'done';
    });
    assert.equal(result, 'done');
    return written(stderr);
  };
  const started = performance.now();
  const late = await shown({}, (stderr) => once(stderr, 'readable'));
  const took = performance.now() - started;
  assert.ok(took >= 1000, String(took));
  assert.match(late, /copying: 50 of 100 \(50%\)/);
  const stderr = Object.assign(terminal(), { columns: 12 });
  await shown({ stderr }, () => once(stderr, 'readable'));
  const narrow = written(stderr);
  assert.match(narrow, /50%/);
  assert.ok(!narrow.includes('copying'), narrow);
  const silent = await Promise.all([
    shown({}, () => sleep(100)),
    shown({ quiet: true }, () => sleep(took + 500)),
    shown({ json: true }, () => sleep(took + 500)),
    shown({ progress: 'none' }, () => sleep(took + 500)),
    shown({ stderr: new PassThrough() }, () => sleep(took + 500)),
    shown({ stderr: Object.assign(terminal(), { columns: 0 }) }, () => sleep(took + 500)),
  ]);
  assert.deepEqual(silent, ['', '', '', '', '', '']);
});

test('progress ends with the work, and does not keep the process alive', async () => {
  const context = { ...PROGRESS, stderr: terminal() };
  await assert.rejects(
    withProgress(context, 'x', 1, async () => {
      throw new Error('failed');
    }),
    /failed/,
  );
  assert.ok(!process.getActiveResourcesInfo().includes('Timeout'));
});
