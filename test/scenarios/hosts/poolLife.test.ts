import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

import { ImageHost, makeImages } from './imageHost.js';
import { POOL_SIZES, testPoolLife } from './poolLife.js';

const images = mkdtempSync(join(tmpdir(), 'famfs-images-'));
makeImages(images, POOL_SIZES);
const host = new ImageHost(images);
after(async () => {
  await host.close();
  rmSync(images, { recursive: true });
});

testPoolLife(() => host);
