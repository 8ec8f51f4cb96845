/** The bill of materials names what is shipped, as package-lock.json has it, and nothing else; and all packages are signed. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/root.js';

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly scope: string;
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses: readonly { readonly license: { readonly id: string } }[];
}

interface Bom {
  readonly bomFormat: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

function text(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function makeBom(): string {
  const output = execFileSync(process.execPath, ['scripts/sbom.mjs'], { cwd: ROOT, encoding: 'utf8' });
  return text(output.slice(0, output.indexOf(':')));
}

test('the bill of materials lists the packages whose licences are shipped, with the hashes of the lockfile', () => {
  const json = makeBom();
  const { bomFormat, metadata, components, dependencies }: Bom = JSON.parse(json);
  assert.equal(bomFormat, 'CycloneDX');
  assert.equal(metadata.component.name, 'famfs');
  // a package of one version may be there twice
  const licences = new Set(
    [...text('dist/THIRD-PARTY.txt').matchAll(/^-{78}\n(\S+) (\S+) \((.*)\)$/gm)].map((row) => row.slice(1).join(' ')),
  );
  const found = components.map(({ name, version, licenses }) => `${name} ${version} ${licenses[0]?.license.id}`);
  assert.deepEqual(found.sort(), [...licences].sort());
  const locked = Object.entries(
    JSON.parse(text('package-lock.json')).packages as Record<string, { integrity?: string }>,
  );
  for (const { name, version, purl, scope, hashes } of components) {
    assert.equal(purl.replace('%40', '@'), `pkg:npm/${name}@${version}`);
    assert.equal(scope, 'required');
    const integrity = `sha512-${Buffer.from(hashes[0]?.content ?? '', 'hex').toString('base64')}`;
    assert.ok(
      locked.some(([path, entry]) => path.endsWith(`node_modules/${name}`) && entry.integrity === integrity),
      name,
    );
  }
  const refs = new Set(components.map((component) => component['bom-ref']));
  for (const { dependsOn } of dependencies) for (const ref of dependsOn) assert.ok(refs.has(ref), ref);
  assert.equal(makeBom(), json, 'another run makes another file');
});

/** What npm says when the keys of the signatures cannot be fetched. */
const UNREACHABLE = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ENETUNREACH', 'ETIMEDOUT'];

test('the signatures of all packages that build, test and are shipped are valid', (context) => {
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 26 } as const;
  const { stdout, stderr } = spawnSync('npm', ['audit', 'signatures', '--json'], options);
  assert.match(stdout, /^\{/, stderr);
  const { error, invalid, missing } = JSON.parse(stdout);
  if (UNREACHABLE.includes(error?.code)) {
    context.skip(`npm cannot reach the keys: ${error.code}`);
    return;
  }
  assert.deepEqual({ error, invalid, missing }, { error: undefined, invalid: [], missing: [] });
});
