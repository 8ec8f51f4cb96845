// Places in compiled files as places in their sources. Only what is shown is looked up: with --enable-source-maps every
// process would read the map of each module that it loads.
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { Transform } from 'node:stream';

const PLACE = /(?:file:\/\/)?((?:\/[^\s():]*\/)?out\/[^\s():]+\.js):(\d+):(\d+)/g;
const maps = new Map();

/** A stream of text in which each place in a compiled file becomes the one in its source. */
export function sourcePlaces() {
  return new Transform({
    transform(chunk, _encoding, done) {
      done(null, String(chunk).replace(PLACE, sourcePlace));
    },
  });
}

function sourcePlace(place, file, line, column) {
  if (!maps.has(file)) maps.set(file, existsSync(`${file}.map`) ? mapOf(file) : undefined);
  const entry = maps.get(file)?.findEntry(Number(line) - 1, Number(column) - 1);
  if (entry?.originalSource === undefined) return place;
  return `${resolve(dirname(file), entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}

function mapOf(file) {
  return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
}
