import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { ImageHost, makeImages } from './imageHost.js';
import { type TwoHosts, testTwoHosts } from './twoHosts.js';

const images = mkdtempSync(join(tmpdir(), 'famfs-images-'));
makeImages(images, [1024]);
const hosts: TwoHosts = {
  master: new ImageHost(images),
  client: new ImageHost(images),
  memory: join(images, 'dax0.0'),
};
after(async () => {
  await Promise.all([hosts.master.close(), hosts.client.close()]);
  rmSync(images, { recursive: true });
});

testTwoHosts(() => hosts);
