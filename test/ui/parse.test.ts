import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ArgumentSpec } from '../../src/ui/command.js';
import { UsageError } from '../../src/ui/errors.js';
import { parse } from '../../src/ui/parse.js';
import { sample, samples } from '../support/sample.js';

const ANY: ArgumentSpec = { name: 'ANY', summary: 'anything', required: false, repeat: true };
const NOTHING = { logLen: 8388608, tag: [], fsync: true, force: 0 };

/** What `famfs sample ...argv` asks for, where the command takes such arguments. */
function request(argv: readonly string[], args: readonly ArgumentSpec[] = [ANY]) {
  const asked = parse(samples, [{ ...sample, args } as never], [], ['sample', ...argv]);
  assert.equal(asked.asks, 'run');
  return asked as typeof asked & { asks: 'run' };
}

/** What the words mean, less what is so anyway. */
function parsed(...argv: string[]): { args: readonly string[]; options: Record<string, unknown> } {
  const { args, options, globals } = request(argv);
  const given = Object.entries({ ...options, ...globals }).filter(
    ([key, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(NOTHING[key as never]),
  );
  return { args, options: Object.fromEntries(given) };
}

const rows: readonly (readonly [argv: string[], options: object, args?: string[]])[] = [
  [[], {}],
  [['--size', '1G'], { size: 2 ** 30 }],
  [['--size=1G'], { size: 2 ** 30 }],
  [['-s', '1G'], { size: 2 ** 30 }],
  [['-s1G'], { size: 2 ** 30 }],
  [['-s4096'], { size: 4096 }],
  [['-s=1G'], { size: 2 ** 30 }],
  [['-lR'], { long: true, recursive: true }],
  [['-Rls1G', 'a'], { long: true, recursive: true, size: 2 ** 30 }, ['a']],
  [['-ls', '1G', 'a'], { long: true, size: 2 ** 30 }, ['a']],
  [['-F'], { force: 1 }],
  [['-FF', '--force'], { force: 3 }],
  [['-l', '-l', '--long'], { long: true }],
  [['--log-len', '16M'], { logLen: 2 ** 24 }],
  [['--loglen=16M'], { logLen: 2 ** 24 }],
  [['-n', '0x10'], { stripes: 16 }],
  [['-m', '644'], { mode: 0o644 }],
  [['-m', '0644'], { mode: 0o644 }],
  [['-m0o1777'], { mode: 0o1777 }],
  [['--name', '0x10'], { name: '0x10' }],
  [['--name', '1e3'], { name: '1e3' }],
  [['--name=a=b'], { name: 'a=b' }],
  [['--name', '"q"'], { name: '"q"' }],
  [['--name', '-'], { name: '-' }],
  [['--name', '-5'], { name: '-5' }],
  [['--name=--long'], { name: '--long' }],
  [['--name', 'a\nb'], { name: 'a\nb' }],
  [['-ta', '--tag', 'b', '--tag=c,d', 'e'], { tag: ['a', 'b', 'c,d'] }, ['e']],
  [['--policy', 'spread'], { policy: 'spread' }],
  [['--no-fsync'], { fsync: false }],
  [['--no-fsync', '--fsync'], {}],
  [['--no-long'], { long: false }],
  [['a', '-l', 'b'], { long: true }, ['a', 'b']],
  [['-'], {}, ['-']],
  [['--', '-l', '--size', '--'], {}, ['-l', '--size', '--']],
  [['a', '--', 'b'], {}, ['a', 'b']],
  [['--long', 'true', 'false'], { long: true }, ['true', 'false']],
  [['5', '0x10', '1e3', '007'], {}, ['5', '0x10', '1e3', '007']],
  [['-h'], { human: true }],
  [['help', 'completion', '-l'], { long: true }, ['help', 'completion']],
  [['--name', 'sample', 'sample'], { name: 'sample' }, ['sample']],
  [['--', '--help', '--get-yargs-completions'], {}, ['--help', '--get-yargs-completions']],
  [['--name=a\u0000b', '$0'], { name: 'a\u0000b' }, ['$0']],
  [['-q', '--json'], { quiet: true, json: true }],
];

test('options are read as getopt_long reads them', () => {
  for (const [argv, options, args = []] of rows) {
    assert.deepEqual(parsed(...argv), { args, options }, JSON.stringify(argv));
  }
});

const refused: readonly (readonly [argv: string[], words: RegExp])[] = [
  [['--siez', '1'], /^unknown option --siez; did you mean --size\?$/],
  [['--siez=1'], /^unknown option --siez; did you mean --size\?$/],
  [['--completely-else'], /^unknown option --completely-else; --help/],
  [['-x'], /^unknown option -x;/],
  [['-lx'], /^unknown option -lx;/],
  [['-5'], /^unknown option -5;.*after --$/],
  [['--'.concat('__proto__')], /^unknown option --__proto__/],
  [['--constructor=1'], /^unknown option --constructor/],
  [['---'], /^unknown option ---/],
  [['--=1'], /^unknown option --=1/],
  [['--$0', 'x'], /^unknown option --\$0/],
  [['--_', 'x'], /^unknown option --_;/],
  [['--no:fsync'], /^unknown option --no:fsync/],
  [['--get-yargs-completions', 'sample'], /^unknown option --get-yargs-completions/],
  [['--no-fsync=1'], /^unknown option --no-fsync/],
  [['--fsync', '--fsync=false'], /^option --fsync takes no value$/],
  [['--no-size'], /^unknown option --no-size; --size cannot be negated$/],
  [['--no-force'], /^unknown option --no-force; --force cannot be negated$/],
  [['--size'], /^option --size needs a value$/],
  [['-s'], /^option --size needs a value$/],
  [['--size', '--long'], /^option --size needs a value$/],
  [['--size', '-lR'], /^option --size needs a value$/],
  [['--long=yes'], /^option --long takes no value$/],
  [['--force=2'], /^option --force takes no value$/],
  [['-l5'], /^unknown option -l5/],
  [['--size=1', '--size=2'], /^option --size is given twice; '1' and '2'$/],
  [['-s1', '--size=1'], /^option --size is given twice/],
  [['--loglen=8M', '--log-len=8M'], /^option --log-len is given twice/],
  [['--size='], /^option --size: '' is not a size/],
  [['--name='], /^option --name: the value is empty/],
  [['--name', ''], /^option --name: the value is empty/],
  [['--size', '1GB'], /^option --size: '1GB' is not a size; units are binary: write 1G or 1GiB$/],
  [['--size', '0'], /^option --size: '0' is too small; the least is 1$/],
  [['-n', '17'], /^option --stripes: '17' is too large; allowed: 0 to 16$/],
  [['-n', '-5'], /^option --stripes: '-5' is too small; allowed: 0 to 16$/],
  [['-n', '1.5'], /^option --stripes: '1.5' is not a whole number/],
  [['-n', '1e1'], /^option --stripes: '1e1' is not a whole number/],
  [['-n='], /^option --stripes: '' is not a whole number/],
  [['-n', '99999999999999999999'], /^option --stripes: '9{20}' is too large/],
  [['-m', '999'], /^option --mode: '999' is not a mode; a mode is octal/],
  [['-m', '10000'], /^option --mode: '10000' is not a mode/],
  [['-m', 'u+x'], /^option --mode: 'u\+x' is not a mode/],
  [
    ['--policy', 'spraed'],
    /^option --policy: 'spraed' is not allowed; did you mean spread\? allowed: random, spread, fill/,
  ],
  [['--policy', 'x'], /^option --policy: 'x' is not allowed; allowed: random, spread, fill$/],
  [['--tag'], /^option --tag needs a value$/],
];

test('wrong options are named, with the value and what is allowed', () => {
  for (const [argv, words] of refused) {
    assert.throws(() => parsed(...argv), usage(words), JSON.stringify(argv));
  }
});

test('arguments are counted', () => {
  const one = { name: 'ONE', summary: 'the one', required: true };
  const two = { name: 'TWO', summary: 'the other', required: false };
  request([], []);
  request(['a'], [one, two]);
  request(['a', 'b'], [one, two]);
  request(['a', 'b', 'c'], [one, { ...two, repeat: true }]);
  const sources = { ...one, repeat: true };
  request(['a', 'b', '--', '-c'], [sources, { ...two, required: true }]);
  const few: readonly (readonly [argv: string[], specs: ArgumentSpec[], words: RegExp])[] = [
    [[], [one, two], /^argument ONE is missing; the one$/],
    [['a'], [], /^unexpected argument 'a'; the command takes no arguments$/],
    [['a', 'b', 'c'], [one, two], /^unexpected argument 'c'; the command takes ONE TWO$/],
    [['a', '--', 'b', '-c'], [one, two], /^unexpected argument '-c'; the command takes ONE TWO$/],
    [['a'], [sources, { ...two, required: true }], /^argument TWO is missing; the other$/],
  ];
  for (const [argv, specs, words] of few) assert.throws(() => request(argv, specs), usage(words), JSON.stringify(argv));
});

function usage(words: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof UsageError, String(error));
    assert.match(error.hint === undefined ? error.message : `${error.message}; ${error.hint}`, words);
    return true;
  };
}
