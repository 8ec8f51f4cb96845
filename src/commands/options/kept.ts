import { listed } from '../../format/listed.js';
import type { Context } from '../../ui/command.js';

/** Warns once of all that was accepted although it is not as asked. */
export function warnOfKept(context: Context, { kept }: { readonly kept: readonly string[] }): void {
  if (kept.length > 0) context.warn('KEPT', `${listed(kept, '; ')}; what exists stays as it is`);
}
