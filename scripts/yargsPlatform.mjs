// What yargs asks of its platform: the build puts this in the place of yargs' own, which costs start-up a third of what
// node itself takes. That one makes a stream of standard output to learn its width, looks for a package.json and for
// files of translations, loads node's assert, and asks for the working directory, which may be gone.
import { inspect } from 'node:util';
import Parser from 'yargs-parser';

const strings = {};

function fill(text, values) {
  return values.reduce((filled, value) => filled.replace('%s', () => value), text);
}

export default {
  assert: {
    strictEqual(left, right, message) {
      if (!Object.is(left, right)) throw new Error(message);
    },
    notStrictEqual(left, right, message) {
      if (Object.is(left, right)) throw new Error(message);
    },
  },
  // only help needs it
  cliui: (options) => require('cliui').default(options),
  inspect,
  Parser,
  stringWidth: (text) => require('string-width')(text),
  getEnv: (name) => process.env[name],
  getProcessArgvBin: () => process.argv[1],
  // of its package.json, yargs wants the version, which we print ourselves
  mainFilename: '/',
  findUp: () => undefined,
  readFileSync: () => '',
  path: {
    basename: (path) => path.slice(path.lastIndexOf('/') + 1),
    dirname: () => '/',
    extname: () => '',
    relative: (_from, to) => to,
  },
  process: {
    argv: () => process.argv,
    cwd: () => '/',
    emitWarning: (warning, type) => process.emitWarning(warning, type),
    execPath: () => process.execPath,
    nextTick: process.nextTick,
    stdColumns: null,
  },
  y18n: {
    __: (text, ...values) => fill(strings[text] ?? text, values),
    __n: (one, other, count, ...values) => fill(count === 1 ? one : other, values),
    getLocale: () => 'en_US',
    setLocale: () => {},
    updateLocale: (changed) => Object.assign(strings, changed),
  },
};
