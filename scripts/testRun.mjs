// Runs these test modules in this order, two processes at a time (node --test sorts them).
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/** milliseconds for a module */
const PATIENCE = 1_200_000;

run({ files: process.argv.slice(2), concurrency: 2, timeout: PATIENCE })
  .on('test:fail', () => {
    process.exitCode = 1;
  })
  .compose(new spec())
  .pipe(process.stdout);
