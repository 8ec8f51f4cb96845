import { listed } from '../../format/listed.js';
import type { Context } from '../../ui/command.js';

/** Warns once of all large new files for which there was only room that huge pages cannot map. */
export function warnOfUnaligned(context: Context, { unaligned }: { readonly unaligned: readonly string[] }): void {
  if (unaligned.length === 0) return;
  const what = `${listed(unaligned)} ${unaligned.length === 1 ? 'begins' : 'begin'} at no multiple of 2 MiB, for lack of such room`;
  context.warn(
    'SMALL_UNIT',
    `${what}; no kernel maps such a file in huge pages, and those with maps in form v2 refuse it`,
  );
}

/** Warns once about all existing files that were accepted although they differ from the request. */
export function warnOfKept(context: Context, { kept }: { readonly kept: readonly string[] }): void {
  if (kept.length > 0) context.warn('KEPT', `${listed(kept, '; ')}; what exists stays as it is`);
}
