// Copies a file out of a file system, to standard output: node stream-out.mjs FILE DEV...
import { pipeline } from 'node:stream/promises';
import { isFamfsError, openFamfs } from 'famfs';

const [path = '', ...devices] = process.argv.slice(2);
try {
  const fs = await openFamfs(devices);
  try {
    await pipeline(fs.read(path), process.stdout);
  } finally {
    fs.close();
  }
} catch (error) {
  // any other is a bug, or of the stream that is written to
  if (!isFamfsError(error)) throw error;
  console.error(`${error.code}: ${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}`);
  process.exitCode = 1;
}
