import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { SIZES, testDiscovery } from './discovery.js';
import { ImageHost, makeImages } from './imageHost.js';

const PAGE = 4096;

const images = mkdtempSync(join(tmpdir(), 'famfs-images-'));
makeImages(images, SIZES);
const host = new ImageHost(images);
after(async () => {
  await host.close();
  rmSync(images, { recursive: true });
});

testDiscovery(() => host, { align: PAGE, kind: 'file' });
