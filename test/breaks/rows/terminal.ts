import { type Break, breaksOf } from '../break.js';

/** What people type and see. */
export const terminalBreaks: readonly Break[] = [
  ...breaksOf('src/ui/suggest.ts', [
    {
      from: 'return 2 * (other.length - rest.length) > longer;',
      to: 'return true;',
      why: 'a command that has nothing in common with the word is suggested',
      killer: 'ui/suggest',
    },
  ]),
  ...breaksOf('src/ui/units.ts', [
    {
      from: "digits === '1024'",
      to: "digits === '1025'",
      why: '1023.9 KiB is shown as 1024K',
      killer: 'ui/size',
    },
  ]),
  ...breaksOf('src/ui/size.ts', [
    {
      from: 'scaled % divisor !== 0n',
      to: 'scaled % divisor < 0n',
      why: 'a size that is no whole number of bytes is rounded without a word',
      killer: 'ui/size',
    },
    {
      from: 'bytes > BigInt(Number.MAX_SAFE_INTEGER)',
      to: 'bytes < 0n',
      why: 'a size over 2^53 is accepted, and rounded',
      killer: 'ui/size',
    },
  ]),
  ...breaksOf('src/ui/text.ts', [
    {
      from: 'return wide.test(char) ? 2 : 1;',
      to: 'return 1;',
      why: 'columns with Chinese names do not line up',
      killer: 'ui/text',
    },
    {
      from: 'if (code >= 0xdc80 && code <= 0xdcff)',
      to: 'if (code > 0xdc80 && code < 0xdc80)',
      why: 'bytes that are not UTF-8 are shown as surrogates that nobody can type',
      killer: 'ui/text',
    },
  ]),
  ...breaksOf('src/ui/style.ts', [
    {
      from: 'if (env.NO_COLOR) return false;',
      to: '',
      why: 'NO_COLOR is ignored',
      killer: 'ui/text',
    },
  ]),
  ...breaksOf('src/ui/table.ts', [
    {
      from: 'count <= MOST_BORDERED && ',
      to: '',
      why: 'a table of a million rows is kept in memory to draw its borders',
      killer: 'ui/table',
    },
    {
      from: "return align === 'right' ? gap + painted : painted + gap;",
      to: 'return painted + gap;',
      why: 'numbers are aligned to the left',
      killer: 'ui/table',
    },
  ]),
  ...breaksOf('src/ui/json.ts', [
    {
      from: '.filter(([, value]) => value !== undefined)',
      to: '',
      why: 'a field without a value makes a document that is no JSON',
      killer: 'ui/json',
    },
  ]),
  ...breaksOf('src/ui/values.ts', [
    {
      from: 'if (max !== undefined && number > max)',
      to: 'if (max === number && number > max)',
      why: 'a number over the greatest that is allowed is accepted',
      killer: 'ui/parse',
    },
    {
      from: 'if (!(mode <= 0o7777))',
      to: 'if (Number.isNaN(mode))',
      why: 'bits beyond those of a mode are accepted',
      killer: 'ui/parse',
    },
  ]),
  ...breaksOf('src/ui/report.ts', [
    {
      from: 'options.debug && !isReported(error) ? stackLines(error) : []',
      to: 'stackLines(error)',
      why: 'every error comes with its stack',
      killer: 'ui/report',
    },
  ]),
  ...breaksOf('src/ui/hexDump.ts', [
    {
      from: 'byte >= 0x20 && byte < 0x7f ? byte : DOT',
      to: 'byte',
      why: 'bytes of a daxdev control the terminal',
      killer: 'ui/hexDump',
    },
    {
      from: 'if (count < PER_LINE) LINE.fill(BLANK, groups);',
      to: '',
      why: 'the last line of a dump ends with bytes of the line before it',
      killer: 'ui/hexDump',
    },
  ]),
  ...breaksOf('src/ui/optionValues.ts', [
    {
      from: 'if (texts.length > 1)',
      to: 'if (texts.length > 2)',
      why: 'of an option that is given twice, one value is ignored',
      killer: 'ui/parse',
    },
  ]),
  ...breaksOf('src/ui/output.ts', [
    {
      from: 'return isSafe(line) ? line : showCodes(escapeText(line));',
      to: 'return line;',
      why: 'names control the terminal',
      killer: 'ui/output',
    },
    {
      from: "error.code === 'EPIPE'",
      to: "error.code === 'ENOSPC'",
      why: 'famfs ls | head ends with an error, and a full disk does not',
      killer: 'ui/output',
    },
  ]),
  ...breaksOf('src/ui/help.ts', [
    {
      from: 'return required ? word :',
      to: 'return word ? word :',
      why: 'help calls every argument required',
      killer: 'ui/help',
    },
  ]),
  ...breaksOf('src/ui/registry.ts', [
    {
      from: 'Object.hasOwn(commands, name) ? commands[name] : undefined;',
      to: 'commands[name];',
      why: 'famfs constructor is an internal error',
      killer: 'ui/run',
    },
  ]),
  ...breaksOf('src/ui/parse.ts', [
    {
      from: 'args.some((arg) => arg.repeat) ? Number.POSITIVE_INFINITY : args.length;',
      to: 'args.length;',
      why: 'a command that takes several files takes only one',
      killer: 'ui/parse',
    },
  ]),
  ...breaksOf('src/ui/run.ts', [
    {
      from: 'if (error instanceof Interrupted) return error.exitCode;',
      to: '',
      why: 'a command that a signal ended has the exit code of a failure',
      killer: 'ui/run',
    },
  ]),
];
