import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ALSO = ['node_modules/node-addon-api'];

/**
 * The licences of the packages whose code is in a bundle, or compiled into the addon: each package's own text, sorted by name.
 * `modules` are the paths of all modules in the bundle. Throws if a package has no licence text.
 */
export function thirdParty(modules) {
  const folders = modules.flatMap((path) => path.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []);
  const texts = [...new Set([...folders, ...ALSO])].map(licenceOf).sort();
  return `famfs contains code of these packages.\n\n${texts.join('\n')}`;
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${folder} has no licence text`);
  const text = readFileSync(join(folder, file), 'utf8').trim();
  return `${'-'.repeat(78)}\n${name} ${version} (${license})\n\n${text}\n`;
}
