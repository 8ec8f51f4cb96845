/** Text escaped for mdoc(7), so that nothing in it is taken for markup. */
export function prose(text: string): string {
  const plain = text.replaceAll('\\', '\\e').replaceAll('-', '\\-');
  // a line of a page must not begin like a request
  return plain.replace(/^[.']/, '\\&$&');
}

/** An argument of a macro: one word, never itself a macro or a delimiter. */
export function word(text: string): string {
  const quoted = prose(text).replaceAll('"', '\\(dq');
  return `"\\&${quoted}"`;
}

/** Paragraphs, with each sentence on a line of its own, as mdoc wants. */
export function paragraphs(texts: readonly string[]): string[] {
  return texts.flatMap((text, index) => [...(index > 0 ? ['.Pp'] : []), ...sentences(text)]);
}

/** A list of terms and their meanings; `terms` are macro lines. */
export function definitions(entries: readonly (readonly [term: string, meaning: readonly string[]])[]): string[] {
  const items = entries.flatMap(([term, meaning]) => [`.It ${term}`, ...meaning]);
  return items.length > 0 ? ['.Bl -tag -width Ds', ...items, '.El'] : [];
}

function sentences(text: string): string[] {
  return text.split(/(?<=[.!?]) (?=[A-Z'"])/).map(prose);
}
