/** Who reads while the log is rewritten: at whatever moment that happens, an error that says so, and never the bytes of another file. */
import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { openVolume } from '../../../src/fs/pool/openVolume.js';
import { copyOutOf } from '../../../src/fs/transfer/copyOut.js';
import { planOut } from '../../../src/fs/transfer/planOut.js';
import { openFamfs } from '../../../src/library/index.js';
import { observeMemory } from '../../../src/native/device.js';
import { words } from '../../support/patternModel.js';
import { overwrite, PoolSandbox } from '../../support/pool.js';
import type { Run } from '../../support/runCommand.js';
import { firstBytes, MIB } from '../../support/sandbox.js';
import { STEPS, stopAfter } from './stopped.js';

const sandbox = new PoolSandbox();
const IMAGE = 24 * MIB;
const BLOCK = 64 * 1024;
const SIZE = 300_000;
const BYTES = words(1n, SIZE / 4).subarray(0, SIZE);
const COPY = sandbox.path('copy');
const CLIENTS = '--clients-unmounted';

/** Blocks of an image that differ from those of another state of it. */
type Change = readonly { readonly offset: number; readonly bytes: Buffer }[];

function changeOf(from: Buffer, to: Buffer): Change {
  const blocks = Array.from({ length: from.length / BLOCK }, (_, i) => i * BLOCK);
  return blocks
    .map((offset) => ({ offset, bytes: to.subarray(offset, offset + BLOCK) }))
    .filter(({ offset, bytes }) => !bytes.equals(from.subarray(offset, offset + BLOCK)));
}

interface States {
  readonly image: string;
  /** what a rewrite changes that was stopped in the middle, and the way back */
  readonly rewriting: { readonly there: Change; readonly back: Change };
  /** b is removed, and another file has its space */
  readonly rewritten: { readonly there: Change; readonly back: Change };
}

async function makeStates(): Promise<States> {
  const image = await sandbox.makeFs(IMAGE);
  await sandbox.ok(['creat', '-s', `${SIZE}`, '--seed', '1', 'a', 'b', 'c']);
  const old = firstBytes(image, IMAGE);
  const { extents } = (await sandbox.json<Stat>(['stat', 'b'])).entries[0] as Stat['entries'][0];
  await stopAfter(sandbox, STEPS.entries, ['rm', CLIENTS, 'b']);
  const during = firstBytes(image, IMAGE);
  // completes it
  await sandbox.ok(['creat', '-s', `${SIZE}`, '--seed', '9', 'other']);
  const other = (await sandbox.json<Stat>(['stat', 'other'])).entries[0] as Stat['entries'][0];
  assert.deepEqual(other.extents, extents, 'it has the space of b');
  const after = firstBytes(image, IMAGE);
  put(image, changeOf(after, old));
  return {
    image,
    rewriting: { there: changeOf(old, during), back: changeOf(during, old) },
    rewritten: { there: changeOf(old, after), back: changeOf(after, old) },
  };
}

interface Stat {
  readonly entries: readonly { readonly extents: unknown }[];
}

function put(image: string, change: Change): void {
  for (const { offset, bytes } of change) overwrite(image, offset, bytes);
}

/** Runs `work`, and lets `then` happen before one of its looks at memory, counted from 1; how many looks there were. */
async function interrupted(moment: number, work: () => Promise<void>, then: () => void): Promise<number> {
  let looks = 0;
  observeMemory({
    invalidate: () => {
      if (++looks === moment) then();
    },
  });
  try {
    await work();
  } finally {
    observeMemory(undefined);
  }
  return looks;
}

/** Runs a command whose standard output is a file with a descriptor. */
async function intoFile(argv: readonly string[]): Promise<Run> {
  const fd = openSync(COPY, 'w');
  try {
    return await sandbox.run(argv, { stdout: Object.assign(new PassThrough(), { fd }) as never });
  } finally {
    closeSync(fd);
  }
}

const readers: Readonly<Record<string, () => Promise<Run>>> = {
  ls: () => sandbox.run(['ls']),
  logplay: () => sandbox.run(['logplay']),
  verify: () => sandbox.run(['verify', '-S', '1', 'b']),
  get: () => sandbox.run(['get', 'b', COPY]),
  'cp --out --verify': () => sandbox.run(['cp', '--out', '--verify', 'b', COPY]),
  cat: () => intoFile(['cat', 'b']),
  'get to standard output': () => intoFile(['get', 'b', '-']),
};
/** those that leave no file if they fail */
const TO_FILE = ['get', 'cp --out --verify'];

const states = await makeStates();

for (const [name, reader] of Object.entries(readers)) {
  test(`${name} fails when the log is rewritten meanwhile`, async () => {
    const { image } = states;
    const undisturbed = await interrupted(
      0,
      async () => assert.equal((await reader()).exitCode, 0),
      () => {},
    );
    assert.ok(undisturbed > 5, `${undisturbed} looks at memory`);
    for (const [state, message] of [
      ['rewriting', /is being rewritten|was rewritten after it was read/],
      ['rewritten', /was rewritten after it was read/],
    ] as const) {
      // whoever had not looked at the log yet reads the new one
      for (let moment = 1; moment <= undisturbed; moment++) {
        rmSync(COPY, { force: true });
        let run: Run | undefined;
        await interrupted(
          moment,
          async () => {
            run = await reader();
          },
          () => put(image, states[state].there),
        );
        put(image, states[state].back);
        const { exitCode, stderr } = run as Run;
        const what = `${name}, ${state} at look ${moment} of ${undisturbed}: ${stderr}`;
        if (exitCode === 0) assert.ok(!existsSync(COPY) || readFileSync(COPY).equals(BYTES), what);
        else if (!/no such file or directory/.test(stderr)) assert.match(stderr, message, what);
        if (moment === undisturbed) assert.equal(exitCode, 1, what);
        if (exitCode !== 0 && TO_FILE.includes(name)) assert.ok(!existsSync(COPY), what);
      }
    }
  });
}

test('a stream of the library ends with an error before the bytes of another file', async () => {
  const { image, rewritten } = states;
  const fs = await openFamfs(image, sandbox);
  const stream = fs.read('b');
  put(image, rewritten.there);
  await assert.rejects(stream.toArray(), { code: 'LOG_REWRITTEN' });
  put(image, rewritten.back);
  assert.deepEqual(Buffer.concat(await fs.read('b').toArray()), BYTES);
  fs.close();
});

test('a file that was read before a rewrite gets no name after it', async () => {
  const { image, rewritten } = states;
  const volume = openVolume({ env: sandbox.env, cwd: sandbox.folder, warn: () => {} }, [image]);
  rmSync(COPY, { force: true });
  const plan = planOut(volume.replay.namespace, ['b'], Buffer.from(COPY), false, assert.fail);
  // its bytes are copied when progress is reported
  const advance = () => put(image, rewritten.there);
  const control = { threads: 1, signal: new AbortController().signal, advance };
  const options = { skipBad: false, verify: false, keepOwner: false, ownerLost: assert.fail, failed: assert.fail };
  await assert.rejects(copyOutOf(volume, plan, control, options), { code: 'LOG_REWRITTEN' });
  assert.ok(!existsSync(COPY));
  volume.close();
  put(image, rewritten.back);
});
