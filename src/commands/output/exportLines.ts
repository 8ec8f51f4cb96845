/** what a shell takes for nothing else */
const PLAIN = /^[\p{L}\p{N}_@%+=:,./-]*$/u;

/** `KEY=value`, a line each; a value is escaped so that a shell reads it back. Those that are null are left out. */
export function* exportLines(fields: Readonly<Record<string, string | number | null>>): Generator<string> {
  for (const [key, value] of Object.entries(fields)) if (value !== null) yield `${key}=${escaped(String(value))}`;
}

/** With a backslash before what is special to a shell; a newline is quoted, which a backslash would take away. */
function escaped(value: string): string {
  if (PLAIN.test(value)) return value;
  return Array.from(value, (char) => (PLAIN.test(char) ? char : char === '\n' ? "$'\\n'" : `\\${char}`)).join('');
}
