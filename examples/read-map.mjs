// Prints where each file lies: node read-map.mjs DEV...
import { openFamfs } from 'famfs';

const fs = await openFamfs(process.argv.slice(2));
try {
  for (const { index, path, used, capacity } of fs.daxdevs())
    console.log(`daxdev ${index}: ${path ?? 'not here'}, ${used} of ${capacity} bytes used`);
  for (const { type, path } of fs.list('/', { recursive: true })) {
    if (type !== 'file') continue;
    const { layout, extents, size } = fs.map(path);
    const [first] = fs.resolve(path, { offset: 0, length: 1 });
    console.log(`${path}: ${size} bytes, ${layout}, extents: ${extents.length}, first byte on daxdev ${first?.daxdev}`);
  }
} finally {
  fs.close();
}
