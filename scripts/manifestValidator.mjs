// Compiles the schema of manifests into a module without imports, so that ajv is not in the bundle.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { MANIFEST_SCHEMA } from '../out/src/commands/manifest/schema.js';

/** beside the module that tsc makes of the rest of the folder */
const MODULE = fileURLToPath(new URL('../out/src/commands/manifest/validateManifest.js', import.meta.url));

/** Writes out/src/commands/manifest/validateManifest.js, and the schema itself to `schemaFile`, for editors. */
export async function writeManifestValidator(schemaFile) {
  const ajv = new Ajv.default({
    allErrors: true,
    allowUnionTypes: true,
    strictTypes: false,
    // all that the schema says of lengths is that some are not 0, so code points need not be counted; ajv calls this deprecated
    unicode: false,
    logger: false,
    code: { source: true, esm: true, lines: true },
  });
  const { default: standalone } = standaloneCode;
  const code = standalone(ajv, ajv.compile(MANIFEST_SCHEMA));
  const bundled = await build({
    stdin: { contents: `${code}\nexport { validate as validateManifest };`, resolveDir: '.' },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    write: false,
  });
  writeFileSync(MODULE, bundled.outputFiles[0].text);
  writeFileSync(schemaFile, `${JSON.stringify(MANIFEST_SCHEMA, null, 2)}\n`);
}

/** An esbuild plugin that finds the module above where the sources import it. */
export function manifestValidator() {
  return {
    name: 'manifest-validator',
    setup(build) {
      build.onResolve({ filter: /\/validateManifest\.js$/ }, () => ({ path: MODULE }));
    },
  };
}
