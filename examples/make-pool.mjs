// Makes a pool of image files, fills it, and checks it: node make-pool.mjs FOLDER
// On daxdevs, name these instead, and leave out `size`.
import { join } from 'node:path';
import { makeFamfs, openSession } from 'famfs';

const [folder = '.'] = process.argv.slice(2);
const devices = ['pool0.img', 'pool1.img'].map((name) => join(folder, name));

const made = await makeFamfs(devices, { size: 64 * 1024 ** 2, stripes: 2, label: 'example' });
console.log(`made ${made.fsUuid} with room for ${made.capacity} bytes`);

// TypeScript and Node.js 24 know `using session = await openSession(devices)`, which closes it by itself
const session = await openSession(devices, { onWarning: ({ message }) => console.warn(message) });
try {
  await session.mkdir('data/text', { parents: true });
  const file = await session.create('data/numbers', { size: 4 * 1024 ** 2, fill: 'zeros' });
  console.log(`${file.path}: ${file.size} bytes, log entry ${file.slot}`);
  await session.cp(Buffer.from('hello\n'), 'data/text/hello');
  const { clean, findings } = await session.check();
  console.log(clean ? 'clean' : findings.map(({ message }) => message).join('\n'));
} finally {
  session.close();
}
