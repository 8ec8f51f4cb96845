import type { Style } from './command.js';
import { escapeText } from './text.js';

/**
 * Stands for ESC between a style function and the writer. Text from media cannot contain it, because each process draws its own;
 * so the writer can escape a whole line and still pass our own colours.
 */
const MARK = `\ue000${Math.random().toString(36).slice(2)}\ue000`;

const same = (text: string) => text;

export const PLAIN: Style = { bold: same, dim: same, red: same, green: same, yellow: same, blue: same, cyan: same };

/** Style functions that colour; chalk is loaded only here. */
export async function colourStyle(): Promise<Style> {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  const names = Object.keys(PLAIN) as (keyof Style)[];
  const paint = (name: keyof Style) => (text: string) => hideCodes(chalk[name](escapeText(text)));
  return Object.fromEntries(names.map((name) => [name, paint(name)])) as unknown as Style;
}

/** Replaces our marks by terminal codes, and nothing else. */
export function showCodes(text: string): string {
  return text.replaceAll(MARK, '\x1b');
}

/** Replaces terminal codes by marks, in text that contains only our own, so that it can pass the writer. */
export function hideCodes(text: string): string {
  return text.replaceAll('\x1b', MARK);
}

export type ColourChoice = 'auto' | 'always' | 'never';

/** Whether to colour, by --color, https://no-color.org and the terminal. */
export function wantsColour(
  choice: ColourChoice,
  terminal: boolean,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (env.NO_COLOR) return false;
  // as Node.js reads it: 0 and false turn colour off, anything else turns it on
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR);
  return terminal && env.TERM !== 'dumb';
}
