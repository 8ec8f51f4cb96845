/** Words that one of docs/glossary.md replaces, or that plain English does without. */
export interface Word {
  readonly word: RegExp;
  readonly say: string;
}

export const WORDS: readonly Word[] = [
  { word: /\bdevice[ -]?index\b/i, say: 'daxdev' },
  { word: /\bfile map\b/i, say: 'fmap' },
  { word: /\blog record\b/i, say: 'log entry' },
  { word: /\bmaster node\b|\bleader\b/i, say: 'Master' },
  { word: /\bslave\b|\bfollower host\b/i, say: 'Client' },
  { word: /\bbackup (file|image)\b/i, say: 'undo image' },
  { word: /\bstripe count\b|\bstrip size\b/i, say: 'stripes, chunk or strip' },
  { word: /\banew\b/i, say: 'again' },
  { word: /\bbehind\b/i, say: 'after, beyond, under' },
  { word: /\bfrom (here|there|now|then|it|byte \d+|slot \d+|\d+|[A-Z]+) on\b/, say: 'starting at' },
  { word: /\b(is|are|was|were|be) told\b/i, say: 'gets, sees, knows' },
  { word: /\bfor ever\b/i, say: 'without end, never' },
  { word: /\bno UTF-8\b/, say: 'not UTF-8' },
];
