/** Shared by chmod and chown. */
import { counted } from '../../format/counted.js';
import { type Attributes, setAttributes } from '../../fs/rewrite/attributes.js';
import { type EditedNode, pathOf } from '../../fs/rewrite/editedTree.js';
import type { Context, OptionValues, Result } from '../../ui/command.js';
import { octal } from '../../ui/units.js';
import { type RewriteRow, rewriteOptions, rewriteText, withRewrite } from './rewrite.js';

export const attributeOptions = {
  recursive: { type: 'boolean', short: 'R', summary: 'the contents of directories too' },
  ...rewriteOptions,
} as const;

/** A file or directory with its new mode and owner. */
export interface ChangedRow {
  readonly path: string;
  readonly type: 'file' | 'directory';
  /** permission bits, octal: 0644 */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

/** Sets attributes of what `paths` name; `what` is their name in the text. Throws what withRewrite and setAttributes throw. */
export async function changeAttributes(
  context: Context,
  { recursive = false, ...options }: OptionValues<typeof attributeOptions>,
  paths: readonly string[],
  attributes: Attributes,
  what: 'mode' | 'owner',
): Promise<Result<RewriteRow & { readonly changed: readonly ChangedRow[] }>> {
  const { edited, row } = await withRewrite(context, options, paths, (tree) =>
    setAttributes(tree, paths, attributes, recursive).map(changedRow),
  );
  return {
    data: { changed: edited, ...row },
    text: () => [
      ...(row.written ? [] : edited.map(line)),
      `${counted(edited.length, what)} changed; ${rewriteText(row)}`,
    ],
  };
}

function changedRow(node: EditedNode): ChangedRow {
  const { kind, mode, uid, gid } = node;
  return { path: pathOf(node), type: kind, mode: octal(mode), uid, gid };
}

function line({ path, mode, uid, gid }: ChangedRow): string {
  return `would make ${path} ${mode} ${uid}:${gid}`;
}
