import { listed } from '../../format/listed.js';
import type { Context } from '../../ui/command.js';

/** Warns once about all existing files that were accepted although they differ from the request. */
export function warnOfKept(context: Context, { kept }: { readonly kept: readonly string[] }): void {
  if (kept.length > 0) context.warn('KEPT', `${listed(kept, '; ')}; what exists stays as it is`);
}
