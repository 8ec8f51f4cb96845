/** Made of schema.ts by scripts/build.mjs, with ajv: no schema is compiled at run time. */
import type { ErrorObject } from 'ajv';
import type { Manifest } from './schema.js';

/** Whether a value is a manifest; if not, `errors` has all that is wrong. */
export const validateManifest: {
  (value: unknown): value is Manifest;
  readonly errors?: readonly ErrorObject[] | null;
};
