/** How many items of a long list a message names; the JSON form of an error has all of them. */
const MOST_NAMED = 4;

/** The part of `items` that a message names: all, or the first and how many more there are. */
export function listed(items: readonly string[], separator = ', '): string {
  if (items.length <= MOST_NAMED) return items.join(separator);
  return `${items.slice(0, MOST_NAMED).join(separator)}${separator}and ${items.length - MOST_NAMED} more`;
}
