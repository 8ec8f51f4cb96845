/** Which instructions the addon has for the cache: a wrong one shows in no test on coherent memory. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/root.js';

const ADDON = join(ROOT, 'build/Release/famfs_native.node');

/** The instructions of each function of the addon whose name contains a word. */
function instructionsOf(word: string): string[] {
  const { stdout } = spawnSync('objdump', ['-d', '--no-show-raw-insn', '-C', ADDON], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const functions = stdout
    .split(/^(?=[0-9a-f]+ <)/m)
    .filter((text) => text.slice(0, text.indexOf('\n')).includes(word));
  return functions.flatMap((text) => [...text.matchAll(/^\s+[0-9a-f]+:\s+(\w+)/gm)].map(([, name]) => name as string));
}

const missing = spawnSync('objdump', ['--version']).status !== 0 && 'objdump (of binutils) is not installed';
const skip = process.arch !== 'x64' ? 'the names are those of x86-64' : missing;

test('write-back keeps lines where the processor can, invalidation drops them', { skip }, () => {
  const only = (word: string) => [...new Set(instructionsOf(word).filter((name) => /^cl/.test(name)))];
  assert.deepEqual(only('sweepClwb'), ['clwb']);
  assert.deepEqual(only('sweepClflushopt'), ['clflushopt']);
  assert.deepEqual(only('sweepClflush('), ['clflush']);
});

test('a fence holds back loads too', { skip }, () => {
  const fences = instructionsOf('famfs::fullFence').filter((name) => /fence$/.test(name));
  assert.ok(fences.length > 0 && fences.every((name) => name === 'mfence'), fences.join());
});

test('no line is invalidated by an instruction that keeps it', () => {
  const source = readFileSync(join(ROOT, 'src/native/cpp/cache.cc'), 'utf8');
  // CacheOps has line, writeBack, invalidate; later assignments name the member
  const initial = [...source.matchAll(/(?:ops = |return )\{[^;]*, (\w+), (\w+)\};/g)].map(
    ([, , invalidate]) => invalidate,
  );
  const later = source
    .split('\n')
    .flatMap((line) => (/ops\.invalidate = /.test(line) ? [/(\w+);$/.exec(line)?.[1]] : []));
  assert.deepEqual([...initial, ...later].sort(), ['sweepCivac', 'sweepClflush', 'sweepClflushopt']);
});
