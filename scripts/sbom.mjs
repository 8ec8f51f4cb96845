// The software bill of materials, in the form of CycloneDX: the packages whose code is in what is shipped, with their versions,
// licences and hashes. Tools that only build or test are left out, and so are time and serial number, so that the same commit gives
// the same file. Needs the bundle.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const FOLDER = 'packages';

const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const shipped = new Set(
  [...readFileSync('dist/THIRD-PARTY.txt', 'utf8').matchAll(/^-{78}\n(\S+) (\S+) \(/gm)].map(
    ([, name, version]) => `${name}@${version}`,
  ),
);
const bom = JSON.parse(
  execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], { maxBuffer: 2 ** 26 }),
);
const components = bom.components
  .filter((component) => shipped.has(component['bom-ref']))
  // what npm needs only to build is part of the bundle
  .map(({ properties, ...component }) => ({ ...component, scope: 'required' }));
const refs = components.map((component) => component['bom-ref']);
const lost = [...shipped].filter((ref) => !refs.includes(ref));
if (lost.length > 0)
  throw new Error(`package-lock.json does not have ${lost.join(', ')}: run npm ci and npm run bundle`);
const { timestamp, ...metadata } = bom.metadata;
const root = bom.metadata.component['bom-ref'];
const { serialNumber, ...rest } = bom;
const document = {
  ...rest,
  metadata: { ...metadata, lifecycles: [{ phase: 'build' }], component: { ...metadata.component, name } },
  components,
  dependencies: [
    { ref: root, dependsOn: refs },
    ...bom.dependencies
      .filter(({ ref }) => refs.includes(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.includes(one)) })),
  ],
};
mkdirSync(FOLDER, { recursive: true });
const path = `${FOLDER}/${name}-${version}.cdx.json`;
writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`);
process.stdout.write(`${path}: ${refs.length} packages\n`);
