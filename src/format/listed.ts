/** How many of a long list a message names; the JSON form of an error has them all. */
const MOST_NAMED = 4;

/** What a message names of `items`: all, or the first of many and how many more there are. */
export function listed(items: readonly string[], separator = ', '): string {
  if (items.length <= MOST_NAMED) return items.join(separator);
  return `${items.slice(0, MOST_NAMED).join(separator)}${separator}and ${items.length - MOST_NAMED} more`;
}
