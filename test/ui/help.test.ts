import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProgram } from '../support/runCommand.js';
import { samples } from '../support/sample.js';

const help = async (...argv: string[]) => (await runProgram(samples, argv, {})).stdout;

test('help lists commands under their headings', async () => {
  const text = await help('--help');
  assert.match(text, /^Usage: famfs COMMAND /);
  assert.match(text, /\nSamples:\n {2}famfs sample +show what was given\n/);
  assert.match(text, /\n +--json +write one JSON document/);
  assert.equal(await help('--color', 'never', '--help'), text);
});

test('help on a command says what its definition says', async () => {
  const text = await help('sample', '--help');
  const expected = [
    'Usage: famfs sample [OPTION]... FILE [OTHER...]',
    'Show what was given.',
    '  FILE   the first file',
    '  -s, --size SIZE                  a size',
    '      --log-len, --loglen SIZE     a length (default 8M)',
    '  -n, --stripes N                  a number',
    '      --policy random|spread|fill  a choice',
    '  -t, --tag TAG                    a list (may be repeated)',
    '      --no-fsync                   a flag that is on',
    '  -h, --human                      sizes for people',
    '      --help                       print help and exit',
    '  # show a size\n  famfs sample -s 1G /a',
    '  2  wrong usage',
    'Also called specimen.',
  ];
  for (const line of expected) assert.ok(`${text}\n`.includes(`${line}\n`), line);
});

test('-h is never help: it is --human-readable, or refused', async () => {
  const { exitCode, stdout } = await runProgram(samples, ['sample', '-h', '/a', '--json'], {});
  assert.equal(exitCode, 0);
  assert.equal(JSON.parse(stdout).options.human, true);
  const { exitCode: refused, stderr } = await runProgram(samples, ['-h'], {});
  assert.equal(refused, 2);
  assert.equal(stderr, 'famfs: unknown option -h; --help prints help\n');
});

test('help comes before complaints about arguments', async () => {
  for (const argv of [
    ['sample', '--help'],
    ['--help', 'sample'],
    ['sample', '--bogus', '--help', '--size'],
  ]) {
    const { exitCode, stdout } = await runProgram(samples, argv, {});
    assert.equal(exitCode, 0);
    assert.match(stdout, /^Usage: famfs sample /);
  }
});

test('no line is wider than the terminal, where words allow it', async () => {
  const stdout = Object.assign(new (await import('node:stream')).PassThrough(), { columns: 60 });
  const { sink, lines } = collector();
  await runProgram(samples, ['--help', '--color', 'never'], { terminal: true, stdout, sink });
  assert.ok(lines().every((line) => line.length <= 60));
  assert.ok(lines().some((line) => line.length > 50));
});

function collector() {
  const written: string[] = [];
  const sink = { write: async (text: string) => void written.push(text) };
  return { sink, lines: () => written.join('').split('\n') };
}
