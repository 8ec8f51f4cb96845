// Runs these test modules in this order (node --test sorts them). Three processes at a time keep two processors busy, since
// many tests wait for a mount, a lock or a disk.
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { sourcePlaces } from './sourcePlaces.mjs';

/** milliseconds for a module */
const PATIENCE = 1_200_000;

run({ files: process.argv.slice(2), concurrency: 3, timeout: PATIENCE })
  .on('test:fail', () => {
    process.exitCode = 1;
  })
  .compose(new spec())
  .compose(sourcePlaces())
  .pipe(process.stdout);
