/** Names of daxdevs by what is on them: UUID=... and LABEL=... in place of a path. A file of such a name is ./UUID=... */

const TAG = /^(UUID|LABEL)=(.*)$/s;

export interface Tag {
  readonly kind: 'UUID' | 'LABEL';
  readonly value: string;
}

/** Undefined for a path. */
export function parseTag(text: string): Tag | undefined {
  const [, kind, value = ''] = TAG.exec(text) ?? [];
  return kind === undefined ? undefined : { kind: kind as Tag['kind'], value };
}
