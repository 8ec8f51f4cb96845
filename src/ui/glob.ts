/** Patterns of names as a shell has them. */

/**
 * Tells whether a name fits a pattern: * stands for any text, ? for one character, [a-z] or [!a-z] for one of a set, \ takes the next
 * literally. The time is bounded by the product of both lengths.
 */
export function globMatcher(pattern: string): (name: string) => boolean {
  const parts = partsOf(pattern);
  return (name) => fits([...name], parts);
}

function fits(text: readonly string[], parts: readonly Test[]): boolean {
  let at = 0;
  let part = 0;
  // where the last star was, and how far the name was when it had taken nothing
  let star = -1;
  let mark = 0;
  while (at < text.length) {
    const test = parts[part];
    if (test === STAR) {
      star = part++;
      mark = at;
    } else if (test?.(text[at] as string)) {
      part++;
      at++;
    } else if (star >= 0) {
      part = star + 1;
      at = ++mark;
    } else return false;
  }
  return parts.slice(part).every((test) => test === STAR);
}

type Test = (char: string) => boolean;

const STAR: Test = () => true;

function partsOf(pattern: string): Test[] {
  const chars = [...pattern];
  const parts: Test[] = [];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] as string;
    if (char === '*') parts.push(STAR);
    else if (char === '?') parts.push(() => true);
    else if (char === '[' && setEnd(chars, i) > 0) {
      const end = setEnd(chars, i);
      parts.push(setTest(chars.slice(i + 1, end)));
      i = end;
    } else {
      const literal = char === '\\' && i + 1 < chars.length ? (chars[++i] as string) : char;
      parts.push((other) => other === literal);
    }
  }
  return parts;
}

/** The index of the bracket that ends a set; -1 where there is none, and [ is a character like others. */
function setEnd(chars: readonly string[], start: number): number {
  const first = chars[start + 1] === '!' || chars[start + 1] === '^' ? start + 2 : start + 1;
  // a bracket that comes first is in the set
  return chars.indexOf(']', first + 1);
}

function setTest(inside: readonly string[]): Test {
  const negated = inside[0] === '!' || inside[0] === '^';
  const chars = negated ? inside.slice(1) : inside;
  const ranges: [string, string][] = [];
  for (let i = 0; i < chars.length; i++) {
    const from = chars[i] as string;
    const isRange = chars[i + 1] === '-' && i + 2 < chars.length;
    ranges.push([from, isRange ? (chars[i + 2] as string) : from]);
    if (isRange) i += 2;
  }
  return (char) => ranges.some(([from, to]) => from <= char && char <= to) !== negated;
}
