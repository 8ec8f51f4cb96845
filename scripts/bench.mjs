// Runs all benchmarks, or the named ones, one by one. Options, which come after the names, are passed to each.
import { spawnSync } from 'node:child_process';

const QUESTIONS = [
  'startup',
  'append',
  'manifest',
  'commands',
  'scale',
  'fsck',
  'listing',
  'balance',
  'shadow',
  'mount',
  'native',
  'data',
  'copies',
  'tree',
  'room',
];

const args = process.argv.slice(2);
const firstOption = args.findIndex((arg) => arg.startsWith('-'));
const names = firstOption < 0 ? args : args.slice(0, firstOption);
const unknown = names.find((name) => !QUESTIONS.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`no bench is called ${unknown}; there are ${QUESTIONS.join(', ')}\n`);
  process.exit(2);
}
const options = args.slice(names.length);
for (const name of names.length > 0 ? names : QUESTIONS) {
  const { status } = spawnSync(process.execPath, [`out/bench/${name}.js`, ...options], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
