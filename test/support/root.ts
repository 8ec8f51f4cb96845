import { join } from 'node:path';

/** The folder of the checkout, seen from out/test/support. */
export const ROOT = join(import.meta.dirname, '..', '..', '..');
