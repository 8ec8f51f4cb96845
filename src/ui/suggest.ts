import yargs from 'yargs';

/**
 * The candidate that `word` is probably a typing mistake for, if yargs recommends a similar one. (For short words, yargs alone
 * would recommend any: `ls` for `rm`.)
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const names = [...candidates].filter((name) => resemble(word, name));
  let recommended: string | undefined;
  const recommender = yargs([], '/')
    .help(false)
    .version(false)
    .exitProcess(false)
    .updateStrings({ 'Did you mean %s?': '%s' })
    .recommendCommands()
    .fail((message) => {
      recommended = message;
    });
  for (const name of names) recommender.command(name, false);
  recommender.parseSync([word]);
  return recommended;
}

/** Whether more than half of the letters are the same, in any order. */
function resemble(word: string, other: string): boolean {
  const longer = Math.max(word.length, other.length);
  if (word.startsWith('-') || longer - Math.min(word.length, other.length) > 3) return false;
  let rest = other;
  for (const letter of word) rest = rest.replace(letter, '');
  return 2 * (other.length - rest.length) > longer;
}
