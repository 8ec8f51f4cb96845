import { join } from 'node:path';

/** The folder of the checkout; this module runs in out/test/support. */
export const ROOT = join(import.meta.dirname, '..', '..', '..');
