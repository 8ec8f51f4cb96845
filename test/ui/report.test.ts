import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interrupted, UsageError } from '../../src/ui/errors.js';
import { type ReportOptions, reportError, reportWarning } from '../../src/ui/report.js';

const text: ReportOptions = {
  label: 'famfs creat',
  command: 'creat',
  json: false,
  colour: false,
  debug: false,
  debugVariable: 'FAMFS_DEBUG',
};
const json = { ...text, json: true };

const noSpace = Object.assign(
  new Error('no room for 2 GiB', { cause: Object.assign(new Error('deep'), { code: 'EIO' }) }),
  {
    code: 'NO_SPACE',
    hint: 'make it smaller',
    details: { wanted: 2 ** 31, code: 'not this' },
  },
);

test('a reported error is one line: what, why, what to do', () => {
  assert.equal(reportError(noSpace, text), 'famfs creat: no room for 2 GiB: deep; make it smaller\n');
  assert.equal(reportError(new UsageError('a', 'b'), text), 'famfs creat: a; b\n');
  assert.equal(reportError(new Interrupted('SIGINT'), text), 'famfs creat: interrupted by SIGINT\n');
});

test('a cause that the message quotes is not repeated', () => {
  const error = Object.assign(new Error('cannot open: gone', { cause: new Error('gone') }), { code: 'X' });
  assert.equal(reportError(error, text), 'famfs creat: cannot open: gone\n');
});

test('where colour is wanted, it is on what a line begins with', () => {
  const colour = { ...text, colour: true };
  assert.equal(reportError(new UsageError('a\x1b', 'b'), colour), '\x1b[31mfamfs creat:\x1b[39m a\\x1b; b\n');
  assert.equal(reportWarning('W', 'w\x1b', colour), 'famfs creat: \x1b[33mwarning:\x1b[39m w\\x1b\n');
  assert.ok(!reportError(noSpace, { ...json, colour: true }).includes('\x1b'));
});

test('untrusted text in messages does not reach the terminal raw', () => {
  const line = reportError(new UsageError('bad \x1b]0;owned\x07 name\nfamfs: all is well'), text);
  assert.equal(line, 'famfs creat: bad \\x1b]0;owned\\x07 name\\nfamfs: all is well\n');
  assert.equal(reportWarning('W', '\x1b', text), 'famfs creat: warning: \\x1b\n');
});

test('an unexpected error is called a bug, with its stack only on demand', () => {
  for (const error of [new TypeError('x is not a function'), Object.assign(new Error('y'), { code: 'ERR_INTERNAL' })]) {
    const line = reportError(error, text);
    assert.match(line, /^famfs creat: internal error: .*this is a bug.*FAMFS_DEBUG=1.*\n$/);
    assert.match(reportError(error, { ...text, debug: true }), /report\.test/);
  }
  assert.match(reportError('thrown text', text), /internal error: thrown text/);
});

test('in JSON mode an error is one object on a line', () => {
  const line = reportError(noSpace, json);
  assert.equal(line.trim().split('\n').length, 1);
  assert.deepEqual(JSON.parse(line), {
    error: {
      code: 'NO_SPACE',
      message: 'no room for 2 GiB',
      hint: 'make it smaller',
      command: 'creat',
      wanted: 2 ** 31,
      causes: [{ code: 'EIO', message: 'deep' }],
    },
  });
  assert.equal(JSON.parse(reportError(new RangeError('z'), json)).error.code, 'INTERNAL');
});

test('fields of system errors are in the object', () => {
  const error = Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open', path: '/x', errno: -2 });
  const { error: object } = JSON.parse(reportError(error, json));
  assert.deepEqual([object.code, object.path, object.syscall], ['ENOENT', '/x', 'open']);
});

test('a warning is a line, or an object on a line', () => {
  assert.equal(reportWarning('SMALL_DEVICE', 'it is small', text), 'famfs creat: warning: it is small\n');
  assert.deepEqual(JSON.parse(reportWarning('SMALL_DEVICE', 'it is small', json)), {
    warning: { code: 'SMALL_DEVICE', message: 'it is small', command: 'creat' },
  });
});

test('a circular chain of causes ends', () => {
  const error = Object.assign(new Error('a'), { code: 'A' });
  error.cause = error;
  assert.equal(reportError(error, text), 'famfs creat: a\n');
});
