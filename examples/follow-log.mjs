// Prints the log, and then each entry that any host appends, until Ctrl-C: node follow-log.mjs DEV...
import { openFamfs } from 'famfs';

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

const fs = await openFamfs(process.argv.slice(2));
try {
  for (const entry of fs.log()) print(entry);
  for await (const entry of fs.follow({ signal: stop.signal })) print(entry);
} catch (error) {
  if (!stop.signal.aborted) throw error;
} finally {
  fs.close();
}

function print({ slot, type, ...entry }) {
  const what = 'path' in entry ? entry.path : `daxdev ${entry.daxdev}`;
  console.log(`${slot} ${type ?? 'unreadable'} ${what}`);
}
