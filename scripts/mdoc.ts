/** Text as mdoc(7) prints it, with nothing in it taken for markup. */
export function prose(text: string): string {
  const plain = text.replaceAll('\\', '\\e').replaceAll('-', '\\-');
  // a line of a page must not begin like a request
  return plain.replace(/^[.']/, '\\&$&');
}

/** An argument of a macro: one word, never a macro or a delimiter itself. */
export function word(text: string): string {
  const quoted = prose(text).replaceAll('"', '\\(dq');
  return `"\\&${quoted}"`;
}

/** Paragraphs, sentences each on a line of their own as mdoc wants them. */
export function paragraphs(texts: readonly string[]): string[] {
  return texts.flatMap((text, index) => [...(index > 0 ? ['.Pp'] : []), ...sentences(text)]);
}

/** A list of terms and what they mean; `terms` are macro lines. */
export function definitions(entries: readonly (readonly [term: string, meaning: readonly string[]])[]): string[] {
  const items = entries.flatMap(([term, meaning]) => [`.It ${term}`, ...meaning]);
  return items.length > 0 ? ['.Bl -tag -width Ds', ...items, '.El'] : [];
}

function sentences(text: string): string[] {
  return text.split(/(?<=[.!?]) (?=[A-Z'"])/).map(prose);
}
