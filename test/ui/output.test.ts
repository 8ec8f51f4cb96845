import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import type { Result } from '../../src/ui/command.js';
import { OutputError, writeResult } from '../../src/ui/output.js';
import { fdSink, type Sink, streamSink } from '../../src/ui/sink.js';
import { PLAIN } from '../../src/ui/style.js';
import { Random } from '../support/random.js';
import { Sandbox } from '../support/sandbox.js';

function result(lines: Iterable<string>): Result {
  return { data: { lines }, text: () => lines };
}

function* numbered(count: number): Generator<string> {
  for (let line = 0; line < count; line += 1) yield `line ${line}`;
}

/** A sink that records its input, or fails at its second write. */
function keeper(failure?: Error): Sink & { readonly writes: string[] } {
  const writes: string[] = [];
  return {
    writes,
    async write(text) {
      if (failure && writes.length === 1) throw failure;
      writes.push(String(text));
    },
  };
}

test('text is written as lines, in batches of about 64 KiB', async () => {
  const sink = keeper();
  await writeResult(sink, result(numbered(30_000)), PLAIN);
  assert.equal(sink.writes.join(''), `${[...numbered(30_000)].join('\n')}\n`);
  const sizes = sink.writes.map((text) => text.length);
  assert.ok(
    sizes.slice(0, -1).every((size) => size >= 65536 && size < 65600),
    String(sizes),
  );
});

test('no line, no write', async () => {
  const sink = keeper();
  await writeResult(sink, result([]), PLAIN);
  assert.deepEqual(sink.writes, []);
});

test('lines are generated only when they can be written', async () => {
  let drawn = 0;
  const lines = (function* () {
    for (; drawn < 100_000; drawn += 1) yield 'x'.repeat(99);
  })();
  const drawnAtWrite: number[] = [];
  const sink: Sink = {
    async write() {
      drawnAtWrite.push(drawn);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  await writeResult(sink, result(lines), PLAIN);
  assert.ok(drawnAtWrite[0]! < 700, String(drawnAtWrite[0]));
});

test('a name with a newline or an escape is one line without an escape', async () => {
  const sink = keeper();
  await writeResult(sink, result(['a\nb\x1b[2J']), PLAIN);
  assert.deepEqual(sink.writes, ['a\\nb\\x1b[2J\n']);
});

test('without a style the document is written', async () => {
  const sink = keeper();
  await writeResult(sink, result(numbered(2)), undefined);
  assert.equal(sink.writes.join(''), '{\n  "formatVersion": 1,\n  "lines": [\n    "line 0",\n    "line 1"\n  ]\n}\n');
});

test('a reader that has gone away is not an error, a full disk is', async () => {
  const gone = keeper(Object.assign(new Error('gone'), { code: 'EPIPE' }));
  await writeResult(gone, result(numbered(30_000)), PLAIN);
  assert.equal(gone.writes.length, 1);
  const full = keeper(Object.assign(new Error('full'), { code: 'ENOSPC' }));
  await assert.rejects(writeResult(full, result(numbered(30_000)), PLAIN), OutputError);
});

test('a descriptor gets everything, or the error is thrown', async () => {
  const path = join(new Sandbox().folder, 'out');
  const fd = openSync(path, 'w');
  const text = 'ä'.repeat(500_000);
  await fdSink(fd).write(text);
  await fdSink(fd).write('end');
  closeSync(fd);
  assert.equal(readFileSync(path, 'utf8'), `${text}end`);
  const full = openSync('/dev/full', 'w');
  await assert.rejects(fdSink(full).write('x'), { code: 'ENOSPC' });
  closeSync(full);
});

test('a write waits for the stream, and its error is thrown once', async () => {
  const slow: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    highWaterMark: 1,
    write(chunk, _encoding, done) {
      setTimeout(() => {
        slow.push(chunk);
        done();
      }, 5);
    },
  });
  await streamSink(stream).write('a');
  assert.deepEqual(slow, ['a']);
  const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('broken')) });
  await assert.rejects(streamSink(broken).write('a'), /broken/);
});

test('strings and bytes are written in their order, whatever their lengths', async (t) => {
  const random = new Random(t);
  // the memory of pieces is used again, as printers do
  const memory = Buffer.alloc(200_000);
  const all: string[] = [];
  const pieces = (function* () {
    for (let i = 0; i < 400; i++) {
      const length = random.below(random.pick([1, 10, 5000, 66_000, 150_000]));
      const text = random.pick(['a', 'é', '😀']).repeat(Math.ceil(length / 4));
      const inBytes = random.chance(0.6);
      all.push(inBytes ? text : `${text}\n`);
      if (inBytes) yield memory.subarray(0, memory.write(text));
      else yield text;
    }
  })();
  const sink = keeper();
  await writeResult(sink, { data: {}, text: () => pieces }, PLAIN);
  assert.equal(sink.writes.join(''), all.join(''));
});
